"""Where sets are kept between lessons: in tutor's cache, which can be deleted at any time."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutor.kit.data.errors import DataError
from tutor.kit.words import speak

_NO_ROOM = {
    "en": "{title} could not be kept in {folder}: {reason}. Make room there, or let TUTOR_HOME name another folder.",
    "zh": "{title} 没能存到 {folder}：{reason}。请腾出空间，或者让 TUTOR_HOME 指向另一个文件夹。",
}


def kept() -> Path:
    """torchvision's `root` of what was downloaded; made sets are below it. Made by whoever writes there."""
    return _cache() / "data"


def given() -> Path | None:
    """The folder that `TUTOR_DATA` names, absolute; None if it is not set."""
    named = os.environ.get("TUTOR_DATA", "")
    return Path(named).expanduser().absolute() if named else None


@contextmanager
def alone(name: str, *, wait: bool) -> Iterator[bool]:
    """Keep other programs off what is made or unpacked under that name meanwhile; this makes the folder of kept sets.

    Args: `wait`: for another program that is at it; without, False is given if there is one.

    Raises:
        OSError: nothing can be written there.
    """
    kept().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (kept() / f".{name}.lock").open("ab") as file:
        try:
            import fcntl
        except ImportError:  # native Windows, where only the kit runs
            yield True
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def room_for(title: str) -> Iterator[None]:
    """Raises: DataError: something could not be written in here; it says where and why."""
    try:
        yield
    except OSError as error:
        raise DataError(speak(_NO_ROOM, title=title, folder=kept(), reason=error.strerror or error)) from error


@contextmanager
def fresh(prefix: str, root: Path) -> Iterator[Path]:
    """A folder to fill, gone at the end; only for whoever is `alone`, so that what others left there can be cleared away."""
    for left in root.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=root, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _cache() -> Path:
    # The same folder that `tutor.paths` names, which the kit cannot ask: a test compares them.
    home = os.environ.get("TUTOR_HOME", "")
    if home:
        return Path(home).expanduser().absolute() / "cache"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/gpu-tutor").expanduser()
    caches = os.environ.get("XDG_CACHE_HOME", "").strip()
    return Path(caches or "~/.cache").expanduser() / "gpu-tutor"
