"""One lesson as the catalogue knows it, and the form in which the index keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tutor.lesson.model import Language, Need
from tutor.lesson.needs import parse_need


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step as the catalogue knows it."""

    hash: str
    titles: Mapping[str, str]
    """By language."""
    minutes: int

    def title(self, language: str) -> str:
        """In that language if it can, else in the other."""
        return self.titles.get(language) or next(iter(self.titles.values()), "")


@dataclass(frozen=True, slots=True)
class Card:
    """What depends on the lesson's files alone; plain JSON types, because the index keeps it."""

    languages: tuple[str, ...]
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    minutes: int
    order: int
    after: tuple[str, ...]
    needs: tuple[str, ...]
    step_ids: tuple[str, ...]
    broken: str | None
    steps: Mapping[str, StepFacts] | None
    """By id; None until the lesson was parsed as a whole."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Raises:
        ValueError, TypeError, KeyError: the text is damaged or from another version.
        """
        value = json.loads(text)
        for key in ("languages", "after", "needs", "step_ids"):
            value[key] = tuple(value[key])
        if value["steps"] is not None:
            value["steps"] = {step_id: StepFacts(**facts) for step_id, facts in value["steps"].items()}
        return cls(**value)


@dataclass(frozen=True, slots=True)
class Entry:
    """One lesson of the catalogue."""

    id: str
    path: Path
    """Its folder."""
    root: Path
    """The folder of lessons that it stands in."""
    shipped: bool
    languages: tuple[Language, ...]
    titles: Mapping[str, str]
    """By language; a language whose front matter is broken is not in it."""
    summaries: Mapping[str, str]
    minutes: int
    order: int
    after: tuple[str, ...]
    needs: tuple[Need, ...]
    step_ids: tuple[str, ...]
    broken: str | None
    """What is wrong with it. Errors below the front matter are known once the lesson was opened or examined."""

    def title(self, language: str) -> str:
        """In that language if it can, else in the other; the id for a lesson that has none."""
        return self.titles.get(language) or next(iter(self.titles.values()), self.id)

    def summary(self, language: str) -> str:
        """Like `title`; empty for a lesson that has none."""
        return self.summaries.get(language) or next(iter(self.summaries.values()), "")


def make_entry(lesson_id: str, root: Path, shipped: bool, card: Card) -> Entry:
    """The entry of a card."""
    return Entry(
        id=lesson_id,
        path=root / lesson_id,
        root=root,
        shipped=shipped,
        languages=tuple(Language(language) for language in card.languages),
        titles=card.titles,
        summaries=card.summaries,
        minutes=card.minutes,
        order=card.order,
        after=card.after,
        needs=tuple(need for word in card.needs if (need := parse_need(word))),
        step_ids=card.step_ids,
        broken=card.broken,
    )
