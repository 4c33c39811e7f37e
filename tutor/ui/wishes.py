"""What the screen does by itself, without asking the session. Imports nothing of tutor: the first paint needs it."""

from __future__ import annotations

from enum import StrEnum


class Wish(StrEnum):
    """A request to the screen."""

    EDIT = "edit"
    ANSWER = "answer"
    COPY = "copy"
    RESET = "reset"
    """Back to the lesson's own code."""
    HELP = "help"
    LESSONS = "lessons"
    QUIT = "quit"
    LESSON = "lesson"
    LANGUAGE = "lang"
    THEME = "theme"
    LEAVE = "leave"
    SEND = "send"
    NEW_LINE = "new_line"
    OPEN = "open"
    """The lesson or step under the cursor of the list."""
    READ_ON = "read_on"
    SUGGESTED = "suggested"
    """Whatever is lit."""
    WAIT = "wait"
    """A chip of the snapshot: it can be read, and chosen as soon as there is a session."""


NEVER_TYPED = frozenset({Wish.LEAVE, Wish.SEND, Wish.NEW_LINE, Wish.OPEN, Wish.READ_ON, Wish.SUGGESTED, Wish.WAIT})
"""They stand in the action row; typed, they would mean nothing."""
