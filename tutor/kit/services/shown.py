"""How far a transfer is, where that is worth a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tutor.kit.live import Progress

QUIET_BYTES = 1_000_000
"""A smaller file is there before anybody has read the line."""
MEGABYTE = 1e6


@contextmanager
def shown(title: str, size: int | None, past: int = 0) -> Iterator[Callable[[int], None]]:
    """Show it as long as this lasts; what is given takes the bytes that are done.

    Args:
        size: None if nobody knows.
        past: bytes that an earlier run has done.
    """
    if size is not None and size < QUIET_BYTES:
        yield lambda _: None
        return
    total = None if size is None else round(size / MEGABYTE, 1)
    with Progress(total, unit="MB", title=title, past=round(past / MEGABYTE, 1)) as live:
        yield lambda done: live.update(round(done / MEGABYTE, 1))
