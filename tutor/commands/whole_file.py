"""Writes a file that is wanted at a place that the learner chose: whole, or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

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
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.stem[:50]}-", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
        if not is_private:
            temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
        temporary = None
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in FULL or error.errno == errno.EIO:
            raise TutorError(words("export.full", file=file, error=reason), words("export.full_hint")) from error
        raise UsageError(words("export.forbidden", file=file, error=reason), words("export.forbidden_hint")) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    """What this process takes from the rights of new files; there is no way to ask but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
