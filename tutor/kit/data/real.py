"""The real sets: found, or downloaded and unpacked, and loaded by torchvision."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tutor.kit.data import folders
from tutor.kit.data.download import fetch, md5_of
from tutor.kit.data.errors import DataError
from tutor.kit.data.known import Archive, Known
from tutor.kit.words import speak

_NO_FOLDER = {
    "en": "TUTOR_DATA names {folder}, and there is no such folder. Make it, or unset TUTOR_DATA.",
    "zh": "TUTOR_DATA 指向 {folder}，但没有这个文件夹。请建好它，或者取消 TUTOR_DATA。",
}
_NOT_GIVEN = {
    "en": "TUTOR_DATA names {folder}, and {title} is not in it: neither the folder {unpacked} nor {archives}.",
    "zh": "TUTOR_DATA 指向 {folder}，里面却没有 {title}：既没有文件夹 {unpacked}，也没有 {archives}。",
}
_DAMAGED = {
    "en": "{path} is damaged: its MD5 is {found}, torchvision expects {expected}. Copy it there once more.",
    "zh": "{path} 已损坏：MD5 是 {found}，torchvision 要求的是 {expected}。请重新复制一份。",
}
_UNREADABLE = {
    "en": "{title} in {folder} cannot be read: {reason} Copy it there once more.",
    "zh": "{folder} 里的 {title} 无法读取：{reason} 请重新复制一份。",
}
_NO_MIRROR = {
    "en": "TUTOR_DATA_MIRROR is {mirror!r}, and it must begin with https:// or http://.",
    "zh": "TUTOR_DATA_MIRROR 是 {mirror!r}，它必须以 https:// 或 http:// 开头。",
}
_NO_ROOM = {
    "en": "{title} could not be kept in {folder}: {reason}. Make room there, or let TUTOR_HOME name another folder.",
    "zh": "{title} 没能存到 {folder}：{reason}。请腾出空间，或者让 TUTOR_HOME 指向另一个文件夹。",
}


def find_real(known: Known, **options: Any) -> tuple[Any, Any] | None:
    """Training and test images where they are on this computer: kept by us, or where `TUTOR_DATA` says.

    Raises:
        DataError: what is there is damaged.
    """
    if (folders.kept() / known.folder).is_dir():
        return _load(known, folders.kept(), options)
    given = folders.given()
    if given is None:
        return None
    if not given.is_dir():
        raise DataError(speak(_NO_FOLDER, folder=given))
    if _is_unpacked(known, given):
        return _load(known, given, options)
    archives = _given_archives(known, given)
    if archives is None:
        names = ", ".join(archive.name for archive in known.archives())
        print(speak(_NOT_GIVEN, folder=given, title=known.title, unpacked=known.folder, archives=names))
        return None
    _unpack(known, archives)
    return _load(known, folders.kept(), options)


def download_real(known: Known, **options: Any) -> tuple[Any, Any]:
    """Download what is missing, check it and keep it.

    Raises:
        DataError: it could not be had, with the reasons.
    """
    store = folders.kept() / "downloads"
    archives = known.archives()
    try:
        for archive in archives:
            if not (store / archive.name).exists():
                fetch(_addresses(known, archive), store / archive.name, archive.md5)
    except OSError as error:
        raise DataError(speak(_NO_ROOM, title=known.title, folder=store, reason=error.strerror or error)) from error
    paths = [store / archive.name for archive in archives]
    _unpack(known, paths)
    for path in paths:
        path.unlink()
    return _load(known, folders.kept(), options)


def _addresses(known: Known, archive: Archive) -> list[str]:
    """A configured mirror first: the file itself, or in a folder named as torchvision names the set."""
    mirror = os.environ.get("TUTOR_DATA_MIRROR", "").rstrip("/")
    if mirror and not mirror.startswith(("http://", "https://")):
        raise DataError(speak(_NO_MIRROR, mirror=mirror))
    own = [f"{mirror}/{archive.name}", f"{mirror}/{known.loader}/{archive.name}"] if mirror else []
    return own + list(archive.urls)


def _is_unpacked(known: Known, root: Path) -> bool:
    if known.is_coloured:
        return (root / known.folder).is_dir()
    raw = known.archive_folder(root)
    return all((raw / archive.name.removesuffix(".gz")).is_file() for archive in known.archives())


def _given_archives(known: Known, root: Path) -> list[Path] | None:
    """The archives in the first folder that has them all; None if none has."""
    archives = known.archives()
    for folder in (known.archive_folder(root), root / known.loader, root):
        paths = [folder / archive.name for archive in archives]
        if all(path.is_file() for path in paths):
            for path, archive in zip(paths, archives, strict=True):
                found = md5_of(path)
                if found != archive.md5:
                    raise DataError(speak(_DAMAGED, path=path, found=found, expected=archive.md5))
            return paths
    return None


def _unpack(known: Known, archives: list[Path]) -> None:
    """Have torchvision unpack them into a folder of its own first, so that nobody ever sees half a set."""
    kept = folders.kept()
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=kept, ignore_cleanup_errors=True) as name:
            work = Path(name)
            place = known.archive_folder(work)
            place.mkdir(parents=True, exist_ok=True)
            for path in archives:
                shutil.copyfile(path, place / path.name)
            # Archives whose checksums are right are not downloaded, only unpacked.
            known.real_class()(work, train=True, download=True)
            for path in archives:
                (place / path.name).unlink()
            if not (kept / known.folder).exists():  # another tutor was faster
                (work / known.folder).rename(kept / known.folder)
    except OSError as error:
        raise DataError(speak(_NO_ROOM, title=known.title, folder=kept, reason=error.strerror or error)) from error


def _load(known: Known, root: Path, options: dict[str, Any]) -> tuple[Any, Any]:
    loader = known.real_class()
    try:
        return loader(root, train=True, **options), loader(root, train=False, **options)
    except (OSError, RuntimeError, ValueError, AssertionError, EOFError) as error:
        reason = f"{type(error).__name__}: {error}".rstrip(". ") + "."
        raise DataError(speak(_UNREADABLE, title=known.title, folder=root, reason=reason)) from error
