"""Files that are written whole or not at all: another tutor may read or write the same one at this moment."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

OWNER_ONLY = 0o600


def write(file: Path, data: bytes, *, mode: int = OWNER_ONLY, synced: bool = False) -> None:
    """Put the data in place of the file in one step; whatever goes wrong, nothing half-written is seen or left.

    Args:
        mode: the rights of the file; until it is there, only its owner can read what is written.
        synced: on the disk before it takes the old one's place, so that even a power cut leaves one of both whole.

    Raises:
        OSError: it cannot be written there.
    """
    # Beside the file, since only within one file system is a replacement atomic; mkstemp's files are for their owner only.
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name[:50]}.", suffix=".part", dir=file.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            if mode != OWNER_ONLY:
                os.fchmod(descriptor, mode)
            stream.write(data)
            if synced:
                stream.flush()
                os.fsync(descriptor)
        unfinished.replace(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
