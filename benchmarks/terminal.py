"""A terminal without a window: runs a program and says when a text was first on its screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from benchmarks.timing import environment

COLUMNS, ROWS = 120, 40
LIMIT = 60.0
WHERE_IS_THE_CURSOR, AT_THE_TOP = b"\x1b[6n", b"\x1b[1;1R"


class Terminal:
    """One program on a pseudo-terminal of its own; killed at the end of the `with` block."""

    def __init__(self, command: Sequence[str], home: Path | None) -> None:
        variables = environment(home)
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.started = time.perf_counter()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execve(command[0], list(command), variables)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)
        try:
            os.kill(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        os.waitpid(self._pid, 0)

    def seconds_until(self, text: str) -> float:
        """Seconds from the start of the program until `text` stood on the screen."""
        end = self.started + LIMIT
        if any(text in line for line in self._screen.display):
            return time.perf_counter() - self.started
        while time.perf_counter() < end:
            # All that waits is taken off the terminal first: the emulator is slow and must not hold up the program.
            chunks = self.waiting_chunks()
            seen: float | None = None
            # All of them are fed, also after the text was seen: what comes with it would be missed by whoever waits next.
            for when, data in chunks:
                self._stream.feed(data)
                if WHERE_IS_THE_CURSOR in data:
                    self.type(AT_THE_TOP)
                if seen is None and any(text in line for line in self._screen.display):
                    seen = when - self.started
            if seen is not None:
                return seen
        shown = "\n".join(line.rstrip() for line in self._screen.display if line.strip())
        raise RuntimeError(f"{text!r} never came on the screen:\n{shown}")

    def type(self, keys: bytes) -> None:
        os.write(self._fd, keys)

    def wait_for_end(self) -> None:
        """Read on until the program ends by itself."""
        end = time.perf_counter() + LIMIT
        while time.perf_counter() < end:
            try:
                self.waiting_chunks()
            except EOFError:
                return
        raise RuntimeError("the program did not end")

    def peak_megabytes(self) -> float:
        """The most memory that the program itself has had in use."""
        status = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def waiting_chunks(self, patience: float = 0.2) -> list[tuple[float, bytes]]:
        """What the program has written, each piece with when it was read; waits for the first so long."""
        chunks: list[tuple[float, bytes]] = []
        while select.select([self._fd], [], [], patience)[0]:
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:  # how Linux says that nobody has the other end open any more
                data = b""
            if not data:
                if chunks:
                    break
                raise EOFError("the program ended")
            chunks.append((time.perf_counter(), data))
            patience = 0.0
        return chunks


def first_paint(command: Sequence[str], text: str, home: Path | None = None) -> float:
    """Seconds from exec until `text` is on the screen."""
    with Terminal(command, home) as terminal:
        return terminal.seconds_until(text)


def one_sitting(command: Sequence[str], text: str, home: Path) -> None:
    """Start, see `text`, quit as a person does: what is kept for the next start is kept now."""
    with Terminal(command, home) as terminal:
        terminal.seconds_until(text)
        terminal.type(b"\x11")
        terminal.wait_for_end()
