"""Sent as text into every kernel, before any code of a lesson: mends ipykernel's streams, then puts the bundle in.

Standard library only, Python 3.10 or newer; nothing of tutor but what the bundle brings. Whatever ipykernel's streams lack of what
is used here, they stay as they are: the mends are for comfort, and ipykernel may change.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import sys
import threading
import time
from typing import Any

CHUNK = 1 << 20
"""Characters of output after which the kernel sends them. It gathers for a fifth of a second, which can be 100 MB, and whoever
reads such a message holds it three times."""
READ = 1 << 16
PATIENCE = 0.05
"""Seconds that the end of a request waits for what programs wrote."""


def set_up(bundle: str) -> None:
    harness = sys.modules.get("tutor.harness.kernel")
    if harness is not None and str(getattr(harness, "__file__", "")).startswith(bundle + os.sep):
        harness.tell()  # an earlier tutor has set this kernel up
        return
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError):
            send_in_chunks(stream)
        with contextlib.suppress(AttributeError, OSError):
            Watch(stream).take_over()
    sys.path[:] = [bundle, *(entry for entry in sys.path if entry != bundle)]
    for name in [name for name in sys.modules if name == "tutor" or name.startswith("tutor.")]:
        origin = getattr(sys.modules[name], "__file__", None) or ""
        if not origin.startswith(bundle + os.sep):
            del sys.modules[name]
    import tutor.harness  # noqa: PLC0415 - they are there only now
    from tutor.kit import torchvision_schemas  # noqa: PLC0415
    from tutor.kit.devices import hardware  # noqa: PLC0415

    tutor.harness.install(hardware)
    torchvision_schemas.watch()


def send_in_chunks(stream: Any) -> None:
    # Not by way of `write`: IPython puts that back at the end of the cell.
    schedule, buffers = stream._schedule_flush, "_buffers"  # noqa: SLF001
    getattr(stream, buffers)

    def schedule_or_flush() -> None:
        schedule()
        with contextlib.suppress(ValueError):  # it is being sent, and closed
            for buffer in list(getattr(stream, buffers).values()):
                if buffer.tell() >= CHUNK:
                    stream.flush()

    stream._schedule_flush = schedule_or_flush  # noqa: SLF001


class Watch:
    """Reads what programs write to descriptor 1 or 2, in place of ipykernel's own thread.

    That thread repeats everything into the log, cuts characters in two, and can hold text that it has read while the request ends,
    so that the text comes too late for it.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._pipe: int = stream._fid  # noqa: SLF001
        self._thread: threading.Thread = stream.watch_fd_thread
        self._descriptor: int = stream._original_stdstream_fd  # noqa: SLF001
        self._reading = threading.Lock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def take_over(self) -> None:
        self._stream._should_watch = False  # noqa: SLF001
        os.write(self._descriptor, b"\0")  # wakes it, and it sees that it is not wanted
        self._thread.join()
        # `fileno()`, for programs whose stdout is set to `sys.stdout`: shown like what other programs print.
        self._stream._original_stdstream_copy = self._descriptor  # noqa: SLF001
        self._stream.watch_fd_thread = threading.Thread(target=self._watch, daemon=True)
        self._stream.watch_fd_thread.start()
        # Looked up, not imported: whoever runs this outside a kernel has none.
        sys.modules["IPython"].get_ipython().events.register("post_execute", self.settle)

    def _watch(self) -> None:
        while True:
            select.select([self._pipe], [], [])
            with self._reading:
                data = os.read(self._pipe, READ)
                if not data:
                    return
                text = self._decoder.decode(data)
                with contextlib.suppress(ValueError):  # closed; programs must not block on a full pipe for that
                    self._stream.write(text)

    def settle(self) -> None:
        """What programs have written belongs to the cell that now ends; one that writes without end is not waited for."""
        limit = time.monotonic() + PATIENCE
        while select.select([self._pipe], [], [], 0)[0] and time.monotonic() < limit:
            time.sleep(0.0005)
        if self._reading.acquire(timeout=PATIENCE):
            self._reading.release()
