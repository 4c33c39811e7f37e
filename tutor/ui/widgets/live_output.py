"""The output of running code: asks the log for its newest state at the screen's own pace and is never fed."""

from __future__ import annotations

import sys

from textual.geometry import Size
from textual.timer import Timer

from tutor.i18n import Words
from tutor.runtime.base import OutputLog
from tutor.ui.blocks import BlockKind
from tutor.ui.layout import Row
from tutor.ui.lines import OutputSource
from tutor.ui.output import LIVE_LINES, OutputLines, live_blocks
from tutor.ui.widgets.message import Message

POLLS_PER_SECOND = 20
FAR_BEHIND = 1 << 13
"""Characters: when more than this came since the last look, only so many of the newest are drawn. More than any screen shows."""
SLICE = 0.004
"""Seconds of one look that go into counting lines; a flood is caught up with later."""


class LiveOutput(Message):
    """The newest lines, until the entry with the finished output takes its place."""

    def __init__(self, output: OutputLog, words: Words) -> None:
        super().__init__((), classes="output")
        self.output = output
        self.source = OutputSource(output)
        """All lines, for the pager."""
        self._words = words
        self._cursor = 0
        self._held = OutputLines(words)
        self._has_skipped = False
        """Not all lines were held: the source has their number."""
        self._tallest = 0
        """Rows so far: what stands below does not move up when a progress bar goes away."""
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        self._timer = self.set_interval(1 / POLLS_PER_SECOND, self.poll)
        self.poll()

    def poll(self) -> None:
        """Look at the log once."""
        has_counted = self.source.look(SLICE)
        end = self.output.end
        if end == self._cursor and not (has_counted and self._has_skipped):
            return
        if end - self._cursor > FAR_BEHIND:
            self._has_skipped = True
            self._cursor = end - FAR_BEHIND
            self._held.skip()
        outputs, self._cursor = self.output.read(self._cursor, sys.maxsize)
        self._held.feed(outputs)
        self.show(live_blocks(self._held, self._words, self.source.count if self._has_skipped else 0))

    def rows(self, width: int) -> list[Row]:
        """While it runs, lines that are longer than the screen is wide take no more room than others."""
        if self._laid_out[0] != width:
            rows = super().rows(width)
            if self._timer is not None and self.blocks and self.blocks[-1].kind is BlockKind.LITERAL:
                last = len(self.blocks) - 1
                others = [row for row in rows if row.block != last]
                rows = others + [row for row in rows if row.block == last][-LIVE_LINES:]
            self._laid_out = (width, rows)
        return self._laid_out[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        height = super().get_content_height(container, viewport, width)
        if self._timer is not None:
            self._tallest = height = max(height, self._tallest)
        return height

    def finish(self) -> None:
        """The code has ended; nothing more will come."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.poll()
        self.refresh(layout=True)
