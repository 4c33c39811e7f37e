"""Which of Kaggle's files tutor has written, so that nobody else's is ever removed. Knows no secret, only a few digits of its checksum."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor import atomic
from tutor.accounts.kaggle.places import Found

DIGITS = 16


class Written:
    """The note of it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "kaggle.json"

    def is_ours(self, found: Found) -> bool:
        """Whether tutor put that very credential there."""
        return found.file is not None and self._note(found.file).get("digest") == _digest(found.secret)

    def since(self, file: Path) -> datetime | None:
        """When it was written there."""
        try:
            return datetime.fromisoformat(str(self._note(file)["since"]))
        except (KeyError, ValueError):
            return None

    def came_from(self, file: Path) -> str:
        """Where it was before, if it was brought from elsewhere."""
        return str(self._note(file).get("from", ""))

    def made_folder(self, file: Path) -> bool:
        """Whether the folder was made for it."""
        return bool(self._note(file).get("made"))

    def add(self, file: Path, secret: str, *, came_from: str = "", made: bool = False) -> None:
        """It is ours from now on."""
        notes = self._notes()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        notes[str(file)] = {
            "digest": _digest(secret),
            "since": now,
            "from": came_from,
            "made": made or self.made_folder(file),
        }
        self._save(notes)

    def forget(self, file: Path) -> None:
        """It is gone."""
        notes = self._notes()
        notes.pop(str(file), None)
        self._save(notes)

    def _note(self, file: Path) -> dict[str, Any]:
        note = self._notes().get(str(file))
        return note if isinstance(note, dict) else {}

    def _notes(self) -> dict[str, Any]:
        try:
            notes = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return notes if isinstance(notes, dict) else {}

    def _save(self, notes: dict[str, Any]) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.write(self._file, json.dumps(notes).encode())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:DIGITS]
