"""The step in front of the learner: one face at a time, and the keys that act while nothing takes text."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widget import Widget

from tutor.i18n import Words
from tutor.lesson.model import Checklist as ChecklistWork
from tutor.lesson.model import FixCode, Form, Paste, RunCode
from tutor.session.events import Action, Asking, Card
from tutor.ui.keys import WAYS
from tutor.ui.messages import Chosen
from tutor.ui.typed import Wish
from tutor.ui.widgets.code_panel import CodePanel
from tutor.ui.widgets.face import Face


class CodeFace(Face):
    """The face of code to run: read only."""

    def __init__(self, code: str, language: str, title: str, subtitle: str = "") -> None:
        super().__init__()
        self._panel = CodePanel(code, language, title, subtitle)

    def compose(self) -> ComposeResult:
        yield self._panel

    def show(self, card: Card, words: Words) -> None:
        self._panel.show(
            card.code, language_of(card), panel_title(card, words), words("ui.edited") if card.is_draft else ""
        )


def language_of(card: Card) -> str:
    """The language of the step's code."""
    return card.step.work.language if isinstance(card.step.work, RunCode | FixCode) else "python"


def panel_title(card: Card, words: Words) -> str:
    """What stands on the frame of the code."""
    if isinstance(card.step.work, FixCode):
        return words("ui.code_to_fix", language=language_of(card))
    return language_of(card)


class StepCard(Vertical, can_focus=True):
    """Holds the face that fits the card; has the focus whenever the learner is not writing."""

    BINDINGS = [
        *[
            Binding(way.key, f"choose_action('{action.value}')", show=False)
            for action, way in WAYS.items()
            if action is not Action.INTERRUPT
        ],
        Binding("c", "choose_wish('copy')", show=False),
        Binding("o", "choose_wish('reset')", show=False),
        Binding("enter", "choose_suggested", show=False),
    ]

    def __init__(self, face: Face | None = None) -> None:
        """Args: `face`: drawn from the snapshot before there is a session."""
        super().__init__(id="step-card")
        self._first_face = face
        self._shown: tuple[object, ...] = ()
        self.card: Card | None = None
        """The newest card; None before the session has spoken."""
        self.is_editing = False

    def compose(self) -> ComposeResult:
        if self._first_face is not None:
            yield self._first_face

    @property
    def face(self) -> Face | None:
        """The face that is shown now."""
        return next(iter(self.query_children(Face)), None)

    def action_choose_action(self, name: str) -> None:
        self.post_message(Chosen(Action(name)))

    def action_choose_wish(self, name: str) -> None:
        self.post_message(Chosen(Wish(name)))

    def action_choose_suggested(self) -> None:
        self.post_message(Chosen(Wish.SUGGESTED))

    async def show(self, card: Card, words: Words) -> None:
        """Be up to date with the card, and put another face on if it needs one."""
        if self.card is not None and (card.step.id, card.lesson.id) != (self.card.step.id, self.card.lesson.id):
            self.is_editing = False
        self.card = card
        kind = self._kind(card)
        if kind in ("input", "running", ""):
            self.is_editing = False
        identity = (
            kind,
            card.lesson.id,
            card.lesson.language,
            card.step.id,
            card.input_prompt if kind == "input" else "",
        )
        if identity != self._shown:
            self._shown = identity
            had_focus = self._holds_focus()
            await self._put_on(self._make(kind, card, words))
            if had_focus:
                self.take_focus(kind)
        if (face := self.face) is not None:
            face.show(card, words)

    def _holds_focus(self) -> bool:
        focused = self.screen.focused
        return focused is None or focused is self or self in focused.ancestors

    def take_focus(self, kind: str = "") -> None:
        """The step card, or the face whose keys are no text, gets the focus."""
        face = self.face
        if kind in ("choices", "checklist", "input", "editor") and face is not None:
            face.begin()
        else:
            self.focus(scroll_visible=False)

    def settle_focus(self) -> None:
        """Take the focus back from what takes text."""
        kind = str(self._shown[0]) if self._shown else ""
        self.take_focus(kind if kind in ("choices", "checklist") else "")

    async def _put_on(self, face: Face | None) -> None:
        async with self.batch():
            await self.remove_children()
            if face is not None:
                await self.mount(face)

    async def edit(self, words: Words) -> None:
        """Put the editor on."""
        if self.card is not None and not self.is_editing:
            self.is_editing = True
            await self.show(self.card, words)
            self.take_focus("editor")

    async def stop_editing(self, words: Words) -> None:
        """Show the code again as it now is."""
        if self.is_editing and self.card is not None:
            self.is_editing = False
            await self.show(self.card, words)
        self.settle_focus()

    def _kind(self, card: Card) -> str:
        if card.asking is Asking.INPUT:
            return "input"
        if card.running:
            return "running"
        if self.is_editing:
            return "editor"
        match card.asking:
            case Asking.PREDICT | Asking.QUIZ:
                from tutor.ui.widgets.choices import question_of

                quiz = question_of(card)
                return "choices" if quiz is not None and quiz.choices else "answer"
            case Asking.FORM | Asking.PASTE | Asking.CHECKLIST:
                return str(card.asking)
        # Code that has just run stands in the conversation above: it is not shown twice.
        done = card.attempt > 0 and card.suggested is Action.NEXT
        return "code" if card.code and not done else ""

    def _make(self, kind: str, card: Card, words: Words) -> Face | None:
        """The face of that kind. Faces with inputs are imported when one is needed: they are not part of the first paint."""
        work: object = card.step.work
        match kind:
            case "code":
                return CodeFace(card.code, language_of(card), panel_title(card, words))
            case "editor":
                from tutor.ui.widgets.area import Editor

                return Editor(card.code, language_of(card))
            case "choices":
                from tutor.ui.widgets.choices import Choices, question_of

                quiz = question_of(card)
                return Choices(quiz, words) if quiz is not None else None
            case "checklist" if isinstance(work, ChecklistWork):
                from tutor.ui.widgets.checklist import Checklist

                return Checklist(work, card.ticked)
            case "paste" if isinstance(work, Paste):
                from tutor.ui.widgets.area import PasteBox

                return PasteBox(work)
            case "form" if isinstance(work, Form):
                from tutor.ui.widgets.fields import form

                return form(work, card, words)
            case "answer" | "input":
                from tutor.ui.widgets.fields import answer_line, input_line

                return input_line(card) if kind == "input" else answer_line(card)
            case "running":
                from tutor.ui.widgets.running import Running

                return Running(words)
        return None


def repaintable(root: Widget) -> list[CodePanel]:
    """Panels whose colours come later than their text."""
    return list(root.query(CodePanel))
