"""What keeps the screen whole: stray writes and broken mouse reports never reach it, and a crash ends in a message that helps."""
