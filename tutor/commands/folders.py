"""Folders in which one tutor works at a time: a lesson's own, and that of practice."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tutor.errors import TutorError
from tutor.paths import Paths

log = logging.getLogger(__name__)


class WorkingFolder:
    """A folder that no other tutor works in, for as long as this one holds it."""

    def __init__(self, path: Path, lock: int) -> None:
        """Use `take` or `first_free`."""
        self.path = path
        self._lock = lock

    @classmethod
    def take(cls, paths: Paths, lesson_id: str) -> Self:
        """The lesson's own folder, or the next free one when another tutor is in it.

        Raises:
            TutorError: it cannot be made or locked.
        """
        return cls.first_free(lambda copy: paths.work(lesson_id, copy))

    @classmethod
    def first_free(cls, numbered: Callable[[int], Path]) -> Self:
        """The first folder that no other tutor holds. Args: `numbered`: makes the one of that number, from 1.

        Raises:
            TutorError: it cannot be made or locked.
        """
        copy = 1
        while True:
            folder = numbered(copy)
            lock = _opened(folder.with_name(f".{folder.name}.lock"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                copy += 1
                continue
            except OSError as error:
                # Some network file systems have no locks; two tutors at once are rarer than those.
                log.warning("%s is used without a lock: %s", folder, error)
            return cls(folder, lock)

    def release(self) -> None:
        """Let another tutor have it; the files stay."""
        os.close(self._lock)


def _opened(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise TutorError(
            f"{file} cannot be opened: {error.strerror}",
            "Make it and its folder writable, or let TUTOR_HOME name a folder that is.",
        ) from error
