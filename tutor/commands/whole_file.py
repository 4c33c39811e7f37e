"""Writes a file that is wanted at a place that the learner chose: whole, or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from tutor import atomic
from tutor.errors import TutorError, UsageError
from tutor.i18n import Words

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_whole(file: Path, text: str, words: Words, *, is_private: bool) -> None:
    """Put the text there in one step; nothing half-written is ever seen or left.

    Args:
        is_private: readable by its owner only.

    Raises:
        UsageError: it cannot be written there.
        TutorError: the disk is full or fails.
    """
    target = file.resolve()
    mode = atomic.OWNER_ONLY if is_private else 0o666 & ~_umask()
    try:
        atomic.write(target, text.encode(), mode=mode)
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in FULL or error.errno == errno.EIO:
            raise TutorError(words("export.full", file=file, error=reason), words("export.full_hint")) from error
        raise UsageError(words("export.forbidden", file=file, error=reason), words("export.forbidden_hint")) from error


def _umask() -> int:
    """What this process takes from the rights of new files; there is no way to ask but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
