"""Which keys the action row shows: the one suggested key first, then the others. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from tutor.i18n import Words
from tutor.session.events import Action, Asking, Card
from tutor.ui.keys import WAYS
from tutor.ui.labels import label_of
from tutor.ui.needs import offers_elsewhere
from tutor.ui.stops import Stop, StopKind
from tutor.ui.widgets.action_row import Chip
from tutor.ui.wishes import Wish


class Mode(StrEnum):
    """Where the keys go."""

    CARD = "card"
    EDITOR = "editor"
    ANSWER = "answer"
    """A field of the step card that takes text."""
    PROMPT = "prompt"
    LIST = "list"
    BLOCKS = "blocks"
    """A block of the conversation."""


class End(StrEnum):
    """Whether the lesson has come to its end, and what follows."""

    NOT_YET = "not_yet"
    NEXT = "next"
    """Another lesson."""
    HOME = "home"
    """No lesson is left to do."""


def chips_for(
    card: Card, mode: Mode, words: Words, *, reads_on: bool = False, end: End = End.NOT_YET
) -> tuple[Chip, ...]:
    """The chips of a card in a mode. Args: `reads_on`: there is more below what is in sight, which is to be read first."""
    if mode is Mode.LIST:
        return (
            Chip("enter", words("ui.open"), Wish.OPEN, suggested=True),
            Chip("esc", words("ui.leave"), Wish.LEAVE),
            Chip("q", words("ui.quit_yes"), Wish.QUIT),
        )
    if card.running and card.asking is not Asking.INPUT:
        return (_chip(Action.INTERRUPT, words, suggested=True),)
    match mode:
        case Mode.EDITOR:
            return tuple(_editor(card, words))
        case Mode.ANSWER:
            key = "ctrl+r" if card.asking is Asking.PASTE else "enter"
            return (
                Chip(key, words("ui.hand_in"), Action.ANSWER, suggested=True),
                Chip("esc", words("ui.leave"), Wish.LEAVE),
                *([_chip(Action.INTERRUPT, words)] if card.running else []),
            )
        case Mode.PROMPT:
            if card.running:
                # The learner was in the middle of a line when the code asked for one.
                return (
                    Chip("esc", words("ui.answer_code"), Action.ANSWER, suggested=True),
                    Chip("enter", words("ui.send"), Wish.SEND),
                    _chip(Action.INTERRUPT, words),
                )
            return (
                Chip("enter", words("ui.send"), Wish.SEND, suggested=True),
                Chip("ctrl+j", words("ui.new_line"), Wish.NEW_LINE),
                Chip("esc", words("ui.leave"), Wish.LEAVE),
            )
        case Mode.CARD | Mode.BLOCKS:
            if end is not End.NOT_YET and not reads_on:
                return tuple(_at_end(card, end, words))
            return tuple(_card(card, words, reads_on=reads_on))


def _at_end(card: Card, end: End, words: Words) -> Iterator[Chip]:
    """On from a lesson that has come to its end."""
    if end is End.NEXT:
        yield Chip("n", words("home.next_lesson"), Action.NEXT, suggested=True)
    yield Chip("l", words("home.title"), Wish.LESSONS, suggested=end is End.HOME)
    if Action.BACK in card.actions:
        yield _chip(Action.BACK, words)
    yield Chip("q", words("ui.quit_yes"), Wish.QUIT)


def _card(card: Card, words: Words, *, reads_on: bool) -> Iterator[Chip]:
    if reads_on:
        yield Chip("space", words("ui.read_on"), Wish.READ_ON, suggested=True)
    if card.suggested in card.actions:
        key = _suggested_key(card)
        label = words("ui.action_tick") if key == "space" else label_of(card.suggested, card, words)
        yield _chip(card.suggested, words, suggested=not reads_on, key=key, label=label)
    for way in WAYS:
        action = Action(way.action)
        if action in card.actions and action is not card.suggested:
            yield _chip(action, words, label=label_of(action, card, words))
    if offers_elsewhere(card):
        yield Chip("w", words("places.elsewhere"), Wish.RUNTIME)
    if card.code and Action.RUN in card.actions:
        yield Chip("c", words("ui.action_copy"), Wish.COPY)
    if card.is_draft:
        yield Chip("o", words("ui.action_reset"), Wish.RESET)


def chips_for_stop(stop: Stop, card: Card, words: Words) -> Iterator[Chip]:
    """The chips while the cursor stands on a block."""
    is_link = stop.kind is StopKind.LINK
    if is_link:
        yield Chip("o", words("reading.follow"), Wish.FOLLOW, suggested=True)
    yield Chip("c", words("reading.copy_address" if is_link else "ui.action_copy"), Wish.COPY, suggested=not is_link)
    if stop.kind is StopKind.CODE:
        yield Chip("t", words("reading.to_prompt"), Wish.TO_PROMPT)
    if not is_link:
        yield Chip("p", words("reading.open_large"), Wish.OPEN_LARGE)
    yield Chip("[ ]", words("reading.others"), Wish.EARLIER)
    if card.running:
        yield _chip(Action.INTERRUPT, words)
    yield Chip("esc", words("reading.back"), Wish.BACK)


def chips_for_commands(words: Words, *, completes: bool) -> Iterator[Chip]:
    """The chips while the menu of commands is open. Args: `completes`: enter puts the chosen one at the prompt."""
    yield Chip("enter", words("ui.complete" if completes else "ui.send"), Wish.SEND, suggested=True)
    yield Chip("esc", words("ui.close_menu"), Wish.LEAVE)


def _suggested_key(card: Card) -> str:
    """A question or a list is answered where the cursor stands."""
    if card.suggested is Action.ANSWER:
        return "space" if card.asking is Asking.CHECKLIST else "enter"
    return ""


def _editor(card: Card, words: Words) -> Iterator[Chip]:
    if Action.RUN in card.actions:
        yield Chip("ctrl+r", words("ui.action_run"), Action.RUN, suggested=True)
    yield Chip("esc", words("ui.leave"), Wish.LEAVE)


def _chip(action: Action, words: Words, *, suggested: bool = False, key: str = "", label: str = "") -> Chip:
    way = next(way for way in WAYS if way.action == action)
    return Chip(key or way.key, label or words(way.label), action, suggested)
