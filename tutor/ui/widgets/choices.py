"""A question with choices: a cursor, digits, space for several, enter to answer, or the mouse."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.i18n import Words
from tutor.lesson.model import Quiz
from tutor.session.events import Asking, Card
from tutor.ui.layout import lay_out
from tutor.ui.look import style_of
from tutor.ui.markdown import markdown_blocks
from tutor.ui.messages import Answered
from tutor.ui.widgets.face import Face
from tutor.ui.widgets.transcript import is_end_in_sight


def question_of(card: Card) -> Quiz | None:
    """The question that the card asks now: the prediction, else the quiz."""
    if card.asking is Asking.PREDICT:
        return card.step.predict
    return card.step.work if isinstance(card.step.work, Quiz) else None


class Options(Widget, can_focus=True):
    """Lines to choose from, each behind its number."""

    DEFAULT_CSS = """
    Options {
        height: auto;
        text-wrap: nowrap;
    }
    """
    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("space", "mark", show=False),
        Binding("enter", "answer", show=False),
        *[Binding(str(digit), f"pick({digit})", show=False) for digit in range(1, 10)],
    ]

    cursor: reactive[int] = reactive(0)
    picked: reactive[frozenset[int]] = reactive(frozenset())

    def __init__(self, texts: tuple[str, ...], *, several: bool) -> None:
        super().__init__(markup=False)
        self._texts = texts
        self._several = several

    def _marks(self, index: int) -> str:
        if not self._several:
            return f"{index + 1}  "
        return f"{index + 1} [{'x' if index in self.picked else ' '}] "

    def _lines(self, width: int) -> list[tuple[int, Content]]:
        """Lines with the choice that each belongs to."""
        lines: list[tuple[int, Content]] = []
        for index, body in enumerate(self._texts):
            here = index == self.cursor
            lead = f"{'›' if here else ' '} {self._marks(index)}"
            for number, line in enumerate(lay_out(markdown_blocks(body), width - len(lead))):
                start = Content.styled(lead if number == 0 else " " * len(lead), style_of("you" if here else "muted"))
                whole = start + line
                lines.append((index, whole.stylize("bold") if here else whole))
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join([line for _, line in self._lines(self.content_size.width)])

    def on_click(self, event: events.Click) -> None:
        """The first click puts the cursor there (or ticks); a click on the chosen line answers."""
        event.stop()
        lines = self._lines(self.content_size.width)
        if not 0 <= event.y < len(lines):
            return
        index = lines[event.y][0]
        again = index == self.cursor and self.has_focus and not self._several
        self.cursor = index
        if self._several:
            self.action_mark()
        elif again and event.chain > 1:
            self.action_answer()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While there is more to read, space and enter read on; with one right choice there is nothing to mark."""
        if action == "mark" and not self._several:
            return False
        return is_end_in_sight(self) if action in ("mark", "answer") else True

    def action_move(self, step: int) -> None:
        self.cursor = (self.cursor + step) % len(self._texts)

    def action_mark(self) -> None:
        if self._several:
            self.picked = self.picked ^ {self.cursor}

    def action_pick(self, digit: int) -> None:
        if digit <= len(self._texts):
            self.cursor = digit - 1
            self.action_mark()

    def action_answer(self) -> None:
        """Answer with the ticked choices, or with the one under the cursor."""
        chosen = sorted(self.picked) if self._several and self.picked else [self.cursor]
        self.post_message(Answered(tuple(str(index + 1) for index in chosen)))


class Choices(Face):
    """The face of a question with choices."""

    def __init__(self, quiz: Quiz, words: Words) -> None:
        super().__init__()
        self._quiz = quiz
        self._words = words

    def compose(self) -> ComposeResult:
        from tutor.ui.widgets.message import Message

        several = sum(choice.right for choice in self._quiz.choices) > 1
        yield Message(markdown_blocks(self._quiz.question), classes="question")
        if several:
            from tutor.ui.blocks import text

            yield Message([text(self._words("ui.several"), "muted")])
        yield Options(tuple(choice.text for choice in self._quiz.choices), several=several)

    def show(self, card: Card, words: Words) -> None:
        self._words = words

    def begin(self) -> None:
        self.query_one(Options).focus(scroll_visible=False)

    def hand_in(self) -> None:
        self.query_one(Options).action_answer()
