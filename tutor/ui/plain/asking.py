"""What the step wants now, in words, and what a typed line means then. Pure."""

from __future__ import annotations

import re
from codeop import compile_command
from dataclasses import dataclass
from enum import StrEnum

from tutor.i18n import Words
from tutor.lesson.model import Checklist, Field, Form, Paste, Quiz
from tutor.session import commands as ask
from tutor.session.events import Action, Asking, Card
from tutor.session.explaining import is_code, looks_like_error
from tutor.ui.keys import WAYS
from tutor.ui.labels import label_of
from tutor.ui.needs import offers_elsewhere
from tutor.ui.plain.lines import markdown_lines
from tutor.ui.typed import COMMANDS, Misunderstood, Requested, is_command, is_receipt, meaning_of
from tutor.ui.wishes import Wish

TRACEBACK = "Traceback (most recent call last)"
_NAMES_ERROR = re.compile(r"^[A-Za-z_][\w.]*(?::|$)", re.MULTILINE)
"""The line below the calls of a traceback, which stand further in or begin with more than one word."""

WISH_KEYS = {"?": Wish.HELP, "？": Wish.HELP, "q": Wish.QUIT, "l": Wish.LESSONS, "o": Wish.RESET, "w": Wish.RUNTIME}


class Collect(StrEnum):
    """Answers of several lines: what has to be collected before anything is sent."""

    FORM = "form"
    PASTE = "paste"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Lines are to be collected; the first may have been typed already."""

    what: Collect
    first: str = ""


Meaning = ask.Command | Requested | Misunderstood | Wanted


def question_of(card: Card) -> Quiz | None:
    """The question that is asked now."""
    if card.asking is Asking.PREDICT:
        return card.step.predict
    return card.step.work if card.asking is Asking.QUIZ and isinstance(card.step.work, Quiz) else None


def question_lines(card: Card, words: Words) -> list[str]:
    """What the step asks, and how to answer."""
    quiz, work = question_of(card), card.step.work
    if quiz is not None:
        choices = [f"{number}. {' '.join(markdown_lines(c.text))}" for number, c in enumerate(quiz.choices, 1)]
        several = sum(choice.right for choice in quiz.choices) > 1
        key = "several" if several else "choice" if choices else "number" if quiz.number is not None else "text"
        return [*markdown_lines(quiz.question), *choices, words(f"plain.answer_{key}", unit=quiz.unit).strip()]
    match card.asking, work:
        case Asking.CHECKLIST, Checklist(items=items):
            states = ["plain.item_done" if index in card.ticked else "plain.item_to_do" for index in range(len(items))]
            told = [
                words(state, number=number, item=" ".join(markdown_lines(item)))
                for number, (state, item) in enumerate(zip(states, items, strict=True), 1)
            ]
            return [*told, words("plain.answer_tick")]
        case Asking.PASTE, Paste(prompt=prompt, example=example):
            return [*markdown_lines(prompt), words("plain.answer_paste", example=example)]
        case Asking.FORM, Form():
            return [words("plain.answer_form")]
        case Asking.INPUT, _:
            return [card.input_prompt.strip() or words("plain.answer_input")]
        case _:
            return []


def field_line(field: Field, prefilled: str, words: Words) -> str:
    """What is asked for one field of a form."""
    label = field.label
    if field.secret:
        return words("plain.field_secret", label=label)
    if prefilled:
        return words("plain.field_known", label=label, value=prefilled)
    return words("plain.field", label=label, example=field.example)


def ways_line(card: Card, words: Words) -> str:
    """The lit way first, then all others that are possible now."""
    ways = {Action(way.action): way for way in WAYS}
    others = [
        f"{ways[action].key} {label_of(action, card, words)}"
        for action in card.actions
        if action not in (card.suggested, Action.ANSWER, Action.INTERRUPT)
    ]
    elsewhere = [words("places.plain_elsewhere")] if offers_elsewhere(card) else []
    rest = words("plain.between_ways").join([*others, *elsewhere, words("plain.more")])
    if card.suggested is Action.ANSWER:
        return words("plain.ways_of_answering", others=rest)
    lit = ways[card.suggested]
    return words("plain.ways", label=label_of(card.suggested, card, words), key=lit.key, others=rest)


def meaning(card: Card, line: str) -> Meaning:
    """What the line means at this card."""
    if card.asking is Asking.INPUT:
        return ask.Answer((line,))
    bare = line.strip()
    if is_command(bare) or is_receipt(bare):
        return meaning_of(bare)
    return _way(card, bare) or _answer(card, line) or (Wanted(Collect.CODE, line) if bare else _suggested(card))


def _answer(card: Card, line: str) -> Meaning | None:
    """The line as an answer to what is asked; None if nothing is, or if it is empty."""
    bare, quiz = line.strip(), question_of(card)
    if card.asking is Asking.FORM:
        return Wanted(Collect.FORM, line)
    if not bare:
        return None
    if quiz is not None:
        return meaning_of(f"/answer {bare}") if quiz.choices else ask.Answer((bare,))
    if card.asking is Asking.PASTE:
        return Wanted(Collect.PASTE, line)
    if card.asking is Asking.CHECKLIST and bare.isdecimal():
        item = int(bare) - 1
        return ask.Tick(item, item not in card.ticked)
    return None


def _way(card: Card, key: str) -> Meaning | None:
    """A single key, whether it acts now or not: that is said; where words are wanted, a letter is one."""
    quiz = question_of(card)
    if card.asking in (Asking.FORM, Asking.PASTE) or (quiz is not None and quiz.text is not None):
        return None
    if key in WISH_KEYS:
        return Requested(WISH_KEYS[key])
    action = next((Action(way.action) for way in WAYS if way.key == key), None)
    if action is None or action is Action.ANSWER:
        return None
    return Requested(Wish.EDIT) if action is Action.EDIT else COMMANDS[action]


def _suggested(card: Card) -> Meaning:
    match card.suggested:
        case Action.EDIT:
            return Requested(Wish.EDIT)
        case Action.ANSWER:
            return Requested(Wish.ANSWER)
        case action:
            return COMMANDS[action]


def begins_error(card: Card, lines: str) -> bool:
    """Whether these lines are an error that was pasted, at a moment when no answer may look like that."""
    takes_anything = card.asking in (Asking.INPUT, Asking.PASTE, Asking.FORM)
    return not takes_anything and looks_like_error(lines) and not is_code(lines)


def goes_on(error: str, *, at_once: bool) -> bool:
    """Whether more of it is to come. Args: `at_once`: what belongs together comes together, so that the line that names the error ends it."""
    _, traceback, rest = error.rpartition(TRACEBACK)
    return bool(traceback) and not (at_once and _NAMES_ERROR.search(rest.partition("\n")[2]))


def is_complete(code: str) -> bool:
    """Whether the code can be sent: a block goes on until an empty line, an open bracket until it is closed."""
    try:
        return compile_command(code) is not None
    except (SyntaxError, ValueError, OverflowError):
        # Also magics and shell lines, which are IPython's and not Python's.
        return True
