"""What the screen knows of all lessons: progress, open steps, news since the last sitting. Reads no lesson that the index knows."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tutor.commands.list import EXAMINED, known_entries, standing
from tutor.lesson.catalogue import Catalogue
from tutor.lesson.entry import Entry, StepFacts
from tutor.lesson.trust import content_digest
from tutor.progress.model import StepRecord, StepState
from tutor.session.wants import lacking
from tutor.text.plain import strip
from tutor.ui.host import Home, LessonRow, OpenStep

Records = Mapping[str, Mapping[str, StepRecord]]
"""Of the learner's steps, by lesson and step."""


def rows(catalogue: Catalogue, records: Records, trusted: Mapping[str, str], language: str) -> list[LessonRow]:
    """All lessons. Args: `trusted`: digests by path."""
    entries = known_entries(catalogue)
    exactly = len(entries) <= EXAMINED
    return [_row(entry, catalogue, records.get(entry.id, {}), trusted, language, exactly=exactly) for entry in entries]


def _row(
    entry: Entry,
    catalogue: Catalogue,
    records: Mapping[str, StepRecord],
    trusted: Mapping[str, str],
    language: str,
    *,
    exactly: bool,
) -> LessonRow:
    now = standing(entry, catalogue, records)
    others = [*entry.titles.values(), *entry.summaries.values()]
    return LessonRow(
        entry.id,
        strip(entry.title(language)),
        entry.minutes,
        len(entry.step_ids),
        now.passed,
        now.open,
        now.state,
        strip(entry.broken) if entry.broken is not None else None,
        summary=strip(entry.summary(language)),
        also=strip("\n".join(others)),
        needs=tuple(str(need) for need in entry.needs),
        after=entry.after,
        changed=now.changed,
        waits="" if entry.shipped or _is_trusted(entry, trusted, exactly=exactly) else str(entry.path),
    )


def _is_trusted(entry: Entry, trusted: Mapping[str, str], *, exactly: bool) -> bool:
    """Whether it was trusted in its present form; of very many lessons, whether it was trusted in any: opening one tells."""
    digest = trusted.get(os.path.realpath(entry.path)) if trusted else None
    if digest is None or not exactly:
        return digest is not None
    try:
        return digest == content_digest(entry.path)
    except OSError:
        return False


def open_steps(catalogue: Catalogue, records: Records, language: str) -> list[OpenStep]:
    """The steps that could not be checked here, in the order of the lessons."""
    found = []
    for lesson_id in [entry.id for entry in catalogue.entries() if entry.id in records]:
        is_open = {id_: record for id_, record in records[lesson_id].items() if record.state is StepState.OPEN}
        entry = catalogue.find(lesson_id)
        if not is_open or entry is None:
            continue
        for step_id, facts in catalogue.steps(lesson_id).items():
            if (record := is_open.get(step_id)) is not None:
                title, step = strip(entry.title(language)), strip(facts.title(language))
                found.append(OpenStep(lesson_id, step_id, title, step, facts.minutes, lacking(record.unmet)))
    return found


def stopped_at(home: Home, catalogue: Catalogue, records: Records, place: tuple[str, str], language: str) -> Home:
    """The page with where the learner stopped. Args: `place`: lesson and step."""
    lesson_id, step_id = place
    steps = catalogue.steps(lesson_id) if catalogue.find(lesson_id) is not None else {}
    if not steps:
        return home
    ids = list(steps)
    index = ids.index(step_id) if step_id in steps else 0
    mine = records.get(lesson_id, {})
    left = [id_ for id_ in ids[index:] if id_ not in mine or not _is_done(mine[id_], steps[id_])]
    return replace(
        home,
        lesson_id=lesson_id,
        step_id=ids[index],
        step=strip(steps[ids[index]].title(language)),
        position=index + 1,
        minutes_left=sum(steps[id_].minutes for id_ in left),
    )


def _is_done(record: StepRecord, facts: StepFacts) -> bool:
    is_passed = record.state is StepState.PASSED and record.passed_hash == facts.hash
    return is_passed or record.state is StepState.OPEN


def marks_of(lessons: Sequence[LessonRow]) -> dict[str, str]:
    """What would be news of each lesson if it were otherwise than at the last sitting."""
    return {row.id: "!" if row.broken else f"~{row.changed}" if row.changed else "" for row in lessons}


def with_news(lessons: Sequence[LessonRow], seen: Mapping[str, str] | None) -> list[LessonRow]:
    """The lessons, with what is news among them. Args: `seen`: `marks_of` the last sitting; None if there was none."""
    if seen is None:
        return list(lessons)
    marks = marks_of(lessons)
    return [replace(row, is_news=row.id not in seen or marks[row.id] not in ("", seen[row.id])) for row in lessons]
