"""Which lines the lesson list has. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.ui.host import LessonRow
from tutor.ui.look import STATE_GLYPHS, STATE_ROLES
from tutor.ui.widgets.lesson_list import Row

LESSON_GLYPHS = {"new": "·", "started": "›", "done_here": "●", "passed": "✓", "changed": "~"}
LESSON_ROLES = {"started": "you", "done_here": "could_not_check", "passed": "passed", "changed": "could_not_check"}


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of the open lesson."""

    id: str
    title: str
    state: str


def glyph_of(lesson: LessonRow) -> tuple[str, str]:
    """The mark of a lesson and its role."""
    if lesson.broken:
        return "!", "not_yet"
    if lesson.waits:
        return "?", "could_not_check"
    return LESSON_GLYPHS.get(lesson.state, "·"), LESSON_ROLES.get(lesson.state, "muted")


def rows_of(lessons: Sequence[LessonRow], open_lesson: str, steps: Sequence[StepRow], open_step: str) -> list[Row]:
    """The lines of the list; pure."""
    rows: list[Row] = []
    for lesson in lessons:
        is_open = lesson.id == open_lesson
        glyph, role = glyph_of(lesson)
        count = "" if lesson.broken else f"{lesson.passed}/{lesson.steps}"
        rows.append(Row(lesson.id, "", glyph, role, lesson.title, count, is_open))
        if is_open:
            for step in steps:
                state_role = STATE_ROLES.get(step.state, "muted")
                rows.append(
                    Row(
                        lesson.id,
                        step.id,
                        STATE_GLYPHS.get(step.state, "·"),
                        state_role,
                        step.title,
                        "",
                        step.id == open_step,
                    )
                )
    return rows
