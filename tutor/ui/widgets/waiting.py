"""What is waited for, and for how long already: a sign of life beside which nothing else stands still."""

from __future__ import annotations

from time import monotonic

from textual.content import Content
from textual.geometry import Size
from textual.timer import Timer
from textual.widget import Widget

from tutor.ui.look import style_of

TURNS = "|/-\\"
AT_FIRST = 2.0
"""Seconds that are not counted aloud."""


class Waiting(Widget):
    """Takes no room while nothing is waited for."""

    DEFAULT_CSS = """
    Waiting {
        height: auto;
        text-wrap: nowrap;
        display: none;
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._said = ""
        self._began = 0.0
        self._timer: Timer | None = None

    def begin(self, said: str) -> None:
        """Something is waited for from now on."""
        self._said, self._began = said, monotonic()
        self.display = True
        if self._timer is None:
            self._timer = self.set_interval(1 / 4, self.refresh)
        self._timer.resume()
        self.refresh(layout=True)

    def end(self) -> None:
        """It has come, or nobody waits for it any more."""
        self.display = False
        if self._timer is not None:
            self._timer.pause()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render(self) -> Content:
        seconds = monotonic() - self._began
        turn = TURNS[int(seconds * 4) % len(TURNS)]
        clock = f"  {int(seconds) // 60}:{int(seconds) % 60:02}" if seconds >= AT_FIRST else ""
        line = Content.assemble((f"{turn} ", style_of("running")), self._said, (clock, style_of("muted")))
        return line.truncate(self.content_size.width, ellipsis=True)
