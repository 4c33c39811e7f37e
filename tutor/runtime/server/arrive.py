"""Sent as text into kernels of servers, ahead of `set_up`: puts the bundle where the kernel can read it.

Standard library only, Python 3.10 or newer; nothing of tutor.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
import zlib
from pathlib import Path


class BundleMissing(Exception):
    """It must be sent; the tutor knows this name."""


def arrive(name: str, digest: str, packed: str) -> str:
    """Where the bundle lies on this machine. One that differs from what it should be is replaced.

    Args: `digest`: SHA-256 of the file; `packed`: the file, as base64 of zlib, or empty when it is only asked for.

    Raises:
        BundleMissing: it is not here, and was not sent.
        OSError: it cannot be written.
    """
    path = os.path.join(_folder(), name)  # noqa: PTH118 (a text is what `sys.path` wants)
    if _digest(path) != digest:
        if not packed:
            raise BundleMissing(name)
        _write(path, zlib.decompress(base64.b64decode(packed)))
    return path


def _digest(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def _folder() -> str:
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH118, PTH111
    for parent in (home, tempfile.gettempdir()):
        folder = os.path.join(parent, f"gpu-tutor-{os.getuid()}" if parent != home else "gpu-tutor")  # noqa: PTH118
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103
        except OSError:
            continue
        # Somebody else's folder of that name could hold code of theirs.
        if os.stat(folder).st_uid == os.getuid() and os.access(folder, os.W_OK):  # noqa: PTH116
            return folder
    raise OSError("no folder for the tutor's files can be made here")


def _write(path: str, data: bytes) -> None:
    """Whole or not at all: another kernel may read it at this moment."""
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path))  # noqa: PTH120
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        os.unlink(temporary)  # noqa: PTH108
        raise
