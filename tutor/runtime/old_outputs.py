"""Makes room among the files of long outputs, which nobody else deletes."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

log = logging.getLogger(__name__)

KEPT_BYTES = 2 << 30
"""Of all files together."""


def prune(folder: Path, keep_bytes: int = KEPT_BYTES) -> None:
    """Delete the oldest files until the others have at most so many bytes; trouble is logged and hinders nobody."""
    try:
        with os.scandir(folder) as found:
            files = [(status.st_mtime_ns, status.st_size, each.path) for each in found if (status := _status(each))]
    except OSError as error:
        log.warning("old outputs in %s cannot be looked for: %s", folder, error)
        return
    kept = 0
    for _, size, path in sorted(files, reverse=True):
        kept += size
        if kept <= keep_bytes:
            continue
        try:
            Path(path).unlink(missing_ok=True)  # another tutor may be faster
        except OSError as error:
            log.warning("an old output cannot be deleted: %s", error)


def _status(each: os.DirEntry[str]) -> os.stat_result | None:
    """Of a plain file that is still there."""
    try:
        status = each.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
