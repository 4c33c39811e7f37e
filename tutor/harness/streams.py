"""What the code prints: kept for `result.text`, and given to the step whose code printed it.

The kernel labels output with the request that runs *now*. A thread that outlives its step would so print into a later one; here
each write is traced back to the request that started it, by context (tasks, `to_thread`) or by thread.
"""

from __future__ import annotations

import contextvars
import io
import select
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from tutor.harness import LATE_MIME

MIB = 1 << 20
LATE_DELAY = 0.1
"""Seconds in which late text is gathered into one message; a message for each write would flood the front end."""
SETTLE_LIMIT = 0.05
POOL_MODULES = ("concurrent.futures.thread", "multiprocessing.pool")
"""Their threads work for whoever hands them work, not for the step that first needed the pool."""

Publish = Callable[[str, object, "dict[str, Any]"], None]


class Capture:
    """Text as it comes; of very long text the first and the last MiB."""

    __slots__ = ("_head", "_room", "_size", "_tail")

    def __init__(self) -> None:
        self._head = io.StringIO()
        self._room = MIB
        self._tail = io.StringIO()
        self._size = 0

    def add(self, text: str) -> None:
        if self._room > 0:
            self._head.write(text[: self._room])
            text = text[self._room :] if len(text) > self._room else ""
            self._room = MIB - self._head.tell()
        if text:
            self._tail.write(text)
            self._size += len(text)
            if self._size > 4 * MIB:
                last = self._tail.getvalue()[-MIB:]
                self._tail = io.StringIO()
                self._tail.write(last)
                self._size = len(last)

    def text(self) -> str:
        return self._head.getvalue() + (self._tail.getvalue()[-MIB:] if self._size else "")


class Source:
    """One request, as the origin of output."""

    __slots__ = ("__weakref__", "capture", "is_muted", "is_tutored", "parent", "step")

    def __init__(self, step: str, parent: dict[str, Any], *, is_tutored: bool = True, is_muted: bool = False) -> None:
        self.step = step
        self.parent = parent
        """The request message, for the header of what is published late."""
        self.is_tutored = is_tutored
        """False for requests of other front ends, whose output is left as it is."""
        self.is_muted = is_muted
        """What checks print is dropped."""
        self.capture: Capture | None = None


_OWNER: contextvars.ContextVar[Source | None] = contextvars.ContextVar("tutor_owner", default=None)


class Streams:
    """The kernel's stdout and stderr with a tee in front of `write`."""

    def __init__(self, publish: Publish) -> None:
        self.stdout: Any = sys.stdout
        self.stderr: Any = sys.stderr
        self._publish = publish
        self.tells_late = True
        """Somebody reads `LATE_MIME` messages; in a notebook late output is shown where it comes."""
        self._current: Source | None = None
        self._last: Source | None = None
        self._kernel_threads = frozenset(threading.enumerate()) - {threading.main_thread()}
        self._owners: weakref.WeakKeyDictionary[threading.Thread, Source] = weakref.WeakKeyDictionary()
        self._late: dict[tuple[Source, str], list[str]] = {}
        self._late_lock = threading.Lock()
        self._is_in_place = False

    def begin(self, source: Source) -> None:
        """Output from now on belongs to `source`, unless an earlier request's thread or task writes it."""
        if not self._is_in_place:  # not while the harness is put in: IPython 9 puts `write` back at the end of a cell
            self._is_in_place = True
            self._tee("stdout", self.stdout)
            self._tee("stderr", self.stderr)
        if self._current is not None:
            self.end()
        self._note_threads()
        self._current = self._last = source
        _OWNER.set(source)

    def end(self) -> None:
        """The request is over; what comes now is late."""
        self._settle()
        self._note_threads()
        self._current = None
        self._flush_late()  # nobody may be listening any more when its time has come
        self.restore()

    def restore(self) -> None:
        """Put the kernel's own streams back: it flushes them after each request, and one that is closed would cost the reply."""
        if sys.stdout is not self.stdout:
            sys.stdout = self.stdout
        if sys.stderr is not self.stderr:
            sys.stderr = self.stderr

    def _tee(self, name: str, stream: Any) -> None:
        original, original_close, original_flush = stream.write, stream.close, stream.flush
        has_text = True

        def write(string: str) -> Any:
            __tracebackhide__ = True
            nonlocal has_text
            has_text = True
            if isinstance(string, str) and not string.isascii():
                # One lone surrogate would lose the whole message.
                string = string.encode("utf-8", "replace").decode("utf-8")
            source = _OWNER.get()
            if source is None or source is not self._current:
                return self._write_elsewhere(source, name, original, string)
            if source.is_muted:
                return len(string)
            if source.capture is not None and isinstance(string, str):
                source.capture.add(string)
            return original(string)

        def flush() -> None:
            # The kernel flushes both streams several times in each request, each a round trip to another thread.
            nonlocal has_text
            if has_text:
                has_text = False
                original_flush()

        def close() -> None:
            # Closed by the learner, the kernel's stream could never be opened again.
            if self._last is None:
                original_close()

        stream.write, stream.close, stream.flush = write, close, flush

    def _write_elsewhere(self, source: Source | None, name: str, original: Callable[[str], Any], string: str) -> Any:
        """A write from another thread, from a task of an earlier request, or while nothing runs."""
        __tracebackhide__ = True
        if not isinstance(string, str):
            return original(string)
        thread = threading.current_thread()
        now = self._current or self._last
        if (
            thread in self._kernel_threads
        ):  # what subprocesses wrote to file descriptors 1 and 2; nothing tells which one did
            if now is not None and now.capture is not None:
                now.capture.add(string)
            return original(string)
        source = source or self._owners.get(thread)
        if source is None or _is_pool_worker(thread):
            source = now
        if source is None or not source.is_tutored:
            return original(string)
        if source.is_muted:
            return len(string)
        if source.capture is not None:
            source.capture.add(string)
        current = self._current
        if current is source or (current is not None and current.capture is source.capture is not None):
            return original(string)
        if not self.tells_late:
            return original(string)
        self._add_late(source, name, string)
        return len(string)

    def _add_late(self, source: Source, name: str, string: str) -> None:
        with self._late_lock:
            is_first = not self._late
            self._late.setdefault((source, name), []).append(string)
        if is_first:
            thread = self.stdout.pub_thread
            thread.schedule(lambda: thread.io_loop.call_later(LATE_DELAY, self._flush_late))

    def _flush_late(self) -> None:
        with self._late_lock:
            late, self._late = self._late, {}
        for (source, name), pieces in late.items():
            text = "".join(pieces)
            for start in range(0, len(text), MIB):
                data = {"step": source.step, "stream": name, "text": text[start : start + MIB]}
                self._publish(LATE_MIME, data, source.parent)

    def _note_threads(self) -> None:
        """Threads that are new since the last look were started by the last request."""
        if self._last is not None:
            for thread in threading.enumerate():
                if thread not in self._owners and thread not in self._kernel_threads:
                    self._owners[thread] = self._last

    def _settle(self) -> None:
        """Wait until the kernel's reader has taken what subprocesses wrote; nearly always it has."""
        readers = [fd for stream in (self.stdout, self.stderr) if isinstance(fd := getattr(stream, "_fid", None), int)]
        limit = time.monotonic() + SETTLE_LIMIT
        try:
            while readers and select.select(readers, [], [], 0)[0] and time.monotonic() < limit:
                time.sleep(0.0005)
        except (OSError, ValueError):  # the learner closed the descriptor
            return


def _is_pool_worker(thread: threading.Thread) -> bool:
    return getattr(getattr(thread, "_target", None), "__module__", "") in POOL_MODULES
