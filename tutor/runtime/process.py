"""A kernel's process, as the tutor holds it: through the watchdog that is its parent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

log = logging.getLogger(__name__)

WATCHDOG = Path(__file__).with_name("watchdog.py")
END_SECONDS = 5.0
"""The watchdog needs at most 2.5 s; after this the kernel is killed from here."""


class KernelProcess:
    """A kernel and its watchdog. They end when `kill` is called, or this process ends, however it ends."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, private_folder: Path
    ) -> None:
        """Args: `private_folder` holds the sockets and is removed at the end."""
        self._command = command
        self._environment = environment
        self._folder = folder
        self._private_folder = private_folder
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._received = b""
        self._started = asyncio.Event()
        self._ended = asyncio.Event()
        self.pid = 0
        self.exit_status: int | None = None
        """Of the kernel, once it ended: its exit code, negative for a signal; None if nobody knows."""
        self.start_error: OSError | None = None
        """Why the program could not be started."""

    @property
    def has_ended(self) -> bool:
        return self._ended.is_set()

    async def start(self, log_path: Path) -> None:
        """Start both; the kernel's own stdout and stderr are added to the log. What went wrong is in `start_error`.

        Raises:
            OSError: not even the watchdog could be started.
        """
        output = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._watchdog = subprocess.Popen(  # noqa: ASYNC220 - it takes 2 ms, and asyncio's would need a thread to wait
                [sys.executable, "-I", "-S", str(WATCHDOG), str(self._private_folder), *self._command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                bufsize=0,
                cwd=self._folder,
                env=dict(self._environment),
                start_new_session=True,
            )
        finally:
            os.close(output)
        assert self._watchdog.stdout is not None
        os.set_blocking(self._watchdog.stdout.fileno(), False)
        asyncio.get_running_loop().add_reader(self._watchdog.stdout.fileno(), self._listen)
        await self._started.wait()

    def interrupt(self) -> None:
        """Ctrl-C for the kernel and what it runs in its own process group, as in a terminal."""
        if self.pid and not self.has_ended:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGINT)

    async def ended(self) -> None:
        """Wait until the kernel is gone, and the watchdog with it."""
        await self._ended.wait()

    async def kill(self) -> None:
        """End the kernel with all that it started; returns when they are gone. Cancelling it does not save them."""
        watchdog = self._watchdog
        if watchdog is None:
            return
        assert watchdog.stdin is not None
        watchdog.stdin.close()
        try:
            await asyncio.wait_for(self._ended.wait(), END_SECONDS)
        except TimeoutError:
            log.error("the watchdog %s of kernel %s does not end", watchdog.pid, self.pid)
            watchdog.kill()
            await self._ended.wait()

    def _listen(self) -> None:
        """The watchdog said something, or is gone."""
        assert self._watchdog is not None
        assert self._watchdog.stdout is not None
        try:
            data = os.read(self._watchdog.stdout.fileno(), 4096)
        except BlockingIOError:
            return
        if not data:
            self._end()
            return
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            word, _, number = line.decode().partition(" ")
            if word == "pid":
                self.pid = int(number)
                self._started.set()
            elif word == "exit":
                self.exit_status = int(number)
            elif word == "error":
                self.start_error = OSError(int(number), os.strerror(int(number)))

    def _end(self) -> None:
        watchdog = self._watchdog
        assert watchdog is not None
        assert watchdog.stdin is not None
        assert watchdog.stdout is not None
        asyncio.get_running_loop().remove_reader(watchdog.stdout.fileno())
        watchdog.stdout.close()
        watchdog.stdin.close()
        watchdog.wait()  # its output ended because it did
        if self.pid and self.exit_status is None:
            log.warning("the watchdog of kernel %s was killed", self.pid)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        self._started.set()
        self._ended.set()
