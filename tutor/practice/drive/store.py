"""The files of the practice Drive: metadata in what the service keeps, contents in files of their own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import mimetypes
import secrets
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor.paths import make_private
from tutor.practice.drive.grants import MAIL, PERSON, Grant
from tutor.practice.drive.query import moment
from tutor.practice.drive.words import DriveRefusal, not_found
from tutor.practice.kept import Kept
from tutor.practice.service import LEARNER

FOLDER = "application/vnd.google-apps.folder"
NATIVE = "application/vnd.google-apps."
"""So begin the types of what has no bytes of its own."""
QUOTA = 15 << 30
"""Bytes, as of an account without a subscription."""
OWNER_ID = "00000000000000000001"
_WRITABLE = (
    *("name", "mimeType", "description", "starred", "trashed", "properties", "appProperties", "originalFilename"),
    *("createdTime", "modifiedTime", "viewedByMeTime", "copyRequiresWriterPermission", "writersCanShare"),
    *("folderColorRgb", "contentHints"),
)
_ONCE = ("id", "parents")
"""Writable in `create` and `copy` only."""

Record = dict[str, Any]


class Store:
    """Used in the server's thread only, but for its beginning."""

    def __init__(self, kept: Kept, folder: Path) -> None:
        """Args: `folder`: for contents."""
        self._kept = kept
        self._folder = make_private(folder)
        self.quota = QUOTA
        self.root_id: str = kept.setdefault("root", f"0A{secrets.token_urlsafe(14)}PVA")
        self._secret = bytes.fromhex(kept.setdefault("ids", secrets.token_hex(16)))
        self._records: dict[str, Record] = kept.setdefault("files", {})
        now = _now()
        self._root: Record = {
            "id": self.root_id,
            "name": "My Drive",
            "mimeType": FOLDER,
            "parents": [],
            "projects": [],
            "createdTime": now,
            "modifiedTime": now,
            "trashed": False,
            "starred": False,
            "version": 1,
            "permissions": [owner()],
        }

    def new_id(self) -> str:
        """One that this Drive recognises later without having written it down."""
        chance = secrets.token_bytes(16)
        return "1" + base64.urlsafe_b64encode(chance + self._seal(chance)).decode()

    def is_own_id(self, file_id: str) -> bool:
        """Whether `new_id` has made it."""
        try:
            raw = base64.urlsafe_b64decode(file_id[1:])
        except ValueError:
            return False
        return len(raw) == 24 and hmac.compare_digest(raw[16:], self._seal(raw[:16]))

    def _seal(self, chance: bytes) -> bytes:
        return hmac.digest(self._secret, chance, "sha256")[:8]

    def get(self, file_id: str, grant: Grant) -> Record:
        """Raises: DriveRefusal: it is not there for this token."""
        if file_id in ("root", self.root_id) and grant.sees_all:
            return self._root
        record = self._records.get(file_id)
        if record is None or not self.is_visible(record, grant):
            raise not_found(file_id)
        return record

    @staticmethod
    def is_visible(record: Mapping[str, Any], grant: Grant) -> bool:
        """With the scope `drive.file` an application sees what it made itself."""
        return grant.sees_all or grant.project in record["projects"]

    def visible(self, grant: Grant) -> Iterator[Record]:
        """All that this token may see, but the root."""
        return (record for record in list(self._records.values()) if self.is_visible(record, grant))

    def is_trashed(self, record: Mapping[str, Any]) -> bool:
        """By itself, or with a folder around it."""
        if record["trashed"]:
            return True
        above = (self._records.get(each) for each in record["parents"])
        return any(self.is_trashed(each) for each in above if each is not None)

    def content(self, record: Mapping[str, Any]) -> Path | None:
        """Its bytes; None of what has none."""
        return self._folder / record["headRevisionId"] if "headRevisionId" in record else None

    @property
    def used(self) -> int:
        """Bytes."""
        return sum(record.get("size", 0) for record in self._records.values())

    @property
    def used_by_trash(self) -> int:
        """Bytes of what lies in the trash."""
        return sum(record.get("size", 0) for record in self._records.values() if self.is_trashed(record))

    def check_room(self, size: int) -> None:
        """Raises: DriveRefusal: so much does not fit any more."""
        if self.used + size > self.quota:
            raise DriveRefusal(403, "storageQuotaExceeded")

    def check_new(self, metadata: Mapping[str, Any], grant: Grant) -> None:
        """Look before anything is sent.

        Raises:
            DriveRefusal: a file cannot be made so.
        """
        _check_writable(metadata, (*_WRITABLE, *_ONCE))
        self._parents(metadata, grant)
        file_id = metadata.get("id")
        if file_id in self._records:
            raise DriveRefusal(409, "fileIdInUse", parameter="file.id")
        if file_id is not None:
            native = str(metadata.get("mimeType", "")).startswith(NATIVE) and metadata.get("mimeType") != FOLDER
            if native or not self.is_own_id(str(file_id)):
                raise DriveRefusal(400, "invalid", "The provided file ID is not usable.", parameter="file.id")

    def create(self, metadata: Mapping[str, Any], grant: Grant, content: Path | None, media_type: str = "") -> Record:
        """A new file. Args: `content` is moved away; `media_type`: of the content, as its sender says.

        Raises:
            DriveRefusal: it cannot be made so.
        """
        self.check_new(metadata, grant)
        now = _now()
        record: Record = {
            "id": metadata.get("id") or self.new_id(),
            "name": "Untitled",
            "createdTime": now,
            "modifiedTime": now,
            "trashed": False,
            "starred": False,
            "version": 0,
            "parents": self._parents(metadata, grant),
            "projects": [] if grant.project == PERSON else [grant.project],
            "permissions": [owner()],
        }
        self._write(record, metadata)
        record.setdefault("mimeType", _guess(media_type, record["name"]))
        if record["mimeType"].startswith(NATIVE):
            if content is not None:  # made into a document of Google's own kind, which has no bytes
                content.unlink()
                content = None
        elif content is None:
            content = self.spare()
            content.touch()
        if content is not None:
            self._take(record, content)
        self._records[record["id"]] = record
        self.touch(record)
        return record

    def update(
        self, record: Record, metadata: Mapping[str, Any], grant: Grant, content: Path | None, media_type: str = ""
    ) -> Record:
        """Other metadata, other content, or both.

        Raises:
            DriveRefusal: something is not to be changed.
        """
        self.check_changes(metadata)
        if content is not None:
            old = self.content(record)
            if old is None:
                raise DriveRefusal(403, "fieldNotWritable")
            self._take(record, content)
            record["originalFilename"] = metadata.get("name", record["name"])
            if media_type and "mimeType" not in metadata:
                record["mimeType"] = _guess(media_type, record["name"])
            old.unlink(missing_ok=True)
        if content is not None or set(metadata) - {"trashed", "starred", "viewedByMeTime"}:
            record["modifiedTime"] = _now()
        self._write(record, metadata)
        self.touch(record)
        return record

    @staticmethod
    def check_changes(metadata: Mapping[str, Any]) -> None:
        """Raises: DriveRefusal: something is not to be changed."""
        if "parents" in metadata:
            text = "The parents field is not directly writable in update requests. Use the addParents and removeParents parameters instead."
            raise DriveRefusal(403, "fieldNotWritable", text)
        _check_writable(metadata, _WRITABLE)

    def move(self, record: Record, add: list[str], remove: list[str], grant: Grant) -> None:
        """To other folders.

        Raises:
            DriveRefusal: they are not there, or it would be in two, or within itself.
        """
        removed = [self.root_id if each == "root" else each for each in remove]
        parents = [each for each in record["parents"] if each not in removed]
        for parent in self._parents({"parents": add}, grant) if add else []:
            if parent == record["id"] or record["id"] in self._above(parent):
                raise DriveRefusal(403, "badRequest", "A folder cannot be moved into itself.", parameter="addParents")
            if parent not in parents:
                parents.append(parent)
        if len(parents) > 1:
            raise DriveRefusal(403, "cannotAddParent", parameter="addParents")
        record["parents"] = parents

    def copy(self, record: Record, metadata: Mapping[str, Any], grant: Grant) -> Record:
        """Another file with the same content.

        Raises:
            DriveRefusal: it is a folder, or the copy cannot be made so.
        """
        if record["mimeType"] == FOLDER:
            raise DriveRefusal(403, "cannotCopyFile")
        source, content = self.content(record), None
        if source is not None:
            self.check_room(record["size"])
            content = self.spare()
            shutil.copyfile(source, content)
        parents = [each for each in record["parents"] if each == self.root_id or self.sees(each, grant)]
        kept: Record = {
            name: record[name] for name in ("name", "mimeType", "description", "properties") if name in record
        }
        return self.create({**kept, "parents": parents or ["root"], **metadata}, grant, content)

    def delete(self, record: Record) -> None:
        """For good, with everything below it."""
        for each in [other for other in self._records.values() if record["id"] in other["parents"]]:
            if each["id"] in self._records:
                self.delete(each)
        content = self.content(record)
        if content is not None:
            content.unlink(missing_ok=True)
        self._records.pop(record["id"], None)
        self._kept.save()

    def touch(self, record: Record) -> None:
        """It was changed: count it, and write it down."""
        record["version"] += 1
        self._kept.save()

    def spare(self) -> Path:
        """A path for content that is on its way."""
        return self._folder / f"{uuid.uuid4().hex}.part"

    def sees(self, file_id: str, grant: Grant) -> bool:
        """Whether it is there for this token."""
        record = self._records.get(file_id)
        return record is not None and self.is_visible(record, grant)

    def _above(self, file_id: str) -> list[str]:
        record = self._records.get(file_id)
        parents = record["parents"] if record else []
        return [*parents, *(above for each in parents for above in self._above(each))]

    def _parents(self, metadata: Mapping[str, Any], grant: Grant) -> list[str]:
        parents = list(metadata.get("parents") or ["root"])
        if len(parents) > 1:
            raise DriveRefusal(400, "invalid", "A file cannot have several parents.", parameter="file.parents")
        for parent in parents:
            if parent not in ("root", self.root_id) and self.get(parent, grant)["mimeType"] != FOLDER:
                raise DriveRefusal(403, "parentNotAFolder", parameter="file.parents")
        return [self.root_id if each == "root" else each for each in parents]

    def _take(self, record: Record, content: Path) -> None:
        """Make these bytes its content."""
        size = content.stat().st_size
        try:
            self.check_room(size - record.get("size", 0))
        except DriveRefusal:
            content.unlink()
            raise
        sums: dict[str, Any] = {name: hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256")}
        with content.open("rb") as stream:
            while block := stream.read(1 << 20):
                for each in sums.values():
                    each.update(block)
        record["headRevisionId"] = "0B" + secrets.token_hex(20)
        record |= {"size": size, **{name: each.hexdigest() for name, each in sums.items()}}
        content.replace(self._folder / record["headRevisionId"])
        record.setdefault("originalFilename", record["name"])

    def _write(self, record: Record, metadata: Mapping[str, Any]) -> None:
        for name, value in metadata.items():
            if name in ("properties", "appProperties"):
                merged = {**record.get(name, {}), **(value or {})}
                record[name] = {key: each for key, each in merged.items() if each is not None}
            elif name.endswith("Time"):
                record[name] = _stamp(moment(str(value)) or _wrong_time(name))
            elif name not in (*_ONCE, "contentHints"):
                record[name] = value


def owner() -> Record:
    """The permission of whoever owns a file."""
    return {
        "kind": "drive#permission",
        "id": OWNER_ID,
        "type": "user",
        "role": "owner",
        "emailAddress": MAIL,
        "displayName": LEARNER,
        "deleted": False,
        "pendingOwner": False,
    }


def orders() -> Mapping[str, Callable[[Record], Any]]:
    """By what a list can be ordered."""
    return {
        "createdTime": lambda record: record["createdTime"],
        "modifiedTime": lambda record: record["modifiedTime"],
        "folder": lambda record: record["mimeType"] != FOLDER,
        "modifiedByMeTime": lambda record: record["modifiedTime"],
        "name": lambda record: record["name"],
        "name_natural": lambda record: record["name"].casefold(),
        "quotaBytesUsed": lambda record: record.get("size", 0),
        "recency": lambda record: record["modifiedTime"],
        "sharedWithMeTime": lambda record: "",
        "starred": lambda record: record["starred"],
        "viewedByMeTime": lambda record: record.get("viewedByMeTime", ""),
    }


def _check_writable(metadata: Mapping[str, Any], names: tuple[str, ...]) -> None:
    if not isinstance(metadata, Mapping):
        raise DriveRefusal(400, "parseError", "Parse Error")
    # The client's own samples send the kind back.
    if any(name not in names and name != "kind" for name in metadata):
        raise DriveRefusal(403, "fieldNotWritable")


def _guess(media_type: str, name: str) -> str:
    plain = media_type.partition(";")[0].strip()
    if plain and plain != "application/octet-stream":
        return plain
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _wrong_time(name: str) -> datetime:
    raise DriveRefusal(400, "invalid", f"Invalid value for: {name}")


def _now() -> str:
    return _stamp(datetime.now(UTC))


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
