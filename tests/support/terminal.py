"""A person at a real pseudo-terminal: types, and reads the screen as it is drawn."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
import unicodedata
from collections.abc import Callable
from types import TracebackType
from typing import Self

import pyte

POSITION_ASKED, POSITION = b"\x1b[6n", b"\x1b[1;1R"
CHECK_AGAIN = ("v check again", "v 再检查")
"""Offered after an attempt at a step that has checks, and not while one goes on."""
TUTOR = (sys.executable, "-m", "tutor")


def is_wide(character: str) -> bool:
    """Whether it takes two cells."""
    return unicodedata.east_asian_width(character) in "WF"


class Person:
    """Runs `tutor …` on a terminal of its own, which is taken away at the end of the `with` block."""

    def __init__(
        self,
        *arguments: str,
        columns: int = 120,
        rows: int = 40,
        program: tuple[str, ...] = TUTOR,
        **environment: str,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        # ipykernel leaves descriptors 1 and 2 alone when it believes to be in a test.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        variables = {**inherited, **environment}
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(program[0], [*program, *arguments], variables)
        os.set_blocking(self._fd, False)  # or much that is pasted and much that is drawn would wait for each other
        self._ended: int | None = None
        self.drawn = bytearray()
        """All that the program wrote."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ended is None:
            self.kill()
        os.close(self._fd)

    def kill(self) -> None:
        """`kill -9`."""
        os.kill(self.pid, signal.SIGKILL)
        self._ended = os.waitpid(self.pid, 0)[1]

    @property
    def reads_keys(self) -> bool:
        """Whether the program takes each key as it comes: before that, the terminal itself cuts long lines."""
        return not termios.tcgetattr(self._fd)[3] & termios.ICANON

    @property
    def screen(self) -> str:
        """What the screen shows; a wide character stands once."""
        return "\n".join(
            "".join(self._screen.buffer[y][x].data for x in range(self._screen.columns))
            for y in range(self._screen.lines)
        )

    def _read(self) -> bool:
        """Take in what the program drew; False when it has ended."""
        ready, _, _ = select.select([self._fd], [], [], 0.05)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # how Linux says that nobody has the other end open any more
            return False
        if POSITION_ASKED in data:
            os.write(self._fd, POSITION)
        self.drawn += data
        self._stream.feed(data)
        return bool(data)

    def sees(self, text: str, timeout: float = 30) -> None:
        """Wait until the text stands on the screen."""
        self.watches(lambda: text in self.screen, repr(text), timeout)

    def reads(self, text: str, timeout: float = 30) -> None:
        """Wait until the text stands on the screen, over however many lines it is broken: paths of a test have any length."""
        wanted = "".join(text.split())
        self.watches(lambda: wanted in "".join(self.screen.split()), repr(text), timeout)

    def sees_done(self, text: str, timeout: float = 30) -> None:
        """Wait until the text stands on the screen and what ran may be checked again: before that, keys of the step do not act."""
        self.watches(
            lambda: text in self.screen and any(key in self.screen for key in CHECK_AGAIN),
            f"{text!r}, and an end",
            timeout,
        )

    def watches(self, condition: Callable[[], object], what: str, timeout: float = 30) -> None:
        """Wait until that is true of what was drawn, or of anything else."""
        end = time.monotonic() + timeout
        while not condition():
            alive = self._read()
            if not alive or time.monotonic() > end:
                raise AssertionError(
                    f"{what} {'never came' if alive else 'did not come before the end'}:\n{self.screen}"
                )

    def presses(self, keys: str | bytes) -> None:
        """Type. What the program draws is read meanwhile, since it may have to be before it takes more."""
        left = keys.encode() if isinstance(keys, str) else keys
        while left:
            _, ready, _ = select.select([], [self._fd], [], 0)
            if ready:
                left = left[os.write(self._fd, left) :]
            else:
                self._read()

    def clicks(self, text: str) -> None:
        """Press and release the left button on the first place where the text stands."""
        for y, line in enumerate(self.screen.splitlines()):
            if text in line:
                # A wide character stands once in the line, and takes two cells.
                x = sum(2 if is_wide(character) else 1 for character in line[: line.index(text)])
                self.presses(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m")
                return
        raise AssertionError(f"no {text!r} to click:\n{self.screen}")

    def resizes(self, columns: int, rows: int) -> None:
        """Pull at the window."""
        self._screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def leaves(self, timeout: float = 20) -> int:
        """Wait for the end; the exit code."""
        end = time.monotonic() + timeout
        while self._read():
            if time.monotonic() > end:
                raise AssertionError(f"the program did not end:\n{self.screen}")
        self._ended = os.waitpid(self.pid, 0)[1]
        return os.waitstatus_to_exitcode(self._ended)
