"""What keeps the screen whole: stray writes, broken mouse reports and bytes that are no text never reach it, and a crash ends in a message that helps."""
