"""Which commands a line that begins with `/` could become. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.ui.host import LessonRow
from tutor.ui.offers import Offer
from tutor.ui.shelf import fold
from tutor.ui.typed import Misunderstood, meaning_of

LESSON = "/lesson"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A command, whole."""

    typed: str
    label: str
    """What it does."""


def suggestions(line: str, offered: Iterable[Offer]) -> tuple[Suggestion, ...]:
    """The commands that begin like the line, then those whose label says what stands there."""
    wanted = fold(line)
    name = wanted.removeprefix("/")
    begin: list[Suggestion] = []
    say: list[Suggestion] = []
    for offer in offered:
        typed = offer.typed
        if fold(typed).startswith(wanted):
            begin.append(Suggestion(typed, offer.label))
        elif typed and name and _says(fold(offer.label), name):
            say.append(Suggestion(typed, offer.label))
    return (*begin, *say)


def _says(label: str, name: str) -> bool:
    """Whether a word of the label begins so; Chinese has no spaces between words."""
    return name in label if not name.isascii() else any(word.startswith(name) for word in label.split())


def lessons_for(line: str, lessons: Sequence[LessonRow]) -> list[LessonRow]:
    """The lessons that the line could mean: looked at only once it asks for one, since there may be thousands."""
    name, _, lesson_id = fold(line).partition(" ")
    return [row for row in lessons if row.id.startswith(lesson_id)] if name == LESSON else []


def is_whole(line: str) -> bool:
    """Whether the line is a command as it stands."""
    return not isinstance(meaning_of(line), Misunderstood)
