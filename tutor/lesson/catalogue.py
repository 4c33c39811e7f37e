"""All lessons there are, found fast: 10,000 of them cost two `stat` each and one read of an index, and are decoded when looked at.

Truth: every file's time and size is compared each time a catalogue is made, so an edited front matter is seen by the next one; a lesson that
is opened is always read from its file. Make it in a thread after the first paint.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, overload

from tutor.errors import LessonError
from tutor.lesson.entry import Card, Entry, StepFacts, make_entry
from tutor.lesson.index import NEVER, Index, Row, languages_of, lasting, stamp_of
from tutor.lesson.model import Language, Problem
from tutor.lesson.rules import Report, Rule, shown

if TYPE_CHECKING:
    from tutor.lesson.parse import ParseResult


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds lesson folders."""

    path: Path
    shipped: bool = False


def shipped_folder() -> Path | None:
    """The lessons that come with tutor: in the package when it is installed, beside it in a source checkout."""
    package = Path(__file__).resolve().parent.parent
    beside = package.parent / "lessons"
    if (package / "lessons").is_dir():
        return package / "lessons"
    return beside if beside.is_dir() and (package.parent / "pyproject.toml").is_file() else None


def lesson_folders() -> tuple[Folder, ...]:
    """The shipped lessons, if this installation has them; the settings name further folders."""
    shipped = shipped_folder()
    return (Folder(shipped, shipped=True),) if shipped else ()


class _Slot:
    """One lesson and as much of it as was needed so far."""

    __slots__ = ("entry", "folder", "index", "name", "row")

    def __init__(self, name: str, folder: Folder, index: Index, row: Row) -> None:
        self.name = name
        self.folder = folder
        self.index = index
        self.row = row
        self.entry: Entry | None = None

    @property
    def path(self) -> Path:
        return self.folder.path / self.name

    def card(self) -> Card:
        try:
            return Card.from_json(self.row.card)
        except (ValueError, TypeError, KeyError):
            # The index is damaged here: read the lesson itself.
            self.row = _scanned(self.folder.path, self.name, stamp_of(str(self.folder.path), self.name))
            return Card.from_json(self.row.card)

    def get(self) -> Entry:
        if self.entry is None:
            self.entry = make_entry(self.name, self.folder.path, self.folder.shipped, self.card())
        return self.entry


class Entries(Sequence[Entry]):
    """The entries by order, then id; each is decoded when it is asked for."""

    def __init__(self, slots: Sequence[_Slot]) -> None:
        self._slots = slots

    def __len__(self) -> int:
        return len(self._slots)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        return Entries(self._slots[index]) if isinstance(index, slice) else self._slots[index].get()


class Catalogue:
    """The lessons of some folders; of two with one id the first found wins."""

    def __init__(self, folders: Sequence[Folder], cache: Path | None = None) -> None:
        """Look for the lessons.

        Args:
            folders: the first one wins.
            cache: where the indexes are kept.
        """
        self._slots: dict[str, _Slot] = {}
        self._problems: list[Problem] = []
        seen: set[str] = set()
        for folder in folders:
            real = os.path.realpath(folder.path)
            if real not in seen:
                seen.add(real)
                self._add(folder, cache)
        self._entries = Entries(sorted(self._slots.values(), key=lambda slot: (slot.row.order, slot.name)))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings: second lessons with one id, folders that cannot be read."""
        return tuple(self._problems)

    def entries(self) -> Sequence[Entry]:
        """All lessons by order, then id."""
        return self._entries

    def find(self, lesson_id: str) -> Entry | None:
        """The lesson of that id."""
        slot = self._slots.get(lesson_id)
        return slot.get() if slot else None

    def open(self, lesson_id: str, language: Language) -> ParseResult:
        """Read the lesson from its file, in the other language if this one is missing.

        Raises:
            LessonError: there is no such lesson.
        """
        from tutor.lesson.parse import parse_lesson  # noqa: PLC0415 - markdown-it is loaded when a lesson is opened

        slot = self._slot(lesson_id)
        wanted = slot.path / f"{language}.md"
        if not wanted.is_file():
            other = Language.ZH if language is Language.EN else Language.EN
            wanted = slot.path / f"{other}.md"
        return parse_lesson(wanted, shipped=slot.folder.shipped)

    def examine(self, lesson_id: str) -> Entry:
        """Parse the lesson as a whole, once for each edition of its files: then `broken` knows all its errors.

        Raises:
            LessonError: there is no such lesson.
        """
        slot = self._slot(lesson_id)
        self._examined(slot)
        return slot.get()

    def hashes(self, lesson_id: str) -> Mapping[str, str]:
        """Content hashes of the steps by id; empty for a broken lesson.

        Raises:
            LessonError: there is no such lesson.
        """
        return {step_id: facts.hash for step_id, facts in self.steps(lesson_id).items()}

    def steps(self, lesson_id: str) -> Mapping[str, StepFacts]:
        """The steps by id, in order, from a parse of the whole lesson, once for each edition of its files; none for a broken lesson.

        Raises:
            LessonError: there is no such lesson.
        """
        return self._examined(self._slot(lesson_id)).steps or {}

    def _slot(self, lesson_id: str) -> _Slot:
        slot = self._slots.get(lesson_id)
        if slot is None:
            near = get_close_matches(lesson_id[:80], self._slots, n=1)
            raise LessonError(
                f"There is no lesson {shown(lesson_id)}.",
                f"Did you mean {shown(near[0])}?" if near else "`tutor list` names them all.",
            )
        return slot

    def _examined(self, slot: _Slot) -> Card:
        card = slot.card()
        root = str(slot.folder.path)
        stamp = stamp_of(root, slot.name)
        if card.steps is None or stamp != slot.row.stamp:
            from tutor.lesson.scan import examine_lesson  # noqa: PLC0415 - as in `open`

            card = examine_lesson(slot.path, languages_of(stamp) if stamp else card.languages)
            slot.row = Row(card.order, lasting(stamp) if stamp else NEVER, card.to_json())
            slot.entry = None
            slot.index.append(slot.name, slot.row)
        return card

    def _add(self, folder: Folder, cache: Path | None) -> None:
        try:
            with os.scandir(folder.path) as found:
                names = [each.name for each in found if not each.name.startswith(".") and each.is_dir()]
        except OSError as error:
            report = Report(folder.path)
            report.add(Rule.FOLDER, 1, error.strerror or "one that cannot")
            self._problems += report.problems
            return
        index = Index(folder.path, cache)
        root = str(folder.path)
        kept: list[str] = []
        changed = False
        for name in names:
            stamp = stamp_of(root, name)
            if not stamp:
                continue
            row = index.rows.get(name)
            kept.append(name)
            if row is None or row.stamp != stamp:
                row = index.rows[name] = _scanned(folder.path, name, stamp)
                changed = True
            self._put(name, folder, index, row)
        if changed or len(kept) < len(index.rows):
            index.save(kept)

    def _put(self, name: str, folder: Folder, index: Index, row: Row) -> None:
        first = self._slots.get(name)
        if first is None:
            self._slots[name] = _Slot(name, folder, index, row)
            return
        report = Report(folder.path / name)
        report.add(Rule.LESSON_TWICE, 1, f"{shown(name)} here and, first, in {first.path}")
        self._problems += report.problems


def _scanned(root: Path, name: str, stamp: str) -> Row:
    from tutor.lesson.scan import scan_lesson  # noqa: PLC0415 - YAML is loaded when the index does not know a lesson

    card = scan_lesson(root / name, languages_of(stamp) if stamp else ())
    return Row(card.order, lasting(stamp) if stamp else NEVER, card.to_json())
