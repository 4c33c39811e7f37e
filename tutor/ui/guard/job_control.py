"""A stop by the shell (`kill -TSTP`) gives the terminal back between two turns of the event loop, never in the midst of one.

Textual does it in the signal's handler. That runs wherever Python is, also while text is being put on the queue to the terminal, whose
lock is held then; what it has to write itself waits for that lock for ever, and the tutor hangs instead of stopping.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

JOB_SIGNALS = (signal.SIGTSTP, signal.SIGCONT)


def wait_for_the_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Have the loop call what handles these signals now."""
    for number in JOB_SIGNALS:
        handler = signal.getsignal(number)
        if callable(handler):  # a driver without a terminal sets none
            loop.add_signal_handler(number, handler, number, None)


@contextmanager
def as_usual() -> Iterator[None]:
    """While another program has the terminal and the loop stands still, a stop is a plain stop: of that program and of the tutor."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in JOB_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
