"""The conversation as it is kept."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tutor.progress.connection import Connection, storable
from tutor.progress.model import Entry, EntryKind, Speaker

_COLUMNS = "id, lesson, step, speaker, kind, body, data, time"
_ADD = "INSERT INTO entry (lesson, step, speaker, kind, body, data, time) VALUES (?, ?, ?, ?, ?, ?, ?)"
_LAST_ID = 2**62
"""Above every id."""


class Transcript(Connection):
    """Entries of all lessons, in the order in which they were said."""

    def add_entries(self, entries: Sequence[Entry]) -> list[Entry]:
        """Keep the entries; the same ones with their ids come back."""
        if not entries:
            return []
        with self._writing() as connection:
            return insert_entries(connection, entries)

    def entries(self, lesson_id: str, before: int | None = None, limit: int = 200) -> list[Entry]:
        """The newest `limit` entries of a lesson, of those older than the id `before`; the oldest comes first."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM entry WHERE lesson = ? AND id < ? ORDER BY id DESC LIMIT ?",  # noqa: S608
            (lesson_id, _LAST_ID if before is None else before, limit),
        )
        return [_entry(row) for row in reversed(rows)]


def insert_entries(connection: sqlite3.Connection, entries: Sequence[Entry]) -> list[Entry]:
    """Add the entries within the transaction of the caller."""
    kept = []
    for entry in entries:
        cursor = connection.execute(
            _ADD,
            (
                entry.lesson_id,
                entry.step_id,
                entry.speaker,
                entry.kind,
                storable(entry.body),
                to_json(entry.data),
                entry.time.isoformat(),
            ),
        )
        kept.append(replace(entry, id=cursor.lastrowid or 0))
    return kept


def to_json(value: Any) -> str:
    """The value as compact JSON; mappings of any kind are objects."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain))


def _plain(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _entry(row: tuple[Any, ...]) -> Entry:
    number, lesson_id, step_id, speaker, kind, body, data, time = row
    return Entry(
        lesson_id=lesson_id,
        step_id=step_id,
        speaker=Speaker(speaker),
        kind=EntryKind(kind),
        body=body,
        data=json.loads(data),
        time=datetime.datetime.fromisoformat(time),
        id=number,
    )
