"""Lets an interrupt reach code that awaits.

ipykernel (7.4, measured) answers SIGINT there by queueing a callback, which does not wake an event loop that waits for its next event:
the interrupt was lost until something else happened.
"""

from __future__ import annotations

import asyncio
import signal
import socket


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
