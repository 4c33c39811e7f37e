"""Brings a file from Drive, in pieces that a broken network or a killed program does not lose, and compares what arrived."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from tutor.kit.services.drive_file import BLOCK, FIELDS, File, ask, explained, file_of, md5_of
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.shown import MEGABYTE, shown
from tutor.kit.services.trying import Patience, keep_trying
from tutor.kit.services.unreached import WebPage
from tutor.kit.words import speak

PIECE = 8 << 20
"""Bytes that are asked for at once."""

_NO_BYTES = {
    "en": "{name} is a folder or a document of Google's own kind: it has no bytes to download. Export it, or open it in a browser.",
    "zh": "{name} 是文件夹或 Google 自家格式的文档，没有可下载的内容。请用导出，或在浏览器中打开。",
}
_NO_ROOM = {
    "en": "{name} has {size:.1f} MB, and the disk under {folder} has {free:.1f} MB left; nothing was downloaded. Make room there, or name another folder.",
    "zh": "{name} 有 {size:.1f} MB，而 {folder} 所在的磁盘只剩 {free:.1f} MB，所以没有下载。请腾出空间，或换一个文件夹。",
}
_THERE = {"en": "{name} is here already, with the same content.", "zh": "本地已有内容相同的 {name}。"}
_GOES_ON = {
    "en": "{name}: the download goes on after {done:.1f} of {size:.1f} MB.",
    "zh": "{name}：从 {done:.1f} MB（共 {size:.1f} MB）处继续下载。",
}
_BUSY = {
    "en": "Another program is downloading the same {name} to the same place at this moment; I wait for it.",
    "zh": "另一个程序正在把同一个 {name} 下载到同一位置，我等它完成。",
}
_KEPT = {
    "en": "Another {name} was here; it is now called {kept}.",
    "zh": "这里原有一个内容不同的 {name}，已改名为 {kept}。",
}
_DAMAGED = {
    "en": "What arrived is not what Drive holds (MD5 {found}, expected {expected}), and was thrown away. Run this again.",
    "zh": "下载到的内容和云端硬盘里的不一致（MD5 {found}，应为 {expected}），已丢弃。请再运行一次。",
}
_NOT_WRITTEN = {
    "en": "{path} could not be written: {reason}. What has arrived is kept beside it.",
    "zh": "{path} 写不进去：{reason}。已下载的部分保留在旁边。",
}
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def download(drive: Any, file_id: str, path: str | Path, *, patience: Patience | None = None) -> File:
    """Bring a file from Drive to `path`; a folder gets it under its own name.

    Called again, it goes on where it was broken off. Another file that is there already is renamed, never lost.

    Raises:
        ServiceError: it is not here; the text says why, and what is kept.
    """
    found = ask(drive.files().get(fileId=file_id, fields=FIELDS), about=file_id, patience=patience)
    file = explained(lambda: file_of(found))
    if not file.md5:
        raise ServiceError(speak(_NO_BYTES, name=file.name))
    target = Path(path)
    if target.is_dir():
        # A name on Drive may be anything; here it is a name, and no way to another folder.
        name = file.name.replace("\\", "/").rpartition("/")[2]
        target = target / (file.id if name in ("", ".", "..") else name)
    try:
        if not _is_here(target, file):
            target.parent.mkdir(parents=True, exist_ok=True)
            # Named by its content: of another version nothing is taken over.
            part = target.with_name(f".{target.name[:80]}.{file.md5[:8]}.part")
            with _alone(part, file.name) as stream:
                if not _is_here(target, file):  # by whoever was waited for
                    _fetch(drive, file, part, stream, patience)
                    _put(part, target)
                    return file
        print(speak(_THERE, name=target.name))
    except OSError as error:
        raise ServiceError(speak(_NOT_WRITTEN, path=target, reason=error.strerror or type(error).__name__)) from None
    return file


def _is_here(target: Path, file: File) -> bool:
    return target.is_file() and target.stat().st_size == file.size and md5_of(target) == file.md5


@contextmanager
def _alone(part: Path, name: str) -> Iterator[BinaryIO]:
    """What has arrived so far, open, and written by nobody else meanwhile: pieces of two programs would lie in it one after the other."""
    has_said = False
    while True:
        stream = part.open("a+b")
        with suppress(OSError):  # of a file system that has no locks
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not has_said:
                    print(speak(_BUSY, name=name))
                    has_said = True
                fcntl.flock(stream, fcntl.LOCK_EX)
        if _is_at(part, stream):
            break
        stream.close()  # whoever was waited for has given it its name, or thrown it away
    with stream:
        try:
            yield stream
        finally:
            if os.fstat(stream.fileno()).st_size == 0 and _is_at(part, stream):
                part.unlink()


def _is_at(path: Path, stream: BinaryIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


def _fetch(drive: Any, file: File, part: Path, stream: BinaryIO, patience: Patience | None) -> None:
    have = os.fstat(stream.fileno()).st_size
    if have > file.size:
        stream.truncate(0)
        have = 0
    free = shutil.disk_usage(part.parent).free
    if file.size - have > free:
        size, left = file.size / MEGABYTE, free / MEGABYTE
        raise ServiceError(speak(_NO_ROOM, name=file.name, size=size, folder=part.parent, free=left))
    if 0 < have < file.size:
        print(speak(_GOES_ON, name=file.name, done=have / MEGABYTE, size=file.size / MEGABYTE))
    digest = hashlib.md5(usedforsecurity=False)
    request = drive.files().get_media(fileId=file.id)
    with shown(file.name, file.size, have) as done:
        stream.seek(0)
        while block := stream.read(BLOCK):
            digest.update(block)
        while have < file.size:
            piece = explained(lambda at=have: _piece(request, at, file.size, patience), file.name)  # type: ignore[misc]
            stream.write(piece)
            stream.flush()  # a program that is killed now has lost nothing
            digest.update(piece)
            have += len(piece)
            done(have)
    if digest.hexdigest() != file.md5:
        part.unlink()
        raise ServiceError(speak(_DAMAGED, found=digest.hexdigest(), expected=file.md5))


def _piece(request: Any, start: int, size: int, patience: Patience | None) -> bytes:
    """The bytes from there on."""
    from googleapiclient.errors import HttpError

    end = min(start + PIECE, size) - 1
    # The others are about JSON, and about packing, with which a part of a file has no beginning.
    left_out = ("accept", "accept-encoding", "user-agent")
    headers = {name: value for name, value in request.headers.items() if name.lower() not in left_out}

    def once() -> bytes:
        answer, content = request.http.request(
            request.uri, method="GET", headers={**headers, "range": f"bytes={start}-{end}"}
        )
        if answer.status >= 300:
            raise HttpError(answer, content)
        said = _RANGE.fullmatch(answer.get("content-range", ""))
        is_part = said is not None and said.groups() == (str(start), str(end), str(size))
        is_whole = answer.status == 200 and said is None and start == 0 and len(content) == size
        if not is_whole and not (is_part and len(content) == end - start + 1):
            raise WebPage
        return bytes(content)

    return keep_trying(once, patience=patience)


def _put(part: Path, target: Path) -> None:
    """Give it its name; what has that name now keeps existing under another."""
    if target.exists():
        number = 1
        while (kept := target.with_name(f"{target.stem} (old {number}){target.suffix}")).exists():
            number += 1
        target.rename(kept)
        print(speak(_KEPT, name=target.name, kept=kept.name))
    part.replace(target)
