"""Unpacks a zip that somebody else made: nothing outside the folder, no half files, and nothing of the learner's own overwritten."""

from __future__ import annotations

import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path, PurePosixPath, PureWindowsPath

from tutor.kit.live import Progress
from tutor.kit.services.errors import ServiceError
from tutor.kit.words import speak

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError)
CHUNK = 1 << 20
MANY_BYTES = 100_000_000
"""Fewer are unpacked before anybody would look at a bar."""

_UNSAFE = {
    "en": "The archive is not unpacked: {name} in it would be written outside the folder, or is no ordinary file.",
    "zh": "没有解压：压缩包里的 {name} 会写到文件夹之外，或者不是普通文件。",
}
_CANNOT = {
    "en": "The archive is packed in a way that Python does not know, or with a password.",
    "zh": "压缩包的压缩方式 Python 不认识，或者设了密码。",
}
_KEPT = {
    "en": "{name} was there already and is another one: yours is kept as {kept}.",
    "zh": "{name} 已经存在，内容不同：你的那份保留为 {kept}。",
}
_MINE = {"en": "mine", "zh": "我的"}


def look(archive: zipfile.ZipFile, folder: Path, reserved: Collection[str] = ()) -> list[zipfile.ZipInfo]:
    """The files in it, all of which may be unpacked into the folder.

    Args:
        reserved: names in the folder that are ours.

    Raises:
        ServiceError: one of them must not be.
    """
    root = folder.resolve()
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        name = entry.filename
        path = PurePosixPath(name)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        is_plain = kind in (0, stat.S_IFREG) and "\\" not in name and ":" not in name and "\0" not in name
        if (
            not is_plain
            or not path.parts
            or path.is_absolute()
            or PureWindowsPath(name).is_absolute()
            or ".." in path.parts
            or path.parts[0] in reserved
            or not (folder / path).parent.resolve().is_relative_to(root)  # by a link that is in the folder
        ):
            raise ServiceError(speak(_UNSAFE, name=ascii(name)))
        if entry.flag_bits & 1:
            raise ServiceError(speak(_CANNOT))
        found[str(path)] = entry
    return list(found.values())


def unpack(
    archive: zipfile.ZipFile,
    entries: list[zipfile.ZipInfo],
    folder: Path,
    ours: Mapping[str, int],
    title: str,
    *,
    unfinished: Path,
) -> dict[str, int]:
    """Unpack those files, each in one step; what is there already, whole and the same, stays.

    Args:
        ours: checksums of files that an earlier version of the same archive has put there.
        unfinished: a folder for what is being written. What is left there when this is killed is nobody's, and stands among no data.

    Returns:
        The checksum (CRC-32) of each file by its name in the folder.

    Raises:
        DAMAGE: it is not what was packed.
        ServiceError: Python cannot unpack it.
        OSError: it cannot be written.
    """
    done, written = 0, {}
    total = sum(entry.file_size for entry in entries)
    bar = Progress(round(total / 1e6, 1), unit="MB", title=title) if total > MANY_BYTES else nullcontext()
    with bar as live:
        for entry in entries:
            target = folder / PurePosixPath(entry.filename)
            if not (target.is_file() and _is_same(target, entry)):
                _make_way(target, ours.get(entry.filename))
                _write(archive, entry, target, unfinished)
            written[entry.filename] = entry.CRC
            done += entry.file_size
            if live is not None:
                live.update(round(done / 1e6, 1))
    return written


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, working: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if (
        working.stat().st_dev != target.parent.stat().st_dev
    ):  # only within one file system a file gets its name in one step
        working = target.parent
    descriptor, name = tempfile.mkstemp(prefix=".unpacking.", dir=working)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in _chunks(archive, entry):
                file.write(chunk)
            os.fchmod(descriptor, 0o644)
        unfinished.replace(target)
    except (NotImplementedError, RuntimeError):
        raise ServiceError(speak(_CANNOT)) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):  # its checksum is looked at with the last one
            yield chunk


def _is_same(target: Path, entry: zipfile.ZipInfo) -> bool:
    return target.stat().st_size == entry.file_size and crc_of(target) == entry.CRC


def _make_way(target: Path, ours: int | None) -> None:
    """What is there under that name and was not put there by us is kept under another."""
    if not os.path.lexists(target) or (target.is_file() and not target.is_symlink() and crc_of(target) == ours):
        return
    number = 1
    while True:
        mark = speak(_MINE) if number == 1 else f"{speak(_MINE)} {number}"
        kept = target.with_name(f"{target.stem} ({mark}){target.suffix}")
        if not os.path.lexists(kept):
            break
        number += 1
    target.rename(kept)
    print(speak(_KEPT, name=target.name, kept=kept.name))


def crc_of(path: Path) -> int:
    """The checksum that zips have of their files."""
    value = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            value = zlib.crc32(chunk, value)
    return value
