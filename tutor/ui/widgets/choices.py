"""A question with choices: a cursor, digits, space for several, enter to answer, or the mouse."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.reactive import reactive

from tutor.i18n import Words
from tutor.lesson.model import Quiz
from tutor.session.events import Asking, Card
from tutor.ui.blocks import text
from tutor.ui.markdown import markdown_blocks
from tutor.ui.messages import Answered
from tutor.ui.widgets.cursor_list import CursorList
from tutor.ui.widgets.face import Face
from tutor.ui.widgets.message import Message


def question_of(card: Card) -> Quiz | None:
    """The question that the card asks now: the prediction, else the quiz."""
    if card.asking is Asking.PREDICT:
        return card.step.predict
    return card.step.work if isinstance(card.step.work, Quiz) else None


class Options(CursorList):
    """Choices behind their numbers; with several right ones, also behind boxes."""

    picked: reactive[frozenset[int]] = reactive(frozenset())

    def __init__(self, texts: tuple[str, ...], *, several: bool) -> None:
        super().__init__(texts)
        self._several = several

    def sign(self, index: int) -> str:
        if not self._several:
            return f"{index + 1} "
        return f"{index + 1} [{'x' if index in self.picked else ' '}]"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """With one right choice there is nothing to mark."""
        return False if action == "mark" and not self._several else super().check_action(action, parameters)

    def choose(self) -> None:
        self.action_mark()

    def choose_by_mouse(self, *, again: bool) -> None:
        """The second click on a line answers, where one choice is right."""
        if again and not self._several:
            self.action_enter()
        else:
            self.choose()

    def action_mark(self) -> None:
        if self._several:
            self.picked = self.picked ^ {self.cursor}

    def action_enter(self) -> None:
        """Answer with the ticked choices, or with the one under the cursor."""
        chosen = sorted(self.picked) if self._several and self.picked else [self.cursor]
        self.post_message(Answered(tuple(str(index + 1) for index in chosen)))


class Choices(Face):
    """The face of a question with choices."""

    def __init__(self, quiz: Quiz, words: Words, *, is_guess: bool) -> None:
        """Args: `is_guess`: the code will answer it, and nobody judges."""
        super().__init__()
        self._is_guess = is_guess
        self._quiz = quiz
        self._words = words

    def compose(self) -> ComposeResult:
        several = sum(choice.right for choice in self._quiz.choices) > 1
        yield Message(markdown_blocks(self._quiz.question), classes="question")
        said = ["ui.guess"] * self._is_guess + ["ui.several"] * several
        if said:
            yield Message([text(self._words(key), "muted") for key in said])
        yield Options(tuple(choice.text for choice in self._quiz.choices), several=several)

    def show(self, card: Card, words: Words) -> None:
        self._words = words

    def begin(self) -> None:
        self.give_focus(self.query_one(Options))

    def hand_in(self) -> None:
        self.query_one(Options).action_enter()
