"""Answers that are typed: a number or text, the fields of a form, and the line that `input()` waits for."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from tutor.i18n import Words
from tutor.lesson.model import Field, Form
from tutor.session.events import Card
from tutor.text.plain import strip
from tutor.ui.blocks import Block, text
from tutor.ui.markdown import markdown_blocks
from tutor.ui.messages import Answered, Left
from tutor.ui.widgets.choices import question_of
from tutor.ui.widgets.face import Face
from tutor.ui.widgets.message import Message


class TextLine(Input):
    """One line; esc leaves it."""

    BINDINGS = [Binding("escape", "leave", show=False, priority=True)]

    def action_leave(self) -> None:
        self.post_message(Left())

    def on_paste(self, event: events.Paste) -> None:
        """A pasted value loses control characters and the line break that came with it."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(" ".join(strip(event.text).split("\n")).strip())


class Fields(Face):
    """Labels, each with a line to fill in; enter goes to the next and hands in after the last."""

    TAKES_TEXT = True

    def __init__(self, labels: Sequence[tuple[Sequence[Block], Field]], values: Sequence[str] = ()) -> None:
        """Args: `labels`: what stands above each line; `values`: what stands in it already."""
        super().__init__()
        self._labels = labels
        self._values = values

    def compose(self) -> ComposeResult:
        for index, (label, field) in enumerate(self._labels):
            yield Message(label, classes="question")
            value = self._values[index] if index < len(self._values) else ""
            yield TextLine(value, placeholder=field.example, password=field.secret)

    @property
    def _inputs(self) -> list[TextLine]:
        return list(self.query(TextLine))

    def begin(self) -> None:
        empty = [line for line in self._inputs if not line.value]
        (empty or self._inputs)[0].focus(scroll_visible=False)

    def hand_in(self) -> None:
        if any(not line.value for line in self._inputs) and len(self._inputs) > 1:
            self.begin()
        else:
            self.post_message(Answered(tuple(line.value for line in self._inputs)))

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Enter: the next empty line, or hand in."""
        event.stop()
        self.hand_in()


def answer_line(card: Card) -> Fields:
    """The face of a question that wants a number or a text."""
    quiz = question_of(card)
    question = markdown_blocks(quiz.question) if quiz else ()
    unit = quiz.unit if quiz and quiz.number is not None else ""
    return Fields([(question, Field("answer", "", unit))])


def form(work: Form, card: Card, words: Words) -> Fields:
    """The face of a form; secret fields are masked."""
    labels = []
    for field in work.fields:
        label = [text(strip(field.label), "strong")]
        if field.secret:
            label.append(text(words("ui.secret"), "muted", gap=False))
        labels.append((label, field))
    return Fields(labels, card.prefill)


def input_line(card: Card) -> Fields:
    """The face of `input()` and `getpass()`: the program's own question, masked if it asks for a password."""
    label = [text(strip(card.input_prompt), "strong")] if card.input_prompt.strip() else []
    return Fields([(label, Field("input", "", "", secret=card.input_is_secret))])
