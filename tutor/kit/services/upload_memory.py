"""What an upload must know when it goes on after its program ended: a small file for each, in tutor's cache.

It never holds a token. The address of an upload under way is nearly one, since Google lets whoever has it go on with that upload: so the
file is for its owner only, and an address that is a week old is forgotten, as Google forgets it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tutor.kit.data.folders import kept

SESSION_SECONDS = 6.9 * 86400
"""Google's week, less what it takes to be sure of it."""
KEPT_SECONDS = 90 * 86400
"""For which it is known that a file was sent already."""


@dataclass(frozen=True)
class Memory:
    """One upload."""

    file_id: str
    """Under which it stands on Drive, or will."""
    session: str = ""
    """The address to which it goes on; empty when there is none."""
    since: float = 0.0
    """When that address was given, in seconds since the epoch."""


def folder_of_memories() -> Path:
    """Where they are, if nobody names another folder."""
    return kept().parent / "uploads"


class Memories:
    """Of all uploads of this computer. Nothing here fails: without a memory an upload begins anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def alone(self, key: str, waits: Callable[[], None]) -> Iterator[None]:
        """Nobody else on this computer goes on with that upload meanwhile: two would send to one address, and what arrives would be neither's.

        Args: `waits`: called where somebody else is at it, before they are waited for.
        """
        descriptor = -1
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._folder / f"{key}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            os.utime(descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waits()
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def find(self, key: str) -> Memory | None:
        """What is known of that upload."""
        try:
            found = Memory(**json.loads((self._folder / f"{key}.json").read_bytes()))
            age = time.time() - float(found.since)
        except (OSError, ValueError, TypeError):
            return None
        return found if found.session == "" or 0 <= age < SESSION_SECONDS else Memory(str(found.file_id))

    def keep(self, key: str, memory: Memory) -> None:
        """Write it down before anything is sent."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self._folder / f".{uuid.uuid4().hex}"
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - with its rights from the first moment
                json.dump(asdict(memory), file)
            unfinished.replace(self._folder / f"{key}.json")
            self._drop_old()

    def forget(self, key: str) -> None:
        """It is no longer true."""
        with suppress(OSError):
            (self._folder / f"{key}.json").unlink(missing_ok=True)

    def _drop_old(self) -> None:
        for path in self._folder.iterdir():
            if path.stat().st_mtime < time.time() - KEPT_SECONDS:
                path.unlink(missing_ok=True)
