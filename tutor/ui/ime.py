"""Input methods: the Enter that accepts a candidate is no Enter. Pure.

What reaches a program in a terminal: the composition is drawn by the terminal (or the desktop) itself, and the accepted text arrives as
ordinary characters, in some terminals as a bracketed paste. The Enter that accepted it is kept back by most. Those that let it through
(measured with Textual's parser, whose events carry the time at which they were parsed) send it in the same write as the text, so that both
are parsed within a millisecond; a finger needs fifty at least. So: an Enter within `TOGETHER` seconds of wide text belongs to that text.
The cost is small: where a slow line glues a real Enter to the text before it, it has to be pressed once more.
"""

from __future__ import annotations

import unicodedata

TOGETHER = 0.01
"""Seconds. Longer than one read takes to parse on a busy machine, shorter than any two key presses."""


def is_composed(text: str | None) -> bool:
    """Whether text comes from an input method: it ends with a wide character."""
    return bool(text) and unicodedata.east_asian_width(str(text)[-1]) in ("W", "F")


class Composition:
    """Follows what is typed in one place."""

    def __init__(self) -> None:
        self._accepted_at = float("-inf")

    def note(self, text: str | None, time: float) -> None:
        """Text came at that time, by key or by paste."""
        if is_composed(text):
            self._accepted_at = time

    def ends_at(self, time: float) -> bool:
        """Whether an Enter at that time only accepted a candidate."""
        return time - self._accepted_at < TOGETHER
