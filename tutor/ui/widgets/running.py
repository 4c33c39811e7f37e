"""What the step card says while code runs: since when, and how to stop it."""

from __future__ import annotations

from time import monotonic

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.i18n import Words
from tutor.ui.look import style_of
from tutor.ui.widgets.face import Face

TURNS = "|/-\\"
NEAR = 1 / 2
"""Share of the time limit after which it is said."""


class Clock(Widget):
    """A sign of life with the seconds so far."""

    DEFAULT_CSS = """
    Clock {
        height: 1;
    }
    """

    def __init__(self, words: Words, limit: int) -> None:
        """Args: `limit`: seconds after which the code is stopped; said once they are in sight."""
        super().__init__(markup=False)
        self._words = words
        self._limit = limit
        self._began = monotonic()

    def on_mount(self) -> None:
        self.set_interval(1 / 4, self.refresh)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render(self) -> Content:
        seconds = monotonic() - self._began
        turn = TURNS[int(seconds * 4) % len(TURNS)]
        near = seconds > self._limit * NEAR
        key = "step.running_limit" if near else "ui.running"
        said = self._words(key, seconds=f"{seconds:.0f}", limit=self._limit)
        return Content.assemble((f"{turn} ", style_of("running")), (said, style_of("muted")))


class Running(Face):
    """The face of a running step."""

    def __init__(self, words: Words, limit: int) -> None:
        super().__init__(Clock(words, limit))
