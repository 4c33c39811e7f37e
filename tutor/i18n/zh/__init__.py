"""The words of tutor in this language, a module a room."""
