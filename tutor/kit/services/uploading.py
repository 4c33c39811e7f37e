"""Sends a file to Drive so that it arrives whole and once, over a network that breaks and from a program that is killed."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tutor.kit.services.drive_file import FIELDS, File, ask, explained, file_of, look, md5_of, new_id
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.shown import MEGABYTE, shown
from tutor.kit.services.trying import Patience, keep_trying
from tutor.kit.services.unreached import WebPage
from tutor.kit.services.upload_memory import Memories, Memory, folder_of_memories
from tutor.kit.words import speak

PIECE = 8 << 20
"""Bytes that are sent at once; Google wants multiples of 256 KiB."""
GONE = (404, 410)
"""How Google says that the address of an upload has lapsed."""
_OF_ADDRESS = (400, 412, 413, 416)
"""Refusals after which nothing is to be had from the same address of an upload."""
MOST_STARTS = 3

_NO_FILE = {"en": "There is no file {path} to upload.", "zh": "没有文件 {path} 可以上传。"}
_NO_FOLDER = {
    "en": "Drive shows this application no folder {folder}, so nothing was uploaded. It was deleted, or made by something else than this application: make_folder gives one that it sees.",
    "zh": "云端硬盘没有向这个应用显示文件夹 {folder}，所以没有上传。它可能已删除，也可能不是本应用创建的；用 make_folder 可以得到本应用看得到的文件夹。",
}
_NO_ROOM = {
    "en": "{name} has {size:.1f} MB, and your Google Drive has {free:.1f} MB left; nothing was sent. Make room at drive.google.com, and empty the trash there: it counts too.",
    "zh": "{name} 有 {size:.1f} MB，而你的 Google 云端硬盘只剩 {free:.1f} MB，所以没有上传。请到 drive.google.com 腾出空间，并清空回收站，它也占用空间。",
}
_THERE = {"en": "{name} is on Drive already, with the same content.", "zh": "云端硬盘里已有内容相同的 {name}。"}
_BUSY = {
    "en": "Another program is uploading the same {name} at this moment; I wait for it.",
    "zh": "另一个程序正在上传同一个 {name}，我等它完成。",
}
_GOES_ON = {
    "en": "{name}: the upload goes on after {done:.1f} of {size:.1f} MB.",
    "zh": "{name}：从 {done:.1f} MB（共 {size:.1f} MB）处继续上传。",
}
_CHANGED = {
    "en": "{path} was changed while it was uploaded, so what arrived is neither the old nor the new; it was removed from Drive. Run this again when the file is at rest.",
    "zh": "{path} 在上传途中被改动，传上去的内容既不是旧的也不是新的，已从云端硬盘删除。等文件不再变化后，请再运行一次。",
}
_DAMAGED = {
    "en": "What arrived is not what was sent (MD5 {found}, expected {expected}); it was removed from Drive. Run this again.",
    "zh": "传上去的内容和本地文件不一致（MD5 {found}，应为 {expected}），已从云端硬盘删除。请再运行一次。",
}
_RESTARTS = {
    "en": "Google gave up this upload {times} times. Run this again later.",
    "zh": "Google 已 {times} 次放弃这次上传。请稍后再运行。",
}


def upload(
    drive: Any,
    path: str | Path,
    *,
    folder: str | None = None,
    name: str | None = None,
    memory: Path | None = None,
    patience: Patience | None = None,
) -> File:
    """Put a file on Drive.

    The same content under the same name in the same folder is sent once: called again, it goes on where it was broken off, or says that the
    file is there. Other content becomes another file; nothing on Drive is overwritten.

    Args:
        drive: as `tutor.kit.services.drive()` gives it.
        folder: the id of a folder; None for the top of the Drive.
        name: on Drive; None for the file's own.
        memory: the folder in which the upload notes how to go on; None for tutor's cache.
        patience: how long to go on trying.

    Raises:
        ServiceError: it is not there; the text says why, and what is kept.
    """
    source = Path(path)
    if not source.is_file():
        raise ServiceError(speak(_NO_FILE, path=path))
    return _Upload(drive, source, folder, name or source.name, Memories(memory or folder_of_memories()), patience).run()


class _Upload:
    def __init__(
        self, drive: Any, source: Path, folder: str | None, name: str, memories: Memories, patience: Patience | None
    ) -> None:
        self._drive = drive
        self._source = source
        self._folder = folder
        self._name = name
        self._memories = memories
        self._patience = patience
        self._state = source.stat()
        self._md5 = md5_of(source)

    @property
    def _size(self) -> int:
        return self._state.st_size

    def run(self) -> File:
        """Look, send, compare."""
        fields = "user(permissionId),storageQuota(limit,usage)"
        about = ask(self._drive.about().get(fields=fields), about=self._name, patience=self._patience)
        who = explained(lambda: str(about["user"]["permissionId"]))
        self._key = self._key_for(who)
        with self._memories.alone(self._key, lambda: print(speak(_BUSY, name=self._name))):
            return self._brought(about)

    def _brought(self, about: dict[str, Any]) -> File:
        memory = self._memories.find(self._key)
        if memory is not None:
            found = look(self._drive, memory.file_id, patience=self._patience)
            if found is not None:
                if self._is_whole(found):
                    self._memories.keep(self._key, Memory(memory.file_id))
                    print(speak(_THERE, name=self._name))
                    return file_of(found)
                memory = None  # put into the trash, or changed since: that one is left alone
        self._check_room(about)
        if memory is None:
            memory = Memory(new_id(self._drive, patience=self._patience))
            self._memories.keep(self._key, memory)
        return explained(lambda: self._compared(self._sent(memory)), self._name)

    def _key_for(self, who: str) -> str:
        """A name for this upload: same person, same content, same place."""
        told_apart = [self._root, who, self._folder or "", self._name, str(self._size), self._md5]
        return hashlib.sha256(json.dumps(told_apart).encode()).hexdigest()[:32]

    @property
    def _root(self) -> str:
        parts = urlsplit(str(self._drive.files().list().uri))
        return f"{parts.scheme}://{parts.netloc}"

    def _is_whole(self, found: dict[str, Any]) -> bool:
        return not found.get("trashed") and found.get("md5Checksum") == self._md5

    def _check_room(self, about: dict[str, Any]) -> None:
        quota = about.get("storageQuota", {})
        if "limit" not in quota:  # an account without one
            return
        free = int(quota["limit"]) - int(quota.get("usage", 0))
        if self._size > free:
            raise ServiceError(
                speak(_NO_ROOM, name=self._name, size=self._size / MEGABYTE, free=max(free, 0) / MEGABYTE)
            )

    # -- sending

    def _sent(self, memory: Memory) -> dict[str, Any]:
        """The finished file's description."""
        from googleapiclient.errors import HttpError

        for _ in range(MOST_STARTS):
            try:
                done = self._tried(memory)
            except HttpError as error:
                if error.resp.status == 409:
                    # The identifier is taken: by this very file, whose answer was lost, or for good.
                    found = look(self._drive, memory.file_id, patience=self._patience)
                    if found is not None and self._is_whole(found):
                        return found
                    self._memories.forget(self._key)
                elif error.resp.status in _OF_ADDRESS:
                    self._memories.keep(self._key, Memory(memory.file_id))
                raise
            if done is not None:
                return done
            memory = Memory(memory.file_id)
        raise ServiceError(speak(_RESTARTS, times=MOST_STARTS))

    def _tried(self, memory: Memory) -> dict[str, Any] | None:
        """Go on, or begin; None when Google has given the upload up."""
        request = self._request(memory.file_id)
        with closing(request.resumable.stream()):
            done = self._resume(request, memory) if memory.session else None
            if done is None and request.resumable_uri is None:
                self._start(request, memory.file_id)
            return self._pieces(request) if done is None else done

    def _request(self, file_id: str) -> Any:
        from googleapiclient.http import MediaFileUpload

        kind = mimetypes.guess_type(self._name)[0] or "application/octet-stream"
        media = MediaFileUpload(str(self._source), mimetype=kind, chunksize=PIECE, resumable=True)
        body: dict[str, Any] = {"id": file_id, "name": self._name}
        if self._folder is not None:
            body["parents"] = [self._folder]
        return self._drive.files().create(body=body, media_body=media, fields=FIELDS)

    def _start(self, request: Any, file_id: str) -> None:
        """Ask Google for an address to send to."""
        from googleapiclient.errors import HttpError

        headers = {
            **request.headers,
            "X-Upload-Content-Type": request.resumable.mimetype(),
            "X-Upload-Content-Length": str(self._size),
            "content-length": str(request.body_size),
        }

        def once() -> str:
            answer, content = request.http.request(
                request.uri, method=request.method, body=request.body, headers=headers
            )
            if answer.status == 200 and "location" in answer:
                return str(answer["location"])
            if answer.status < 300:
                raise WebPage
            raise HttpError(answer, content)

        try:
            # Whatever an earlier try has begun becomes no file before its last byte, so asking twice does no harm.
            session = keep_trying(once, patience=self._patience)
        except HttpError as error:
            if error.resp.status == 404 and self._folder is not None:
                raise ServiceError(speak(_NO_FOLDER, folder=self._folder)) from None
            raise
        request.resumable_uri = session
        self._memories.keep(self._key, Memory(file_id, session, time.time()))

    def _resume(self, request: Any, memory: Memory) -> dict[str, Any] | None:
        """Ask how much of an earlier run has arrived. Leaves the request without an address when that has lapsed."""
        from googleapiclient.errors import HttpError

        if not memory.session.startswith(f"{self._root}/"):  # the token goes nowhere else
            return None

        def once() -> tuple[int, dict[str, Any] | None]:
            headers = {"Content-Range": f"bytes */{self._size}", "content-length": "0"}
            answer, content = request.http.request(memory.session, method="PUT", headers=headers)
            if answer.status == 308:
                return int(str(answer.get("range", "-")).rpartition("-")[2] or -1) + 1, None
            if answer.status in (200, 201):
                return self._size, _described(content)
            raise HttpError(answer, content)

        try:
            arrived, done = keep_trying(once, patience=self._patience)
        except HttpError as error:
            if error.resp.status in GONE:
                return None
            raise
        request.resumable_uri, request.resumable_progress = memory.session, arrived
        if done is None and arrived:
            print(speak(_GOES_ON, name=self._name, done=arrived / MEGABYTE, size=self._size / MEGABYTE))
        return done

    def _pieces(self, request: Any) -> dict[str, Any] | None:
        """Send what is left; None when Google has given the upload up."""
        from googleapiclient.errors import HttpError

        def once() -> dict[str, Any] | None:
            # After a failure the client asks first how much has arrived.
            _, body = request.next_chunk()
            if body is not None and (not isinstance(body, dict) or "id" not in body):
                raise WebPage
            return body

        with shown(self._name, self._size, request.resumable_progress) as done:
            try:
                while (body := keep_trying(once, patience=self._patience)) is None:
                    done(request.resumable_progress)
            except HttpError as error:
                if error.resp.status in GONE:
                    return None
                raise
            done(self._size)
        return body

    # -- comparing

    def _compared(self, done: dict[str, Any]) -> File:
        if "md5Checksum" not in done:
            done = look(self._drive, str(done["id"]), patience=self._patience) or {}
        if self._is_whole(done):
            self._memories.keep(self._key, Memory(str(done["id"])))
            return file_of(done)
        self._memories.forget(self._key)
        if done:
            self._remove(str(done["id"]))
        now = self._source.stat()
        if (now.st_size, now.st_mtime_ns) != (self._state.st_size, self._state.st_mtime_ns):
            raise ServiceError(speak(_CHANGED, path=self._source))
        raise ServiceError(speak(_DAMAGED, found=done.get("md5Checksum", "?"), expected=self._md5))

    def _remove(self, file_id: str) -> None:
        """Take away what we have just made wrongly."""
        from googleapiclient.errors import HttpError

        def once() -> None:
            try:
                self._drive.files().delete(fileId=file_id).execute()
            except HttpError as error:
                if error.resp.status != 404:
                    raise

        keep_trying(once, patience=self._patience)


def _described(content: bytes) -> dict[str, Any]:
    described = json.loads(content)
    if not isinstance(described, dict) or "id" not in described:
        raise WebPage
    return described
