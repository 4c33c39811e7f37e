"""The websocket to one kernel: sends in order, reads whatever comes at once, and comes back by itself when it was cut.

A Jupyter server keeps what a kernel says while nobody listens, and plays it back to whoever comes with the same session id.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from websockets import Subprotocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

from tutor.runtime.server.access import Access
from tutor.runtime.server.frames import V1, FrameError, pack, unpack

log = logging.getLogger(__name__)

OPEN_SECONDS = 10.0
PING_SECONDS = 10.0
"""Between two pings, and for their answers: a way that is cut without a word is noticed after two of these."""
PATIENCE = 180.0
"""Seconds for which a cut connection is tried again."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
PROTOCOL = "5.3"
_quiet = logging.getLogger("tutor.runtime.server.websocket")
_quiet.disabled = True
"""The library would log headers, and so the token, when debugging."""

Receive = Callable[[str, Mapping[str, Any]], None]
"""Called with the channel and the message."""


class Channels:
    """Sends and reads the messages of one kernel."""

    def __init__(
        self, access: Access, kernel_id: str, session: str, receive: Receive, on_connected: Callable[[bool], None]
    ) -> None:
        """Args: `session`: names us to the server; the same one gets what the kernel said meanwhile. `on_connected`: told when the
        connection is cut, and when it is back.
        """
        self._access = access
        self._url = access.address.socket_url(f"api/kernels/{kernel_id}/channels", {"session_id": session})
        self._session = session
        self._receive = receive
        self._on_connected = on_connected
        self._socket: ClientConnection | None = None
        self._unsent: deque[tuple[str, Mapping[str, Any]]] = deque()
        self._has_unsent = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()

    async def open(self) -> None:
        """Connect for the first time.

        Raises:
            OSError, WebSocketException, TimeoutError: it did not work.
        """
        self._socket = await self._connect()
        self._work = asyncio.create_task(self._run())

    def send(
        self,
        channel: str,
        kind: str,
        content: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        parent: Mapping[str, Any] | None = None,
    ) -> str:
        """Send a message, at once or when the connection is back; its id."""
        header = {
            "msg_id": uuid.uuid4().hex,
            "session": self._session,
            "username": _user(),
            "date": datetime.now(UTC).isoformat(),
            "msg_type": kind,
            "version": PROTOCOL,
        }
        message = {
            "header": header,
            "parent_header": dict(parent or {}),
            "metadata": dict(metadata or {}),
            "content": dict(content),
        }
        self._unsent.append((channel, message))
        self._has_unsent.set()
        return str(header["msg_id"])

    async def ended(self) -> None:
        """Wait until the connection is cut for good."""
        await self._ended.wait()

    async def close(self) -> None:
        """Let go of it. Safe to call twice."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        if self._socket is not None:
            with contextlib.suppress(WebSocketException, OSError, TimeoutError):
                await self._socket.close()
            self._socket = None
        self._ended.set()

    async def _connect(self) -> ClientConnection:
        return await connect(
            self._url,
            additional_headers=self._access.all_headers,
            subprotocols=[Subprotocol(V1)],
            open_timeout=OPEN_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            close_timeout=1.0,
            max_size=None,
            # Loopback never goes through a proxy.
            proxy=None if self._access.address.is_loopback else True,
            logger=_quiet,
        )

    async def _run(self) -> None:
        """Read and write until the connection is cut for good."""
        try:
            while self._socket is not None:
                await self._use(self._socket)
                self._on_connected(False)
                self._socket = await self._again()
                if self._socket is not None:
                    self._on_connected(True)
        finally:
            self._ended.set()

    async def _use(self, socket: ClientConnection) -> None:
        """Until this connection is cut."""
        tasks = [asyncio.create_task(self._read(socket)), asyncio.create_task(self._write(socket))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, WebSocketException | OSError):
                raise result

    async def _read(self, socket: ClientConnection) -> None:
        is_v1 = socket.subprotocol == V1
        async for frame in socket:
            try:
                channel, message = unpack(frame, is_v1=is_v1)
            except FrameError as error:
                log.warning("a frame was dropped: %s", error)
                continue
            self._receive(channel, message)

    async def _write(self, socket: ClientConnection) -> None:
        is_v1 = socket.subprotocol == V1
        while True:
            while self._unsent:
                await socket.send(pack(*self._unsent[0], is_v1=is_v1))
                self._unsent.popleft()
            self._has_unsent.clear()
            await self._has_unsent.wait()

    async def _again(self) -> ClientConnection | None:
        """A new connection in place of the one that was cut; None when there is no hope."""
        end, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        while time.monotonic() < end:
            try:
                return await self._connect()
            except InvalidStatus as error:
                # The kernel is gone, or the token is not good any more; a proxy in between says 5xx while its server comes back.
                if error.response.status_code < 500:
                    return None
            except (WebSocketException, InvalidHandshake, OSError, TimeoutError, ValueError) as error:
                log.info("the connection is not back yet: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return None


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "tutor"
