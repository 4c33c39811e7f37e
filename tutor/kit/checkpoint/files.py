"""One checkpoint file: written whole or not at all, and read only if every byte is as it was written.

The file is what `torch.save` writes, so that `torch.load` reads it anywhere. Its SHA-256 stands in the comment at its end, which is a
place that the zip format has and that PyTorch leaves empty. (The zip's own sums do not cover all of it, and PyTorch does not look at them.)
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import shutil
import struct
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import torch

_LABEL = b"sha256:"
_COMMENT = len(_LABEL) + 64
_PIECE = 1 << 20
"""Bytes that are copied at once."""
_NO_COMMENT = struct.pack("<H", 0)
"""The last two bytes of a zip without a comment: the comment's length."""


class Damaged(Exception):
    """Not every byte is there, or not as it was written."""


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write it to the disk itself. Whoever needs it whole writes to a name of its own and puts it in place with `put`.

    Raises:
        OSError: the disk is full, or does not take it.
    """
    with _private(path) as file:
        hashing = _Hashing(file)
        try:
            # The signature asks for more than PyTorch uses of it.
            torch.save(dict(content), hashing)  # type: ignore[arg-type]
        except RuntimeError:
            if hashing.error is None:
                raise
        if hashing.error is not None:  # PyTorch tells it in words of its own
            raise hashing.error
        file.seek(-len(_NO_COMMENT), os.SEEK_END)
        file.write(struct.pack("<H", _COMMENT) + _LABEL + hashing.digest.hexdigest().encode())
        file.flush()
        os.fsync(file.fileno())


def put(written: Path, path: Path) -> None:
    """Give a written file its name; whoever looks sees the old one or the new one."""
    written.replace(path)
    with suppress(OSError):  # some systems cannot open a folder, or cannot write it out
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def put_copy(written: Path, path: Path, by_way_of: Path) -> None:
    """The same, and leave the written file where it is.

    A second name for the same file would cost less, but what damages the one would damage the other.
    """
    try:
        with written.open("rb") as source, _private(by_way_of) as file:
            shutil.copyfileobj(source, file, _PIECE)
            file.flush()
            os.fsync(file.fileno())
        put(by_way_of, path)
    finally:
        by_way_of.unlink(missing_ok=True)


def read(path: Path) -> dict[str, Any]:
    """What was written, with all tensors on the CPU.

    Raises:
        Damaged: it is not what was written.
        OSError: it is not there, or cannot be read.
    """
    data = path.read_bytes()
    body, comment = data[:-_COMMENT], data[-_COMMENT:]
    if len(data) < _COMMENT + len(_NO_COMMENT) or not comment.startswith(_LABEL):
        raise Damaged
    digest = hashlib.sha256(memoryview(body)[: -len(_NO_COMMENT)])
    digest.update(_NO_COMMENT)
    if comment[len(_LABEL) :] != digest.hexdigest().encode() or body[-2:] != struct.pack("<H", _COMMENT):
        raise Damaged
    return loaded(io.BytesIO(data))


def loaded(file: BinaryIO | Path) -> dict[str, Any]:
    """Read without running anything that the file may hold.

    Raises:
        Damaged: it holds what cannot be read so, or something else altogether.
    """
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)
    except (RuntimeError, pickle.UnpicklingError, zipfile.BadZipFile, EOFError) as error:
        raise Damaged(str(error)) from error
    if not isinstance(content, dict):
        raise Damaged
    return content


def _private(path: Path) -> BinaryIO:
    """A new file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


class _Hashing:
    """Passes on what is written, and takes its sum; keeps the error that PyTorch hides."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.error: OSError | None = None

    def write(self, data: bytes | memoryview) -> int:
        self.digest.update(data)
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._file.flush()
