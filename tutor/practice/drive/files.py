"""Drive's `files` and `about`, but for what is uploaded."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from tutor.practice.drive import fields, query, resource
from tutor.practice.drive.base import DriveHandler
from tutor.practice.drive.store import FOLDER, NATIVE, Record, orders
from tutor.practice.drive.words import DriveRefusal

_RANGE = re.compile(r"bytes=(?:(\d+)-(\d*)|-(\d+))")
_LIST_DEFAULT = "kind,nextPageToken,incompleteSearch,files(kind,id,name,mimeType)"


class About(DriveHandler):
    """The person, and how full the Drive is."""

    async def get(self) -> None:
        """Nothing comes by itself here."""
        wanted = self.get_query_argument("fields", "")
        if not wanted:
            message = "The 'fields' parameter is required for this method."
            raise DriveRefusal(400, "required", message, parameter="fields")
        tree = fields.read(wanted, "About")
        used = str(self.store.used)
        about = {
            "kind": "drive#about",
            "user": resource.user(),
            "storageQuota": {
                "limit": str(self.store.quota),
                "usage": used,
                "usageInDrive": used,
                "usageInDriveTrash": str(self.store.used_by_trash),
            },
            "maxUploadSize": "5242880000000",
            "appInstalled": not self.grant.sees_all,
            "canCreateDrives": False,
        }
        await self.answer(fields.select(about, tree))


class Files(DriveHandler):
    """The list, and new files without content."""

    async def get(self) -> None:
        """A page of what fits."""
        tree = fields.read(self.get_argument("fields", "") or _LIST_DEFAULT, "FileList")
        size = self.whole_number("pageSize", 100, 1000)
        found = self._ordered(self._fitting())
        start = self._start()
        answer: dict[str, Any] = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [self._resource(each) for each in found[start : start + size]],
        }
        if start + size < len(found):
            answer["nextPageToken"] = self._page_token(start + size)
        await self.answer(fields.select(answer, tree))

    async def post(self) -> None:
        """A new file; or a list whose question was too long for an address."""
        if self.request.headers.get("X-HTTP-Method-Override", "") == "GET":
            await self.get()
            return
        await self.answer_file(self.store.create(self.json, self.grant, None))

    def _resource(self, record: Record) -> dict[str, Any]:
        return resource.file(record, self.store, self.grant, self.practice.root)

    def _fitting(self) -> list[Record]:
        test = query.read(self.get_argument("q", ""), self.store.root_id)
        return [each for each in self.store.visible(self.grant) if test(self._resource(each))]

    def _ordered(self, records: list[Record]) -> list[Record]:
        known = orders()
        keys = [each.split() for each in (self.get_argument("orderBy", "") or "modifiedTime desc").split(",")]
        for name, *rest in reversed(keys):
            if name not in known or rest not in ([], ["desc"]):
                raise DriveRefusal(400, "invalid", parameter="orderBy")
            records.sort(key=known[name], reverse=bool(rest))
        return records

    @property
    def _question(self) -> bytes:
        """Of which question a page is: with another one its token is not good."""
        asked = "\n".join(self.get_argument(name, "") for name in ("q", "orderBy"))
        return hashlib.sha256(asked.encode()).digest()[:6]

    def _page_token(self, at: int) -> str:
        return "~!!~" + base64.urlsafe_b64encode(self._question + str(at).encode()).decode()

    def _start(self) -> int:
        token = self.get_argument("pageToken", "")
        if not token:
            return 0
        try:
            raw = base64.urlsafe_b64decode(token.removeprefix("~!!~"))
        except ValueError:
            raw = b""
        if raw[:6] != self._question or not raw[6:].isdigit():
            raise DriveRefusal(400, "invalid", parameter="pageToken")
        return int(raw[6:])


class GenerateIds(DriveHandler):
    """Identifiers for files that are made later."""

    async def get(self) -> None:
        """As many as are wanted."""
        count = self.whole_number("count", 10, 1000)
        answer = {
            "kind": "drive#generatedIds",
            "space": self.get_query_argument("space", "drive"),
            "ids": [self.store.new_id() for _ in range(count)],
        }
        tree = fields.read(self.get_query_argument("fields", "*"), "GeneratedIds")
        await self.answer(fields.select(answer, tree))


class OneFile(DriveHandler):
    """One file: metadata, content, changes."""

    async def get(self, file_id: str) -> None:
        """The metadata, or with `alt=media` the content."""
        record = self.store.get(file_id, self.grant)
        if self.get_query_argument("alt", "json") == "media":
            await self._send_content(record)
        else:
            await self.answer_file(record)

    async def patch(self, file_id: str) -> None:
        """Other metadata, other folders."""
        record = self.store.get(file_id, self.grant)
        self.store.check_changes(self.json)
        self.store.move(record, self.listed("addParents"), self.listed("removeParents"), self.grant)
        await self.answer_file(self.store.update(record, self.json, self.grant, None))

    async def delete(self, file_id: str) -> None:
        """Past the trash."""
        self.store.delete(self.store.get(file_id, self.grant))
        await self.send(b"", status=204)

    async def _send_content(self, record: Record) -> None:
        content = self.store.content(record)
        if content is None:
            raise DriveRefusal(403, "fileNotDownloadable", parameter="alt")
        size = record["size"]
        asked = _RANGE.fullmatch(self.request.headers.get("Range", ""))
        first, last, status = 0, size - 1, 200
        if asked:
            if asked[3]:
                first = max(0, size - int(asked[3]))
            else:
                first, last = int(asked[1]), min(last, int(asked[2] or last))
            if first >= size or first > last:
                self.set_header("Content-Range", f"bytes */{size}")
                # The header must outlive the refusal, which clears what was set before.
                refusal = DriveRefusal(416)
                refusal.headers = {"Content-Range": f"bytes */{size}"}
                raise refusal
            self.set_header("Content-Range", f"bytes {first}-{last}/{size}")
            status = 206
        with content.open("rb") as stream:
            stream.seek(first)
            body = stream.read(last - first + 1)
        await self.send(body, record["mimeType"], status)


class Copy(DriveHandler):
    """Another file with the same content."""

    async def post(self, file_id: str) -> None:
        """In the same folder, if nothing else is said."""
        record = self.store.get(file_id, self.grant)
        await self.answer_file(self.store.copy(record, self.json, self.grant))


class Export(DriveHandler):
    """Documents of Google's own kinds in other formats."""

    async def get(self, file_id: str) -> None:
        """Plain text, of what has no bytes of its own; here such a document is always empty."""
        record = self.store.get(file_id, self.grant)
        if not record["mimeType"].startswith(NATIVE) or record["mimeType"] == FOLDER:
            raise DriveRefusal(403, "fileNotExportable")
        if self.get_query_argument("mimeType", "") != "text/plain":
            message = "The requested conversion is not supported."
            raise DriveRefusal(400, "badRequest", message, parameter="mimeType")
        await self.send(b"", "text/plain")


class Trash(DriveHandler):
    """The trash."""

    async def delete(self) -> None:
        """Empty it, of what this token sees."""
        for record in self.store.visible(self.grant):
            if self.store.is_trashed(record):
                self.store.delete(record)
        await self.send(b"", status=204)
