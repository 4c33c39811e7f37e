"""The working folder of a lesson: one for each tutor that has the lesson open."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from tutor.paths import Paths


class WorkingFolder:
    """A folder that no other tutor works in, for as long as this one holds it."""

    def __init__(self, path: Path, lock: int) -> None:
        """Use `WorkingFolder.take`."""
        self.path = path
        self._lock = lock

    @classmethod
    def take(cls, paths: Paths, lesson_id: str) -> Self:
        """The lesson's own folder, or the next free one when another tutor is in it."""
        copy = 1
        while True:
            folder = paths.work(lesson_id, copy)
            lock = os.open(folder.with_name(f".{folder.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                copy += 1
                continue
            return cls(folder, lock)

    def release(self) -> None:
        """Let another tutor have it; the files stay."""
        os.close(self._lock)
