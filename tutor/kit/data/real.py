"""The real sets: found, or downloaded and unpacked, and loaded by torchvision."""

from __future__ import annotations

import os
import shutil
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
    "en": "TUTOR_DATA names {folder}, and {title} is not in it: neither whole in the folder {unpacked} nor as {archives}.",
    "zh": "TUTOR_DATA 指向 {folder}，里面却没有完整的 {title}：既不在文件夹 {unpacked} 里，也没有 {archives}。",
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
    "en": "TUTOR_DATA_MIRROR must be an address that begins with https:// or http://, without a name or password in it.",
    "zh": "TUTOR_DATA_MIRROR 必须是以 https:// 或 http:// 开头的地址，里面不能写用户名和密码。",
}
_REMOVED = {
    "en": "(The kept copy of {title} was damaged, and was removed.)",
    "zh": "（存下的 {title} 已损坏，已经删除。）",
}
_BUSY = {
    "en": "Another program is downloading {title} right now. Wait until it is done, then run this again.",
    "zh": "另一个程序正在下载 {title}。等它下载完，再运行一次。",
}


def find_real(known: Known, **options: Any) -> tuple[Any, Any] | None:
    """Training and test images where they are on this computer: kept by us, or where `TUTOR_DATA` says.

    Raises:
        DataError: what is there is damaged.
    """
    if (folders.kept() / known.folder).is_dir():
        try:
            return _load(known, folders.kept(), options)
        except DataError:  # in the cache, which can be had again
            shutil.rmtree(folders.kept() / known.folder, ignore_errors=True)
            print(speak(_REMOVED, title=known.title))
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
    with folders.room_for(known.title), folders.alone(known.loader, wait=True):
        _unpack(known, archives)
    return _load(known, folders.kept(), options)


def download_real(known: Known, **options: Any) -> tuple[Any, Any]:
    """Download what is missing, check it and keep it.

    Raises:
        DataError: it could not be had, with the reasons.
    """
    store = folders.kept() / "downloads"
    archives = known.archives()
    paths = [store / archive.name for archive in archives]
    addresses = [_addresses(known, archive) for archive in archives]
    silent: set[str] = set()
    with folders.room_for(known.title), folders.alone(known.loader, wait=False) as is_alone:
        if not is_alone:
            raise DataError(speak(_BUSY, title=known.title))
        for archive, path, urls in zip(archives, paths, addresses, strict=True):
            if not path.exists() or md5_of(path) != archive.md5:
                path.unlink(missing_ok=True)
                fetch(urls, path, archive.md5, silent)
        _unpack(known, paths)
        for path in paths:
            path.unlink(missing_ok=True)
    return _load(known, folders.kept(), options)


def _addresses(known: Known, archive: Archive) -> list[str]:
    """A configured mirror first: the file itself, or in a folder named as torchvision names the set."""
    mirror = os.environ.get("TUTOR_DATA_MIRROR", "").rstrip("/")
    if mirror and (not mirror.startswith(("http://", "https://")) or "@" in mirror):
        raise DataError(speak(_NO_MIRROR))
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
    from torchvision.datasets.utils import extract_archive

    kept = folders.kept()
    if (kept / known.folder).exists():  # another tutor was faster
        return
    with folders.fresh(f".unpacking-{known.loader}-", kept) as work:
        place = known.archive_folder(work)
        place.mkdir(parents=True, exist_ok=True)
        for path in archives:
            extract_archive(str(path), str(place))
        (work / known.folder).rename(kept / known.folder)


def _load(known: Known, root: Path, options: dict[str, Any]) -> tuple[Any, Any]:
    loader = known.real_class()
    try:
        return loader(root, train=True, **options), loader(root, train=False, **options)
    except (OSError, RuntimeError, ValueError, AssertionError, EOFError) as error:
        reason = f"{type(error).__name__}: {error}".rstrip(". ") + "."
        raise DataError(speak(_UNREADABLE, title=known.title, folder=root, reason=reason)) from error
