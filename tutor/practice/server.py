"""One server on a free port of 127.0.0.1, in a thread with an event loop of its own: a busy screen does not slow it down."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

T = TypeVar("T")

MOST_BYTES = 1 << 30
"""Of one request's body."""


class Server:
    """Serves from the moment it is made until it is closed."""

    def __init__(self, make: Callable[[str], Application], *, name: str) -> None:
        """Args: `make` gets the address, without a slash at its end; `name` is the thread's."""
        self._sockets = bind_sockets(0, "127.0.0.1")
        self.root = f"http://127.0.0.1:{self._sockets[0].getsockname()[1]}"
        self._application = make(self.root)
        self._loop: asyncio.AbstractEventLoop
        self._ended: asyncio.Event
        self._connections: HTTPServer
        ready: Future[None] = Future()
        # A daemon: a tutor that is killed by an exception must not hang on it.
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), name=name, daemon=True)
        self._thread.start()
        ready.result()

    async def _serve(self, ready: Future[None]) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        self._connections = HTTPServer(self._application, max_body_size=MOST_BYTES, max_buffer_size=MOST_BYTES)
        self._connections.add_sockets(self._sockets)
        ready.set_result(None)
        await self._ended.wait()
        self._connections.stop()
        # Connections on which nobody answers are no longer the HTTP server's.
        for stream in self._application.settings.pop("silent", ()):
            stream.close()
        await self._connections.close_all_connections()

    def call(self, question: Callable[[], T]) -> T:
        """What the function says, asked in the server's own thread, where nothing else changes meanwhile."""

        async def asked() -> T:
            return question()

        return asyncio.run_coroutine_threadsafe(asked(), self._loop).result()

    def close(self) -> None:
        """Safe to call twice."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()
