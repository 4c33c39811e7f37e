"""`tutor list`: lessons, progress, minutes."""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tutor.commands.environment import Environment
from tutor.i18n import Words
from tutor.lesson.catalogue import Catalogue
from tutor.lesson.entry import Entry
from tutor.progress.model import StepRecord, StepState
from tutor.progress.store import Store
from tutor.text.plain import strip
from tutor.text.width import cells, pad

EXAMINED = 200
"""Lessons up to which each is read whole for the list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One lesson of the list, as `tutor list --json` gives it."""

    id: str
    title: str
    minutes: int
    steps: int
    passed: int
    open: int
    state: str
    broken: str | None


def list_lessons(options: argparse.Namespace) -> int:
    """Print the list."""
    environment = Environment.of(options)
    with contextlib.closing(Store(environment.paths.database())) as store:
        records = store.all_steps()
    rows = listed(environment.catalogue, records, environment.language)
    if options.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
    else:
        _print_table(rows, environment.words)
    return 0


def listed(catalogue: Catalogue, records: Mapping[str, Mapping[str, StepRecord]], language: str) -> list[Listed]:
    """All lessons with their progress; only lessons with progress are held against their present content."""
    return [_row(entry, catalogue, records.get(entry.id, {}), language) for entry in known_entries(catalogue)]


def known_entries(catalogue: Catalogue) -> Sequence[Entry]:
    """All lessons; where they are few enough, with what is wrong below the front matter too (the index keeps that)."""
    entries = catalogue.entries()
    return [catalogue.examine(entry.id) for entry in entries] if len(entries) <= EXAMINED else entries


def _row(entry: Entry, catalogue: Catalogue, records: Mapping[str, StepRecord], language: str) -> Listed:
    now = standing(entry, catalogue, records)
    broken = strip(entry.broken) if entry.broken is not None else None
    title, total = strip(entry.title(language)), len(entry.step_ids)
    return Listed(entry.id, title, entry.minutes, total, now.passed, now.open, now.state, broken)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the learner stands in a lesson."""

    state: str = "new"
    passed: int = 0
    open: int = 0
    changed: int = 0
    """Steps that have changed since they were passed."""


def standing(entry: Entry, catalogue: Catalogue, records: Mapping[str, StepRecord]) -> Standing:
    """The learner's records, held against the lesson as it is now."""
    known = [record for record in records.values() if record.step_id in entry.step_ids]
    if entry.broken is not None or not known:
        return Standing()
    hashes = catalogue.hashes(entry.id)
    passed = sum(1 for record in known if _is_passed(record, hashes))
    changed = sum(1 for record in known if record.state is StepState.PASSED and not _is_passed(record, hashes))
    open_ = sum(1 for record in known if record.state is StepState.OPEN)
    total = len(entry.step_ids)
    if changed:
        state = "changed"
    elif passed == total:
        state = "passed"
    elif passed + open_ == total:
        state = "done_here"
    else:
        state = "started"
    return Standing(state, passed, open_, changed)


def _is_passed(record: StepRecord, hashes: Mapping[str, str]) -> bool:
    return record.state is StepState.PASSED and record.passed_hash == hashes.get(record.step_id)


def _print_table(rows: list[Listed], words: Words) -> None:
    if not rows:
        print(words("commands.no_lessons"))
        return
    ids = max(cells(row.id) for row in rows)
    titles = max(cells(row.title) for row in rows)
    for row in rows:
        minutes = words("commands.minutes", minutes=f"{row.minutes:>3}")
        print(f"{pad(row.id, ids)}  {pad(row.title, titles)}  {minutes}  {state_text(row, words)}")


def state_text(row: Listed, words: Words) -> str:
    """The state in words."""
    if row.broken is not None:
        return words("commands.state_broken", message=row.broken)
    return words(f"commands.state_{row.state}", passed=row.passed, steps=row.steps, open=row.open)
