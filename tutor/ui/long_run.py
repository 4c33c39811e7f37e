"""When a run that took long has ended, and the learner may be elsewhere meanwhile. Pure."""

from __future__ import annotations

LONG = 20.0
"""Seconds. Whoever waits for less is still there."""


class LongRun:
    """Follows whether code runs."""

    def __init__(self) -> None:
        self._began: float | None = None

    def ended(self, now: float, *, running: bool) -> bool:
        """Whether a long run has ended just now. Args: `running`: code runs at the moment `now`, in seconds of a monotonic clock."""
        if running:
            self._began = now if self._began is None else self._began
            return False
        began, self._began = self._began, None
        return began is not None and now - began > LONG
