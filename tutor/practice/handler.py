"""What the handlers of all three services share: who asks, JSON in and out, and faults on demand."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any

from tornado.iostream import IOStream, StreamClosedError
from tornado.web import HTTPError, RequestHandler

from tutor.practice.faults import Faults, Kind

PIECES = 8
"""In how many a slow answer's body comes."""
PIECE_SECONDS = 0.1
PAGE = b"<!DOCTYPE html><html><body><h1>Welcome to this network</h1><p>Please sign in to go on.</p></body></html>"
PRACTICE_HEADER = "X-Tutor-Practice"
"""In every answer: whoever looks at it sees that it is none of the real service's."""
JSON_TYPE = "application/json; charset=utf-8"


class Refusal(HTTPError):
    """The service says no."""

    def __init__(self, status: int, why: str = "", headers: Mapping[str, str] | None = None) -> None:
        """Args: `why`: which of the service's reasons, where one status has several; `headers`: further ones of the answer."""
        super().__init__(status)
        self.why = why
        self.headers = headers or {}


class Handler(RequestHandler):
    """Subclasses say how their service words a refusal, and who may ask. Handlers answer with `await self.answer(…)` or `await self.send(…)`."""

    def initialize(self, faults: Faults) -> None:
        self._faults = faults
        self.fault: Kind | None = None
        """How this request shall fail on its way; refusals and pages have been sent already."""

    def set_default_headers(self) -> None:
        self.set_header(PRACTICE_HEADER, "1")
        self.set_header("Server", "tutor-practice")

    def prepare(self) -> None:
        planned = self._faults.take(self.request.method or "", self.request.path)
        if planned is None:
            self.authorize()
            return
        match planned.kind:
            case Kind.RESET:
                self.cut()
            case Kind.SILENT:
                # Kept open, and nobody answers, until the server is closed.
                self.settings.setdefault("silent", []).append(self.detach())
            case Kind.PAGE:
                self.send_page()
            case Kind.STATUS:
                raise Refusal(planned.status, planned.reason, planned.headers)
            case kind:
                self.fault = kind
                self.authorize()

    def authorize(self) -> None:
        """Refuse whoever may not ask.

        Raises:
            Refusal: of 401, mostly.
        """

    def refusal(self, status: int, why: str) -> Any:
        """The JSON body with which the service refuses."""
        raise NotImplementedError

    @property
    def bearer(self) -> str:
        """The token with which the request comes; empty text without one."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() in ("bearer", "token") else ""

    @property
    def json(self) -> Any:
        """The request's JSON; an empty object where there is none.

        Raises:
            Refusal: it is none.
        """
        try:
            return json.loads(self.request.body) if self.request.body else {}
        except ValueError:
            raise Refusal(400) from None

    async def answer(self, value: Any, status: int = 200) -> None:
        """End with JSON."""
        await self.send(json.dumps(value, ensure_ascii=False).encode(), JSON_TYPE, status)

    async def send(self, body: bytes, content_type: str = "", status: int | None = None) -> None:
        """End with this body, or as the fault wants it. Args: `status`: of an answer whose status is not set yet."""
        if status is not None:
            self.set_status(status)
        if content_type:
            self.set_header("Content-Type", content_type)
        if self.fault is Kind.LOST:
            self.cut()
            return
        if body:
            self.set_header("Content-Length", str(len(body)))
        pieces = [body]
        if self.fault in (Kind.CUT, Kind.SLOW):
            size = max(1, -(-len(body) // PIECES))
            pieces = [body[at : at + size] for at in range(0, len(body), size)]
        if self.fault is Kind.CUT:
            pieces = pieces[: len(pieces) // 2]
        for piece in pieces:
            self.write(piece)
            await self.flush()
            await asyncio.sleep(PIECE_SECONDS if self.fault is Kind.SLOW else 0)
        if self.fault is Kind.CUT:
            self.cut()
        else:
            await self.finish()

    def send_page(self) -> None:
        """End with the page of somebody else."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(PAGE)

    def cut(self) -> None:
        """End the connection as a network does that goes away."""
        stream: IOStream = self.detach()
        if stream.socket is not None:
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.close()

    def log_exception(self, *error: Any) -> None:
        """Nothing where only the client has gone: it was killed, or wanted no more."""
        if not issubclass(error[0] or Exception, StreamClosedError):
            super().log_exception(*error)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        self.set_header("Content-Type", JSON_TYPE)
        why = ""
        if isinstance(error, Refusal):
            why = error.why
            for name, value in error.headers.items():
                self.set_header(name, value)
        self.finish(json.dumps(self.refusal(status_code, why)))
