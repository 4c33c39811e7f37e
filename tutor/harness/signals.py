"""When an interrupt arrives: also where code awaits, and not in the midst of what must be whole.

ipykernel (7.4, measured) answers SIGINT in code that awaits by queueing a callback, which does not wake an event loop that waits for its
next event: the interrupt was lost until something else happened.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from typing import Any


def wake_loop() -> tuple[socket.socket, socket.socket] | None:
    """Make every signal an event of the running loop. The sockets must be kept as long as that shall work."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # a kernel without one has no code that awaits
        return None
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    if before != -1:  # somebody else's, who wakes the loop already
        signal.set_wakeup_fd(before)
        reading.close()
        writing.close()
        return None
    loop.add_reader(reading, reading.recv, 4096)
    return reading, writing


class HeldBack:
    """Interrupts wait from here on until `let_through`. In another thread than the main one, where none arrive, it does nothing."""

    def __init__(self) -> None:
        self._came = False
        self._before: Any = None
        with contextlib.suppress(ValueError):  # another thread
            self._before = signal.signal(signal.SIGINT, self._remember)

    def _remember(self, *_: object) -> None:
        self._came = True

    def let_through(self) -> None:
        """Raises: KeyboardInterrupt: one came meanwhile."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        if self._came:
            raise KeyboardInterrupt
