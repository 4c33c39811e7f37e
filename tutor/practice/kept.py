"""What a stand-in remembers: JSON in one file, written whole after each change, so that a rehearsal goes on the next day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tutor import atomic
from tutor.paths import make_private


class Kept:
    """A mapping of names to JSON values. Changed in the server's own thread only; `save` after a value was changed in place."""

    def __init__(self, file: Path) -> None:
        """A file that is missing or broken is an empty one: it is only practice."""
        self._file = file
        try:
            read = json.loads(file.read_bytes())
        except (OSError, ValueError):
            read = {}
        self._values: dict[str, Any] = read if isinstance(read, dict) else {}

    def get(self, name: str) -> Any:
        """The value, or None."""
        return self._values.get(name)

    def setdefault(self, name: str, value: Any) -> Any:
        """The value of that name, which is this one if there was none."""
        if name not in self._values:
            self._values[name] = value
            self.save()
        return self._values[name]

    def set(self, name: str, value: Any) -> None:
        """Keep it under that name."""
        self._values[name] = value
        self.save()

    def save(self) -> None:
        """Write it down."""
        make_private(self._file.parent)
        atomic.write(self._file, json.dumps(self._values, ensure_ascii=False).encode())
