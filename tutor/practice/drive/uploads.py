"""Files that come with content: at once, with their metadata in one body, or resumable in pieces."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tornado.web import stream_request_body

from tutor.practice.drive import fields
from tutor.practice.drive.base import DriveHandler
from tutor.practice.drive.sessions import GRAIN, Session, Sessions
from tutor.practice.drive.store import Record
from tutor.practice.drive.words import DriveRefusal
from tutor.practice.faults import Faults, Kind
from tutor.practice.handler import Refusal

_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@stream_request_body
class Uploads(DriveHandler):
    """POST and PATCH begin, or do it all; PUT sends the pieces of a resumable upload to its own address."""

    def initialize(self, faults: Faults) -> None:
        super().initialize(faults)
        self._sessions: Sessions = self.practice.sessions
        self._body = bytearray()
        self._session: Session | None = None
        self._skip = 0
        """Bytes of this piece that are here already."""
        self._first: int | None = None
        """Where this piece begins; None: the request only asks."""
        self._total: int | None = None
        self._left_before_cut: int | None = None
        self._late: Callable[[], None] | None = None
        """The end of a request that goes wrong, for when its body has been read: an earlier one would be a cut connection to its sender."""

    def prepare(self) -> None:
        try:
            super().prepare()
        except Refusal as refusal:
            self._late = partial(_refuse, refusal)

    def send_page(self) -> None:
        self._late = super().send_page

    def authorize(self) -> None:
        if self.request.method != "PUT":
            super().authorize()
            return
        # The address of a session is its own key: who has it needs no token.
        session = self._sessions.find(self.get_query_argument("upload_id", ""))
        if session is None:
            raise DriveRefusal(404, "notFound")
        grant = self.grants.of(session.said["token"])
        if grant is None:
            raise DriveRefusal(401, "authError")
        self.grant, self._session = grant, session
        self._read_range(session)

    def _read_range(self, session: Session) -> None:
        length = int(self.request.headers.get("Content-Length", "0"))
        header = self.request.headers.get("Content-Range", "")
        read = _CONTENT_RANGE.fullmatch(header) if header else None
        if header and read is None:
            raise DriveRefusal(400, "badContent", "Failed to parse Content-Range header.")
        if read is None:
            self._first, self._total = 0, length
        else:
            self._first = int(read[1]) if read[1] else None
            self._total = None if read[3] == "*" else int(read[3])
        if session.said["done"]:
            self._skip = length
            return
        wanted = session.said["size"]
        if self._total is not None and wanted is not None and self._total != wanted:
            raise DriveRefusal(400, "invalidContentLength", "The size is not the one that was announced.")
        if self._first is None:
            return
        if read is not None and int(read[2]) - int(read[1]) + 1 != length:
            raise DriveRefusal(400, "badContent", "Content-Range and Content-Length do not agree.")
        if self._first > session.received:
            raise DriveRefusal(400, "badContent", "The bytes before these are missing.")
        is_last = self._total is not None and self._first + length >= self._total
        if not is_last and length < GRAIN:
            raise DriveRefusal(400, "badContent", f"All pieces but the last need at least {GRAIN} bytes, not {length}.")
        self._skip = session.received - self._first
        if self.fault is Kind.CUT and length:
            self._left_before_cut = length // 2

    def data_received(self, chunk: bytes) -> None:
        """Some of the body."""
        if self._late is not None:
            return
        if self._session is None:
            self._body += chunk
            return
        if self._left_before_cut is not None:
            chunk = chunk[: self._left_before_cut]
            self._left_before_cut -= len(chunk)
        skipped = min(self._skip, len(chunk))
        self._skip -= skipped
        if len(chunk) > skipped:
            self._session.write(chunk[skipped:])
        if self._left_before_cut == 0:
            self._cut_short()

    def _cut_short(self) -> None:
        """End the connection while the other side still sends."""
        stream: Any = getattr(self.request.connection, "stream", None)
        if stream is not None and stream.socket is not None:
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stream.close()

    def on_connection_close(self) -> None:
        """The sender is gone in the middle of it."""
        if self._session is not None and not self._session.said["done"]:
            self._session.settle()

    async def post(self) -> None:
        """A new file."""
        if self._late is not None:
            self._late()
            return
        await self._begin(None)

    async def patch(self, file_id: str) -> None:
        """New content for a file."""
        if self._late is not None:
            self._late()
            return
        self.store.get(file_id, self.grant)
        await self._begin(file_id)

    async def put(self, file_id: str | None = None) -> None:
        """A piece has come whole, or the sender asks how much is here."""
        del file_id
        if self._late is not None:
            self._late()
            return
        session = self._session
        if session is None:
            raise DriveRefusal(404, "notFound")
        done = session.said["done"]
        if done:
            await self.answer_file(self.store.get(done, self.grant), session.said["fields"])
            return
        if self._total is not None and session.received >= self._total:
            await self._finish(session)
            return
        session.settle()
        if session.received:
            self.set_header("Range", f"bytes=0-{session.received - 1}")
        await self.send(b"", status=308)

    async def _begin(self, file_id: str | None) -> None:
        match self.get_query_argument("uploadType", "media"):
            case "media":
                media_type, content = self.request.headers.get("Content-Type", ""), self._spare(bytes(self._body))
                await self._store({}, content, file_id, media_type)
            case "multipart":
                metadata, media_type, data = self._parts()
                self._check(metadata, file_id, len(data))
                await self._store(metadata, self._spare(data), file_id, media_type)
            case "resumable":
                await self._start(file_id)
            case other:
                raise DriveRefusal(400, "invalidParameter", f"Invalid value for: {other}", parameter="uploadType")

    async def _start(self, file_id: str | None) -> None:
        headers, metadata = self.request.headers, self.parsed(bytes(self._body))
        length = headers.get("X-Upload-Content-Length", "")
        size = int(length) if length.isdigit() else None
        self._check(metadata, file_id, size or 0)
        wanted = self.get_query_argument("fields", "")
        if wanted:
            fields.read(wanted, "File")
        session = self._sessions.start(
            metadata=metadata,
            file_id=file_id,
            media_type=headers.get("X-Upload-Content-Type", ""),
            size=size,
            fields=wanted,
            token=self.bearer,
            move=[self.listed("addParents"), self.listed("removeParents")],
        )
        query = urlencode({"uploadType": "resumable", "upload_id": session.upload_id})
        self.set_header("Location", f"{self.practice.root}{self.request.path}?{query}")
        self.set_header("X-GUploader-UploadID", session.upload_id)
        await self.send(b"", status=200)

    async def _finish(self, session: Session) -> None:
        if not session.path.exists():
            session.path.touch()
        record = self._made(session.said, session.path)
        self._sessions.finish(session, record["id"])
        await self.answer_file(record, session.said["fields"])

    async def _store(self, metadata: Any, content: Path, file_id: str | None, media_type: str) -> None:
        move = [self.listed("addParents"), self.listed("removeParents")]
        said = {"metadata": metadata, "file_id": file_id, "media_type": media_type, "move": move}
        await self.answer_file(self._made(said, content))

    def _made(self, said: Any, content: Path) -> Record:
        metadata, file_id, media_type = said["metadata"], said["file_id"], said["media_type"]
        try:
            if file_id is None:
                return self.store.create(metadata, self.grant, content, media_type)
            record = self.store.get(file_id, self.grant)
            add, remove = said["move"]
            self.store.move(record, add, remove, self.grant)
            return self.store.update(record, metadata, self.grant, content, media_type)
        finally:
            content.unlink(missing_ok=True)

    def _check(self, metadata: Any, file_id: str | None, size: int) -> None:
        """Refuse before the bytes come."""
        if file_id is None:
            self.store.check_new(metadata, self.grant)
            self.store.check_room(size)
        else:
            self.store.check_changes(metadata)
            self.store.check_room(size - self.store.get(file_id, self.grant).get("size", 0))

    def _spare(self, data: bytes) -> Path:
        path = self.store.spare()
        path.write_bytes(data)
        return path

    def _parts(self) -> tuple[Any, str, bytes]:
        """Metadata, type and bytes of a `multipart/related` body."""
        outer, body = Message(), bytes(self._body)
        outer["Content-Type"] = self.request.headers.get("Content-Type", "")
        mark = f"--{outer.get_boundary('')}".encode()
        # Google's own client ends its lines with a bare LF; what is before that belongs to the content.
        line = b"\r\n" if body.startswith(mark + b"\r\n") else b"\n"
        parts = [part.split(line * 2, 1) for part in (line + body).split(line + mark)]
        if len(parts) != 4 or [len(part) for part in parts[1:3]] != [2, 2]:
            raise DriveRefusal(400, "badContent", "Malformed multipart body.")
        (_, metadata), (head, media) = parts[1:3]
        kind = BytesParser().parsebytes(head.lstrip(line) + line * 2).get_content_type()
        return self.parsed(metadata), kind, media


def _refuse(refusal: Refusal) -> None:
    raise refusal
