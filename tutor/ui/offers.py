"""Everything that can be done now, each with its name and its key: what the command palette offers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from textual.binding import Binding

from tutor.i18n import Words
from tutor.session.events import Action, Card
from tutor.ui.host import LessonRow
from tutor.ui.keys import WAYS
from tutor.ui.wishes import NEVER_TYPED, Wish

LANGUAGES = {"en": "English", "zh": "中文"}
AS_ACTIONS = frozenset({Wish.EDIT, Wish.ANSWER})
"""They are offered as actions of the step, where they are possible."""
BY_CHOICE = frozenset({Wish.LESSON, Wish.THEME, Wish.LANGUAGE})
"""They are offered once for each thing to choose."""
TYPED: dict[Action | Wish, str] = {Action(way.action): way.typed for way in WAYS}
SIGNS = {
    "question_mark": "?",
    "slash": "/",
    "comma": ",",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
}
"""Of keys that Textual spells out."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of the palette."""

    label: str
    what: Action | Wish | None = None
    """None: go to a step."""
    argument: str = ""
    """What would be typed behind the command."""
    key: str = ""
    kind: str = ""
    """What sort of thing it is, where the label does not say so."""
    place: tuple[str, str] = ("", "")
    """Lesson and step to go to."""

    @property
    def typed(self) -> str:
        """The command, as far as there is one."""
        if self.what is None:
            return f"/goto {self.place[1]}" if self.place[1] else ""
        return f"/{TYPED.get(self.what, self.what)} {self.argument}".strip()


def offers(
    card: Card | None, words: Words, keys: Mapping[str, str], themes: Sequence[str], lessons: Iterable[LessonRow]
) -> Iterator[Offer]:
    """All entries: what the step can do, then what the screen can do, then places.

    Args:
        keys: of wishes, by their value.
    """
    if card is not None:
        for way in WAYS:
            if way.action in card.actions:
                yield Offer(words(way.label), Action(way.action), key=way.key)
    for wish in Wish:
        if wish not in NEVER_TYPED | AS_ACTIONS | BY_CHOICE | {Wish.PALETTE}:
            yield Offer(words(f"home.wish_{wish}"), wish, key=keys.get(wish, ""))
    for language, name in LANGUAGES.items():
        if language != words.language:
            yield Offer(words("home.wish_lang", language=name), Wish.LANGUAGE, language, keys.get(Wish.LANGUAGE, ""))
    for theme in themes:
        yield Offer(words("home.wish_theme", theme=theme), Wish.THEME, theme)
    if card is not None:
        for step in card.lesson.steps:
            yield Offer(step.title, kind=words("home.kind_step"), place=(card.lesson.id, step.id))
    for row in lessons:
        if not row.broken and not row.waits:
            yield Offer(row.title, Wish.LESSON, row.id, kind=words("home.kind_lesson"))


def keys_of(bindings: Iterable[object]) -> dict[str, str]:
    """The key of each wish that has one, by the wish's value."""
    found: dict[str, str] = {}
    for binding in bindings:
        if isinstance(binding, Binding) and binding.action.startswith("wish('"):
            key = min((SIGNS.get(key, key) for key in binding.key.split(",")), key=len)
            found.setdefault(binding.action.removeprefix("wish('").removesuffix("')"), key)
    return found
