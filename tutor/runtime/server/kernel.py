"""One kernel on a server, with the way to it; it stays there when the tutor goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException

from tutor.errors import ServerError
from tutor.harness import LAST_JUDGED
from tutor.i18n import Words
from tutor.runtime.base import Ending, Json, Raised, Request
from tutor.runtime.bundle import arrival_code
from tutor.runtime.exchange import Exchange
from tutor.runtime.messages import JUDGED_KEY, Facts, Meaning, Reply, Status, meaning_of, parent_of
from tutor.runtime.server.access import Access
from tutor.runtime.server.channels import Channels
from tutor.runtime.server.rest import Api

log = logging.getLogger(__name__)

SET_UP_SECONDS = 30.0
MISSING = "BundleMissing"
"""What `arrive` raises when the bundle must be sent."""
GONE = ("restarting", "autorestarting", "dead")
"""What a server says when a kernel's process ended and another one takes its place, or none does."""

SHUT_DOWN = "shutdown_reply"
"""What a kernel tells everybody that listens when it is ended or restarted on purpose."""
OnMessage = Callable[[str, Meaning, Mapping[str, Any]], None]


class ServerKernel:
    """A kernel that the server has started."""

    def __init__(
        self,
        api: Api,
        access: Access,
        kernel_id: str,
        session: str,
        words: Words,
        *,
        on_message: OnMessage,
        on_connected: Callable[[bool], Awaitable[None]],
    ) -> None:
        """Args: `on_connected`: told when the connection is cut and when it is back."""
        self._api = api
        self._url = access.address.root
        self._kernel_id = kernel_id
        self._words = words
        self._on_message = on_message
        self._on_connected = on_connected
        self._channels = Channels(access, kernel_id, session, self._receive, self._note_connected)
        self._exchange = Exchange(())
        self._facts: Mapping[str, Json] = {}
        self._arrived = asyncio.Event()
        self._ended = asyncio.Event()
        self._is_lost = False
        self.is_taken = False
        """Somebody else has ended or restarted it."""
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_ending = False
        self.is_connected = False

    @property
    def exit_status(self) -> int | None:
        """Servers do not tell it."""
        return None

    async def connect(self) -> None:
        """Open the way to it; what it said meanwhile comes at once.

        Raises:
            ServerError: it did not open.
        """
        for tries_left in (1, 0):
            try:
                await self._channels.open()
                break
            except (WebSocketException, OSError, TimeoutError) as error:
                log.info("no websocket to the kernel: %s", type(error).__name__)
                # A server that has just restarted the kernel may keep the first one waiting for ever.
                if not tries_left:
                    raise self._failed("no_start") from error
        self.is_connected = True

    async def set_up(self, bundle: Path) -> Mapping[str, Json]:
        """Put the harness in, with the bundle if it is not there yet; the facts that it tells.

        Raises:
            ServerError: it cannot run lessons, or does not answer.
        """
        code = await asyncio.to_thread(arrival_code, bundle, with_it=False)
        error = await self._ask(code)
        if error is not None and error.type == MISSING:
            error = await self._ask(await asyncio.to_thread(arrival_code, bundle, with_it=True))
        if error is not None:
            raise self._failed("no_lessons", error=f"{error.type}: {error.message}")
        return self._facts

    async def _ask(self, code: str) -> Raised | None:
        """Run code of ours; what it raised."""
        request = Request(code, {"op": "setup"}, silent=True, allow_stdin=False)
        self._exchange = Exchange((self.send(request),))
        try:
            async with asyncio.timeout(SET_UP_SECONDS):
                # The display of the facts is sent ahead of the idle status.
                while not self._exchange.is_over:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError as error:
            raise self._failed("no_start") from error
        return self._exchange.error

    def send(self, request: Request) -> str:
        """Send an execute request; its id."""
        content = {
            "code": request.code,
            "silent": request.silent,
            "store_history": not request.silent,
            "user_expressions": {JUDGED_KEY: LAST_JUDGED} if request.tutor.get("op") == "judge" else {},
            "allow_stdin": request.allow_stdin,
            "stop_on_error": False,
        }
        return self._channels.send("shell", "execute_request", content, {"tutor": dict(request.tutor)})

    def send_probe(self) -> str:
        """Ask for something harmless: once it is done, so is all before it."""
        return self._channels.send("shell", "kernel_info_request", {})

    def send_recall(self) -> str:
        """Ask for the newest judgement."""
        content = {
            "code": "None",
            "silent": True,
            "store_history": False,
            "user_expressions": {JUDGED_KEY: LAST_JUDGED},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        return self._channels.send("shell", "execute_request", content)

    def answer(self, line: str, header: Mapping[str, Any]) -> None:
        """Answer an `InputRequest`."""
        self._channels.send("stdin", "input_reply", {"value": line}, parent=header)

    async def interrupt(self) -> None:
        """Ask the server to interrupt what runs."""
        try:
            await self._api.interrupt(self._kernel_id)
        except ServerError as error:
            log.warning("the server did not interrupt: %s", error.message)

    async def ended(self) -> Ending:
        """Wait until its process is gone, or there is no way to it."""
        lost = asyncio.create_task(self._channels.ended())
        died = asyncio.create_task(self._ended.wait())
        try:
            await asyncio.wait((lost, died), return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
            died.cancel()
        return Ending.DIED if self._ended.is_set() and not (self.is_taken or self._is_lost) else Ending.LOST

    def give_up(self) -> None:
        """Nobody knows what it is now; that is found out when it is entered again."""
        self._is_lost = True
        self._ended.set()

    def note_taken(self) -> None:
        """Somebody else has ended or restarted it."""
        self.is_taken = True
        self._ended.set()

    async def look(self) -> str:
        """What the server says that it does; empty if it does not say. One that is not there any more has ended."""
        try:
            model = await self._api.kernel(self._kernel_id)
        except ServerError as error:
            log.info("the server does not say what the kernel does: %s", error.message)
            return ""
        if model is None:
            self.note_taken()
            return ""
        return model.state

    async def settle(self) -> None:
        """Whoever says that it is gone says it after everything else."""

    async def end(self, *, gently: bool) -> None:
        """Let go of it; its successor is asked for by whoever wants one."""
        await self._close()

    async def leave(self, *, is_idle: bool) -> None:
        """It goes on without us."""
        await self._close()

    async def _close(self) -> None:
        self.is_ending = True
        await self._channels.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _receive(self, channel: str, message: Mapping[str, Any]) -> None:
        meaning, parent_id = meaning_of(message), parent_of(message)
        if isinstance(meaning, Status) and meaning.state in GONE:
            self._ended.set()
        if (message.get("header") or {}).get("msg_type") == SHUT_DOWN and not self.is_ending:
            self.note_taken()  # the kernel tells everybody that it is being ended or restarted
        if parent_id not in self._exchange:
            self._on_message(parent_id, meaning, message)
            return
        self._exchange.take(parent_id, meaning)
        if isinstance(meaning, Facts):
            self._facts = meaning.data
        if isinstance(meaning, Reply | Status | Facts):
            self._arrived.set()

    def _note_connected(self, is_connected: bool) -> None:
        self.is_connected = is_connected
        task = asyncio.ensure_future(self._on_connected(is_connected))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _failed(self, kind: str, **values: object) -> ServerError:
        words = self._words
        return ServerError(words(f"server.{kind}", url=self._url, **values), words(f"server.{kind}_hint"))
