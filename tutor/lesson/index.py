"""The index of one folder of lessons: one text file in the cache, one line a lesson, later lines win.

A line is the folder's name, the lesson's order, the stamp of its files and its card as JSON, between tabs, so that a line that nobody looks
at is never decoded. A cache that cannot be read or written is no error: the lessons are scanned again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_HEADER = "gpu-tutor lessons 2"
_FRESH_NS = 100_000_000
"""A file that was written this shortly before it was read may be written again without a new time stamp."""
NEVER = "?"
"""The stamp that no files have."""


class Row(NamedTuple):
    """One line."""

    order: int
    stamp: str
    card: str


def stamp_of(root: str, name: str) -> str:
    """Time and size of the lesson's files, `-` for a missing one; empty if there is none."""
    english, chinese = _stamp(f"{root}/{name}/en.md"), _stamp(f"{root}/{name}/zh.md")
    return f"{english} {chinese}" if english != "-" or chinese != "-" else ""


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116 - 20,000 of them: a Path each would double the time
    except OSError:
        return "-"
    return f"{status.st_mtime_ns}:{status.st_size}"


def languages_of(stamp: str) -> tuple[str, ...]:
    """The languages whose file was there."""
    return tuple(language for language, each in zip(("en", "zh"), stamp.split(), strict=True) if each != "-")


def lasting(stamp: str, now: int | None = None) -> str:
    """The stamp to keep: `NEVER` while a file is too new for its time to tell editions apart."""
    border = (time.time_ns() if now is None else now) - _FRESH_NS
    times = [int(each.partition(":")[0]) for each in stamp.split() if each != "-"]
    return NEVER if max(times) > border else stamp


class Index:
    """Rows of one folder of lessons, by the name of the lesson's folder."""

    def __init__(self, root: Path, cache: Path | None) -> None:
        digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
        self._file = cache / f"lessons-{digest}.index" if cache else None
        self._header = f"{_HEADER} {str(root)!a}"
        self.rows: dict[str, Row] = {}
        self._lines = 0
        if self._file:
            with contextlib.suppress(OSError, ValueError):
                self._load(self._file.read_bytes().decode("ascii"))

    def _load(self, text: str) -> None:
        header, _, body = text.partition("\n")
        if header != self._header:
            return
        for line in body.split("\n"):
            parts = line.split("\t", 3)
            if len(parts) == 4:
                self.rows[_plain(parts[0])] = Row(int(parts[1]), parts[2], parts[3])
                self._lines += 1

    def append(self, name: str, row: Row) -> None:
        """Keep one more row; cheap, and whole in the file even when two tutors do it at once."""
        self.rows[name] = row
        if not self._file or not self._lines or self._lines > 2 * len(self.rows) + 100:
            self.save(self.rows)
            return
        with contextlib.suppress(OSError), self._file.open("ab") as file:
            file.write(_line(name, row).encode("ascii"))
            self._lines += 1

    def save(self, names: Iterable[str]) -> None:
        """Write the file anew with the rows of these names, in one step."""
        self.rows = {name: self.rows[name] for name in names if name in self.rows}
        if not self._file:
            return
        text = self._header + "\n" + "".join(_line(name, row) for name, row in self.rows.items())
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._file.with_suffix(f".{os.getpid()}")
            try:
                temporary.write_bytes(text.encode("ascii"))
                temporary.replace(self._file)
                self._lines = len(self.rows)
            except OSError:
                temporary.unlink(missing_ok=True)


def _line(name: str, row: Row) -> str:
    return f"{_escaped(name)}\t{row.order}\t{row.stamp}\t{row.card}\n"


def _escaped(name: str) -> str:
    return (
        name
        if name.isascii() and name.isprintable() and "\\" not in name
        else name.encode("unicode_escape").decode("ascii")
    )


def _plain(name: str) -> str:
    return name if "\\" not in name else name.encode("ascii").decode("unicode_escape")
