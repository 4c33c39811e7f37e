"""The sockets to one kernel: Unix sockets in a folder that only this user can enter, so no port, no proxy and no other user."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import zmq

from tutor.runtime.wire import Wire, WireError

log = logging.getLogger(__name__)

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
RETRY_MS = 10
"""The kernel's sockets appear while it starts; ZeroMQ's own 100 ms would be felt."""
AT_ONCE = 64
"""Messages read before other tasks of the loop get their turn."""
MAX_SOCKET_PATH = 100
"""Unix allows 103 bytes at the least."""

Receive = Callable[[str, Mapping[str, Any]], None]
"""Called with the channel and the message."""


def make_private_folder() -> Path:
    """A new folder with a path short enough for sockets; the system's folder for temporary files may be too deep."""
    parent = tempfile.gettempdir()
    if len(os.fsencode(parent)) > MAX_SOCKET_PATH - len("/tutor-xxxxxxxx/k-5"):
        parent = "/tmp"  # noqa: S108 - mkdtemp makes a folder of our own in it
    return Path(tempfile.mkdtemp(prefix="tutor-", dir=parent))


class Connection:
    """Sends requests and reads whatever comes at once, whoever may want it later."""

    def __init__(self, folder: Path, receive: Receive) -> None:
        self._receive = receive
        self._context = zmq.Context(io_threads=1)
        self._sockets: dict[str, zmq.Socket[bytes]] = {}
        self._channels: dict[int, str] = {}
        key = secrets.token_hex(32)
        self._wire = Wire(key)
        self._address = str(folder / "k")
        self.file = folder / "kernel.json"
        """What the kernel is given."""
        info = {
            "transport": "ipc",
            "ip": self._address,
            "key": key,
            "signature_scheme": "hmac-sha256",
            "kernel_name": "",
            **{f"{channel}_port": number for number, channel in enumerate(CHANNELS, 1)},
        }
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(info, file)

    def open(self) -> None:
        """Connect; the kernel need not be there yet."""
        loop = asyncio.get_running_loop()
        for number, channel in enumerate(CHANNELS[:-1], 1):
            socket = self._context.socket(zmq.SUB if channel == "iopub" else zmq.DEALER)
            socket.linger = 0
            socket.setsockopt(zmq.RECONNECT_IVL, RETRY_MS)
            socket.setsockopt(zmq.RCVHWM, 0)  # nothing is dropped while the loop is busy
            socket.setsockopt(zmq.SNDHWM, 0)
            if channel == "iopub":
                socket.subscribe(b"")
            else:
                socket.setsockopt(zmq.IDENTITY, self._wire.session.encode())  # by it the kernel finds our stdin
            socket.connect(f"ipc://{self._address}-{number}")
            self._sockets[channel] = socket
            loop.add_reader(socket.fileno(), self._drain, channel)

    def send(
        self,
        channel: str,
        kind: str,
        content: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        parent: Mapping[str, Any] | None = None,
    ) -> str:
        """Send a message and return its id."""
        message_id, frames = self._wire.pack(kind, content, metadata, parent)
        self._sockets[channel].send_multipart(frames)
        # Sending can eat the one wake-up that a message which came meanwhile was announced by.
        asyncio.get_running_loop().call_soon(self._drain, channel)
        return message_id

    def close(self) -> None:
        """Let go of the sockets; safe to call twice."""
        loop = asyncio.get_running_loop()
        for socket in self._sockets.values():
            loop.remove_reader(socket.fileno())
            socket.close()
        self._sockets.clear()
        self._context.term()

    def _drain(self, channel: str) -> None:
        """Read what has come, and go on soon if that was not all."""
        for _ in range(AT_ONCE):
            socket = self._sockets.get(channel)
            if socket is None:
                return
            try:
                frames = socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            try:
                message = self._wire.unpack(frames)
            except WireError as error:
                log.warning("a message on %s was dropped: %s", channel, error)
                continue
            self._receive(channel, message)
        asyncio.get_running_loop().call_soon(self._drain, channel)
