"""One kernel process with its connection, from its start until nothing of it is left."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tutor.errors import RuntimeStartError
from tutor.runtime.base import Ending, Json, Request
from tutor.runtime.bundle import make_bundle, setup_code
from tutor.runtime.connection import Connection, make_private_folder
from tutor.runtime.exchange import Exchange
from tutor.runtime.interpreter import OLDEST, environment, log_tail, start_failure, too_old
from tutor.runtime.messages import Facts, Meaning, Reply, meaning_of, parent_of
from tutor.runtime.process import KernelProcess

log = logging.getLogger(__name__)

SUBSCRIBE_SECONDS = 0.05
"""Between two requests to a kernel that answers before it knows that we listen to its output."""
SHUT_DOWN_SECONDS = 0.5
"""For the kernel's own exit: handlers of the learner's code, files it still has open. ipykernel would take seconds for children."""
SETTLE_SECONDS = 0.05
"""What a dead kernel sent has arrived when nothing came for this long."""
LOG_LIMIT = 1 << 20
"""The log begins anew when a kernel starts and it is larger than this."""

OnMessage = Callable[[str, Meaning, Mapping[str, Any]], None]
"""Called with the id of the request it belongs to, what it says, and the message."""


class LocalKernel:
    """A kernel of a Python on this machine."""

    def __init__(self, python: str, on_message: OnMessage) -> None:
        self.python = python
        self._on_message = on_message
        self._folder: Path | None = None
        self._connection: Connection | None = None
        self._process: KernelProcess | None = None
        self._seen_iopub = False
        self._received = 0
        self._facts: Mapping[str, Json] = {}
        self._exchange = Exchange(())
        self._info: Mapping[str, Any] = {}
        self._arrived = asyncio.Event()
        """Something came while the kernel starts."""
        self.is_ending = False
        """It ends because it is told to."""

    @property
    def exit_status(self) -> int | None:
        return self._process.exit_status if self._process else None

    async def start(self, bundles: Path, log_path: Path, working_folder: Path, seconds: float) -> Mapping[str, Json]:
        """Start the process, wait until it answers, put the harness in; the facts that the harness tells.

        Raises:
            RuntimeStartError: it did not come up; nothing is left of it.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._start(bundles, log_path, working_folder)
        except TimeoutError as error:
            await self._kill()
            raise RuntimeStartError(
                f"The kernel of {self.python} was not ready after {seconds:g} s.",
                "Try again; if this computer is busy, wait until it is less so.",
            ) from error
        except OSError as error:
            await self._kill()
            raise RuntimeStartError(f"The kernel of {self.python} could not be started: {error}") from error
        except BaseException:
            await self._kill()
            raise

    async def _start(self, bundles: Path, log_path: Path, working_folder: Path) -> Mapping[str, Json]:
        log_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        log_start = _size_to_append_at(log_path)
        self._folder = make_private_folder()
        self._connection = Connection(self._folder, self._receive)
        self._connection.open()
        command = [
            self.python,
            str(Path(__file__).with_name("launch.py")),
            *("-f", str(self._connection.file)),
            "--HistoryManager.hist_file=:memory:",
        ]
        self._process = KernelProcess(command, environment(), working_folder, self._folder)
        await self._process.start(log_path)
        bundle = make_bundle(bundles)  # while the kernel starts
        greeting = asyncio.create_task(self._greet(bundle))
        ended = asyncio.create_task(self._process.ended())
        try:
            await asyncio.wait((greeting, ended), return_when=asyncio.FIRST_COMPLETED)
            if greeting.done():
                return greeting.result()
        finally:
            for task in (greeting, ended):
                task.cancel()
            await asyncio.gather(greeting, ended, return_exceptions=True)
        tail = log_tail(log_path, log_start)
        raise await start_failure(self.python, tail, self._process.exit_status, self._process.start_error)

    async def _greet(self, bundle: Path) -> Mapping[str, Json]:
        assert self._connection is not None
        while not (self._info and self._seen_iopub):
            self._exchange = Exchange((self._connection.send("shell", "kernel_info_request", {}),))
            await self._until(lambda: self._exchange.is_answered)
            if not self._seen_iopub:
                await self._until(lambda: self._seen_iopub, SUBSCRIBE_SECONDS)
        version = str((self._info.get("language_info") or {}).get("version") or "")
        numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
        if len(numbers) == 2 and numbers < OLDEST:
            raise too_old(self.python, version)
        request = Request(setup_code(bundle), {"op": "setup"}, silent=True, allow_stdin=False)
        self._exchange = Exchange((self.send(request),))
        await self._until(lambda: self._exchange.is_over)
        if error := self._exchange.error:
            log.error("the harness raised in the kernel:\n%s", "\n".join(error.traceback))
            raise RuntimeStartError(
                f"The kernel of {self.python} runs, but cannot run lessons: {error.type}: {error.message}",
                "The log has the details.",
            )
        return self._facts

    async def _until(self, is_true: Callable[[], bool], seconds: float | None = None) -> None:
        """Wait until messages made it true, or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                while not is_true():
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            if seconds is None:
                raise

    def _receive(self, channel: str, message: Mapping[str, Any]) -> None:
        meaning, parent_id = meaning_of(message), parent_of(message)
        self._received += 1
        self._seen_iopub = self._seen_iopub or channel == "iopub"
        if parent_id not in self._exchange:
            self._on_message(parent_id, meaning, message)
            return
        self._exchange.take(parent_id, meaning)
        match meaning:
            case Reply() if (message.get("header") or {}).get("msg_type") == "kernel_info_reply":
                self._info = message["content"]
            case Facts(data):
                self._facts = data
        self._arrived.set()

    def send(self, request: Request) -> str:
        """Send an execute request; its id."""
        assert self._connection is not None
        content = {
            "code": request.code,
            "silent": request.silent,
            "store_history": not request.silent,
            "user_expressions": {},
            "allow_stdin": request.allow_stdin,
            "stop_on_error": False,
        }
        return self._connection.send("shell", "execute_request", content, {"tutor": dict(request.tutor)})

    def send_probe(self) -> str:
        """Ask for something harmless: once it is done, so is all before it."""
        assert self._connection is not None
        return self._connection.send("shell", "kernel_info_request", {})

    def answer(self, line: str, header: Mapping[str, Any]) -> None:
        """Answer an `InputRequest`."""
        if self._connection is not None:
            self._connection.send("stdin", "input_reply", {"value": line}, parent=header)

    async def interrupt(self) -> None:
        """A SIGINT for what runs."""
        if self._process is not None:
            self._process.interrupt()

    async def settle(self) -> None:
        """Wait until what a kernel sent before it died has arrived."""
        received = -1
        while received < self._received:
            received = self._received
            await asyncio.sleep(SETTLE_SECONDS)

    async def ended(self) -> Ending:
        """Wait until the process is gone."""
        assert self._process is not None
        await self._process.ended()
        return Ending.DIED

    async def leave(self, *, is_idle: bool) -> None:
        """It ends with the tutor."""
        await self.end(gently=is_idle)

    async def end(self, *, gently: bool) -> None:
        """Kill the process with its children and let go of everything, after an idle one had its moment to exit by itself."""
        self.is_ending = True
        try:
            if gently:
                await self._shut_down()
        finally:
            await self._kill()

    async def _shut_down(self) -> None:
        if self._connection is not None and self._process is not None and not self._process.has_ended:
            try:
                self._connection.send("control", "shutdown_request", {"restart": False})
                await asyncio.wait_for(self._process.ended(), SHUT_DOWN_SECONDS)
            except TimeoutError:
                log.info("the kernel does not exit by itself")

    async def _kill(self) -> None:
        try:
            if self._process is not None:
                await self._process.kill()
        finally:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None


def _size_to_append_at(log_path: Path) -> int:
    """The log's size, once it has been emptied if it grew too large."""
    try:
        size = log_path.stat().st_size
        if size > LOG_LIMIT:
            log_path.write_bytes(b"")
            return 0
    except FileNotFoundError:
        return 0
    return size
