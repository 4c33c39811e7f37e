"""The lessons as something to search and to go on in. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property

from tutor.ui.host import LessonRow

DONE = ("passed", "done_here")
"""States of lessons in which nothing is left to do here."""


class Shelf:
    """The lessons, ready to be searched with each key."""

    def __init__(self, lessons: Sequence[LessonRow]) -> None:
        self.lessons = lessons

    @cached_property
    def by_id(self) -> Mapping[str, LessonRow]:
        """Each by its id."""
        return {row.id: row for row in self.lessons}

    @cached_property
    def _texts(self) -> Sequence[str]:
        return [fold(f"{row.id}\n{row.title}\n{row.summary}\n{row.also}") for row in self.lessons]

    def matching(self, query: str) -> list[LessonRow]:
        """Those in whose id, title or summary, in any language, each word of the query stands."""
        wanted = fold(query).split()
        pairs = zip(self.lessons, self._texts, strict=True)
        return [row for row, text in pairs if all(word in text for word in wanted)]


def fold(text: str) -> str:
    """As it is compared: full-width letters are letters, capitals are small."""
    return unicodedata.normalize("NFKC", text).casefold()


def following(lessons: Sequence[LessonRow], after: str, *, finished: str = "") -> LessonRow | None:
    """The lesson to go on with: the next that is not done and whose forerunners are; else the next that is not done."""
    ids = [row.id for row in lessons]
    here = ids.index(after) + 1 if after in ids else 0
    todo = [
        row
        for row in [*lessons[here:], *lessons[:here]]
        if not row.broken and not row.waits and row.state not in DONE and row.id not in (finished, after)
    ]
    known = set(ids)
    done = {row.id for row in lessons if row.state in DONE} | {finished} | _before(after, lessons)
    return next((row for row in todo if done.issuperset(known.intersection(row.after))), next(iter(todo), None))


def _before(lesson_id: str, lessons: Sequence[LessonRow]) -> set[str]:
    """All that helps before a lesson: whoever is that far is not sent back to it."""
    rows, found, left = {row.id: row for row in lessons}, {lesson_id}, [lesson_id]
    while left:
        row = rows.get(left.pop())
        new = set(row.after) - found if row is not None else set()
        found |= new
        left += new
    return found - {lesson_id}
