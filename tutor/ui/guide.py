"""The one thing to do after a verdict, in words with its key. Pure.

It stands with the step, not in the conversation: what was the next thing then is no advice now.
"""

from __future__ import annotations

from tutor.i18n import Words
from tutor.lesson.model import Checklist, Paste, Quiz
from tutor.progress.model import Verdict
from tutor.session.events import Action, Asking, Card
from tutor.ui.keys import WAYS
from tutor.ui.needs import is_elsewhere

KEYS = {Action(way.action): way.key for way in WAYS}
RUN_WHILE_EDITING = "ctrl+r"

ABOUT_THE_SCREEN = ("next_edit", "next_edit_line", "next_fill", "next_choose", "next_type", "next_paste")
"""Sentences that name what only the screen has."""


def guide(card: Card, words: Words, *, by_lines: bool = False, is_editing: bool = False) -> str:
    """The sentence; empty before the first verdict, after a pass, and while code runs.

    Args:
        by_lines: said where there is no screen.
        is_editing: letters are text, so that running has another key.
    """
    if card.outcome is None or card.running:
        return ""
    match card.outcome.verdict:
        case Verdict.NOT_YET:
            key, values = _after_miss(card)
        case Verdict.COULD_NOT_CHECK if card.suggested is Action.PRACTISE:
            key, values = "next_practise", {}
        case Verdict.COULD_NOT_CHECK if card.suggested is Action.NEXT and not card.practice:
            if is_elsewhere(card.outcome.unmet):
                return words("places.next_open", key=KEYS[card.suggested])
            key, values = "next_open_elsewhere" if card.outcome.unmet else "next_open", {}
        case _:
            return ""
    room = "plain" if by_lines and key in ABOUT_THE_SCREEN else "step"
    named = RUN_WHILE_EDITING if is_editing and card.suggested is Action.RUN else KEYS[card.suggested]
    return words(f"{room}.{key}", key=named, **values) if key else ""


def _after_miss(card: Card) -> tuple[str, dict[str, object]]:
    match card.suggested:
        case Action.RUN if card.practice and card.step.has_practice:
            return "next_rehearse", {}
        case Action.EDIT if card.error_line is not None:
            return "next_edit_line", {"line": card.error_line}
        case Action.RUN if not card.has_run:
            return "next_run_change", {}
        case Action.ANSWER:
            return _answering(card), {}
        case Action.EDIT | Action.RUN | Action.HINT | Action.SOLUTION | Action.FILL | Action.BRING_BACK:
            return f"next_{card.suggested}", {}
        case _:
            return "", {}


def _answering(card: Card) -> str:
    match card.step.work:
        case Quiz(choices=choices) if choices and card.asking is Asking.QUIZ:
            return "next_choose"
        case Paste():
            return "next_paste"
        case Checklist():
            return "next_tick"
        case _:
            return "next_type"
