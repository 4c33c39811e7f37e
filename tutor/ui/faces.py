"""Which face the step card needs for a card, and how it is made."""

from __future__ import annotations

from tutor.i18n import Words
from tutor.lesson.model import Checklist as ChecklistWork
from tutor.lesson.model import FixCode, Form, Paste, RunCode
from tutor.session.events import Action, Asking, Card
from tutor.ui.needs import needs_line
from tutor.ui.widgets.area import Editor, PasteBox
from tutor.ui.widgets.checklist import Checklist
from tutor.ui.widgets.choices import Choices, question_of
from tutor.ui.widgets.code_panel import CodePanel
from tutor.ui.widgets.face import CodeFace, Face
from tutor.ui.widgets.fields import answer_line, form, input_line
from tutor.ui.widgets.running import Running


def language_of(card: Card) -> str:
    """The language of the step's code."""
    return card.step.work.language if isinstance(card.step.work, RunCode | FixCode) else "python"


def panel_texts(card: Card, words: Words) -> tuple[str, str]:
    """What stands on the upper and on the lower edge of the frame around the code."""
    language = language_of(card)
    title = words("ui.code_to_fix", language=language) if isinstance(card.step.work, FixCode) else language
    # What it needs is told before it runs; afterwards the verdict says what was missing.
    below = [words("ui.edited")] if card.is_draft else []
    needs = needs_line(card.lesson, card.step, words) if card.attempt == 0 else ""
    return title, " · ".join([*below, needs] if needs else below)


def kind_of(card: Card, *, is_editing: bool) -> str:
    """Names the face; empty when the card needs none."""
    if card.asking is Asking.INPUT:
        return "input"
    if card.running:
        return "running"
    if is_editing:
        return "editor"
    match card.asking:
        case Asking.PREDICT | Asking.QUIZ:
            question = question_of(card)
            return "choices" if question is not None and question.choices else "answer"
        case Asking.FORM | Asking.PASTE | Asking.CHECKLIST:
            return str(card.asking)
    # Code that has just run stands in the conversation above: it is not shown twice.
    done = card.has_run and card.suggested is Action.NEXT
    return "code" if card.code and not done else ""


def panel_above(kind: str, card: Card, words: Words) -> CodePanel | None:
    """The code whose outcome is to be predicted: nobody can without having seen it."""
    if card.asking is not Asking.PREDICT or not card.code or kind == "editor":
        return None
    return CodePanel(card.code, language_of(card), *panel_texts(card, words))


def make(kind: str, card: Card, words: Words) -> Face | None:
    """The face of that kind."""
    face: Face | None = None
    match kind, card.step.work:
        case "code", _:
            face = CodeFace(card.code, language_of(card), *panel_texts(card, words))
        case "editor", _:
            face = Editor(card.code, language_of(card), panel_texts(card, words)[0], card.error_line)
        case "choices", _:
            question = question_of(card)
            is_guess = card.asking is Asking.PREDICT
            face = Choices(question, words, is_guess=is_guess) if question is not None else None
        case "checklist", ChecklistWork() as work:
            face = Checklist(work, card.ticked)
        case "paste", Paste() as work:
            face = PasteBox(work)
        case "form", Form() as work:
            face = form(work, card, words)
        case "answer", _:
            face = answer_line(card, words)
        case "input", _:
            face = input_line(card, words)
        case "running", _:
            face = Running(words, card.step.timeout)
    return face
