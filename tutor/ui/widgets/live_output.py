"""The output of running code: asks the log for its newest state at the screen's own pace and is never fed."""

from __future__ import annotations

from textual.timer import Timer

from tutor.i18n import Words
from tutor.runtime.base import OutputLog
from tutor.ui.output import OutputLines, live_blocks
from tutor.ui.widgets.message import Message

POLLS_PER_SECOND = 20
FAR_BEHIND = 1 << 17
"""Characters: when more than this came since the last look, only the newest are read."""
NEWEST = 1 << 14
"""Characters that are read then: more than any screen shows."""


class LiveOutput(Message):
    """The newest lines, until the entry with the finished output takes its place."""

    def __init__(self, log: OutputLog, words: Words) -> None:
        super().__init__((), classes="output")
        self._log = log
        self._words = words
        self._cursor = 0
        self._seen = 0
        self._held = OutputLines()
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        self.poll()
        self._timer = self.set_interval(1 / POLLS_PER_SECOND, self.poll)

    def poll(self) -> None:
        """Look at the log once."""
        if self._log.end == self._cursor:
            return
        behind = self._log.size - self._seen
        if behind > FAR_BEHIND:
            self._cursor, self._seen = self._log.end, self._log.size
            _, _, newest = self._log.ends(NEWEST)
            self._held.clear()
            self._held.feed(newest)
        else:
            outputs, self._cursor = self._log.read(self._cursor, FAR_BEHIND)
            self._seen = self._log.size
            self._held.feed(outputs)
        self.show(live_blocks(self._held, self._words))

    def finish(self) -> None:
        """The code has ended; nothing more will come."""
        if self._timer is not None:
            self._timer.stop()
        self.poll()
