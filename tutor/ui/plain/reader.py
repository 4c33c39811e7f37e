"""Lines from the standard input, whatever it is: a terminal, a pipe or a file. Never blocks the event loop and holds no lock at the end,
as a thread in `input()` would.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import select
from collections import deque
from collections.abc import Iterator, Sequence

CHUNK = 1 << 16


class LineReader:
    """Reads ahead; lines are taken one at a time when they are wanted."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._lines: deque[str] = deque()
        self._rest = ""
        self._ended = False
        self._came = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._watches = self._can_be_watched()

    def _can_be_watched(self) -> bool:
        """A file is always ready, and so is `/dev/null`, which is why an event loop refuses to watch them."""
        try:
            self._loop.add_reader(self._descriptor, self._read)
        except OSError:
            return False
        return True

    async def line(self) -> str | None:
        """The next line without its end; None when there will be no more."""
        while not self._lines and not self._ended:
            if self._watches:
                self._came.clear()
                await self._came.wait()
            else:
                self._read()
        return self._lines.popleft() if self._lines else None

    @property
    def is_terminal(self) -> bool:
        """Whether a person types or pastes there."""
        return os.isatty(self._descriptor)

    def at_once(self) -> list[str]:
        """The lines that have come together with the last one, taken: a paste into a terminal. Of a pipe or a file nobody can tell."""
        if not self.is_terminal:
            return []
        while not self._ended and select.select([self._descriptor], [], [], 0)[0]:
            self._read()
        lines = list(self._lines)
        self._lines.clear()
        return lines

    def put_back(self, lines: Sequence[str]) -> None:
        """Lines that were no paste after all."""
        self._lines.extendleft(reversed(lines))

    def close(self) -> None:
        """Stop reading."""
        if self._watches:
            self._loop.remove_reader(self._descriptor)

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, CHUNK)
        except OSError:
            # The terminal has gone.
            data = b""
        *lines, self._rest = (self._rest + self._decoder.decode(data, final=not data)).split("\n")
        self._lines.extend(line.removesuffix("\r") for line in lines)
        if not data:
            self.close()
            self._ended = True
            if self._rest:
                self._lines.append(self._rest)
        self._came.set()

    @contextlib.contextmanager
    def unseen(self) -> Iterator[None]:
        """What is typed meanwhile is not shown, where a terminal shows it."""
        try:
            import termios

            before = termios.tcgetattr(self._descriptor)
        except (ImportError, OSError, termios.error):
            yield
            return
        silent = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, silent)
        try:
            yield
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, before)
