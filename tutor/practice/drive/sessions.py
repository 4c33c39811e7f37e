"""Resumable uploads under way: what was said of each, and the bytes that have come."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any

from tutor.practice.kept import Kept

GRAIN = 256 << 10
"""Bytes; only whole grains are kept of an upload that is not at its end."""
LIFETIME = 7 * 86400
"""Seconds."""


class Session:
    """One upload."""

    def __init__(self, upload_id: str, said: dict[str, Any], folder: Path) -> None:
        self.upload_id = upload_id
        self.said = said
        """`metadata`, `file_id` (None: a new file), `media_type`, `size` (None: unknown), `fields`, `token`; at the end `done`, a file's id."""
        self.path = folder / f"{upload_id}.part"

    @property
    def received(self) -> int:
        """Bytes."""
        return self.path.stat().st_size if self.path.exists() else 0

    def write(self, data: bytes) -> None:
        """More of it."""
        with self.path.open("ab") as stream:
            stream.write(data)

    def settle(self) -> None:
        """Forget what is no whole grain."""
        received = self.received
        if received % GRAIN:
            with self.path.open("rb+") as stream:
                stream.truncate(received - received % GRAIN)


class Sessions:
    """All of them; a tutor that starts again finds them."""

    def __init__(self, kept: Kept, folder: Path) -> None:
        self._kept = kept
        self._folder = folder
        self._said: dict[str, Any] = kept.setdefault("uploads", {})

    def start(self, **said: Any) -> Session:
        """A new one."""
        self._drop_old()
        upload_id = f"ABg5{secrets.token_urlsafe(48)}"
        self._said[upload_id] = {**said, "made": time.time(), "done": None}
        self._kept.save()
        return Session(upload_id, self._said[upload_id], self._folder)

    def find(self, upload_id: str) -> Session | None:
        """None: there never was one, or it has lapsed."""
        self._drop_old()
        said = self._said.get(upload_id)
        return None if said is None else Session(upload_id, said, self._folder)

    def finish(self, session: Session, file_id: str) -> None:
        """It became this file; who asks again is told so."""
        session.said["done"] = file_id
        self._kept.save()

    def forget(self) -> None:
        """Let all of them have lapsed."""
        for upload_id in list(self._said):
            self._drop(upload_id)
        self._kept.save()

    def _drop_old(self) -> None:
        for upload_id in [name for name, each in self._said.items() if time.time() - each["made"] > LIFETIME]:
            self._drop(upload_id)

    def _drop(self, upload_id: str) -> None:
        Session(upload_id, self._said.pop(upload_id), self._folder).path.unlink(missing_ok=True)
