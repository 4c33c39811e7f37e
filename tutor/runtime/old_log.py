"""Reads the file of a long output after its execution is gone; what lay where in it is found again from the text itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tutor.runtime.base import Output, Text
from tutor.runtime.records import OTHER, STDOUT, decode

_RECORD = re.compile(rb'\n(\{"output": "(?:Rich|Raised|Cleared|Late)", [^\n]*\})\n')
_BEGINNING = b'\n{"output": "'
_LONGEST_RECORD = 1 << 26
"""Bytes; what begins like a record and goes on for longer is text."""


class OldLog:
    """Outputs with a cursor that counts bytes. Which stream a text was printed to is not in the file."""

    def __init__(self, path: Path) -> None:
        """Raises: OSError: the file is gone."""
        self._path = path
        self._end = path.stat().st_size

    @property
    def end(self) -> int:
        """The cursor after the newest output."""
        return self._end

    def read(self, cursor: int = 0, limit: int = 1 << 20) -> tuple[Sequence[Output], int]:
        """Outputs from `cursor` on, at most `limit` bytes unless one record is longer, and the cursor for the next call.

        Raises:
            OSError: the file can no longer be read.
        """
        data = self._bytes(cursor, min(limit, self._end - cursor))
        cut = data.rfind(_BEGINNING)
        if cut < 0 or _RECORD.match(data, cut):
            cut = _tail(data)
        if cut < len(data) and cursor + len(data) < self._end:
            # What begins here ends in the next part, unless nothing stands before it.
            data = data[:cut] if cut else self._longer(cursor, limit)
        return _outputs(data), cursor + len(data)

    def _longer(self, cursor: int, limit: int) -> bytes:
        """From a record on that is longer than `limit`, to its end."""
        size = limit
        while size < _LONGEST_RECORD and cursor + size < self._end:
            size *= 4
            data = self._bytes(cursor, size)
            if found := _RECORD.match(data):
                return data[: found.end()]
        data = self._bytes(cursor, max(limit, 8))
        return data[: _tail(data)] or data

    def _bytes(self, cursor: int, count: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(cursor)
            return file.read(count)


def _tail(data: bytes) -> int:
    """Where what may be unfinished begins: a character, or the beginning of a record."""
    for size in range(min(len(_BEGINNING) - 1, len(data)), 0, -1):
        if _BEGINNING.startswith(data[-size:]):
            return len(data) - size
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if needed > back else len(data)
        if byte < 0x80:
            break
    return len(data)


def _outputs(data: bytes) -> list[Output]:
    outputs: list[Output] = []
    at = 0
    while found := _RECORD.search(data, at):
        record = _record(found[1])
        if record is None:
            end = found.end() - 1
            outputs += _text(data[at:end])
            at = end
            continue
        outputs += _text(data[at : found.start()])
        outputs.append(record)
        at = found.end()
    return [*outputs, *_text(data[at:])]


def _text(data: bytes) -> list[Output]:
    if not data:
        return []
    try:
        return [decode(data, STDOUT)]
    except UnicodeDecodeError:  # somebody has changed the file
        return [Text("stdout", data.decode("utf-8", "replace"))]


def _record(line: bytes) -> Output | None:
    """What the line stands for; None if a program printed something that looks like a record."""
    try:
        return decode(line, OTHER)
    except (ValueError, KeyError, TypeError):
        return None
