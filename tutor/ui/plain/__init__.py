"""The conversation without a screen: the same session, line by line, for screen readers, dumb terminals and pipes.

Uses the same `Host` and the same entries as the screen, and no Textual.
"""
