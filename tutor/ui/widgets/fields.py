"""Answers that are typed: a number or text, the fields of a form, and the line that `input()` waits for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Input

from tutor.i18n import Words
from tutor.lesson.model import Field, Form, Quiz
from tutor.session.events import Asking, Card
from tutor.text.plain import strip
from tutor.ui.blocks import Block, text
from tutor.ui.fitting import Said, field_fit, number_fit
from tutor.ui.ime import Composition
from tutor.ui.markdown import markdown_blocks
from tutor.ui.messages import Answered, Left
from tutor.ui.widgets.choices import question_of
from tutor.ui.widgets.face import Face
from tutor.ui.widgets.gone import blank
from tutor.ui.widgets.message import Message


class TextLine(Input):
    """One line; esc leaves it, and what is masked can be looked at."""

    BINDINGS = [
        Binding("escape", "leave", show=False),
        Binding("f3", "reveal", show=False),
    ]

    def __init__(self, value: str, placeholder: str, *, secret: bool) -> None:
        super().__init__(value, placeholder=placeholder, password=secret)
        self._is_secret = secret
        self._composition = Composition()

    def action_leave(self) -> None:
        self.post_message(Left())

    def render_lines(self, crop: Region) -> list[Strip]:
        return blank(crop) if self.parent is None else super().render_lines(crop)

    def action_reveal(self) -> None:
        """Show or mask a secret; it is masked again as soon as the learner goes elsewhere."""
        self.password = self._is_secret and not self.password

    def on_blur(self) -> None:
        self.password = self._is_secret

    def on_key(self, event: events.Key) -> None:
        """An Enter that accepts a candidate of an input method hands nothing in."""
        if event.key == "enter" and self._composition.ends_at(event.time):
            event.stop()
            event.prevent_default()
        elif event.is_printable:
            self._composition.note(event.character, event.time)

    def on_paste(self, event: events.Paste) -> None:
        """A pasted value loses control characters, and its lines become one."""
        event.prevent_default()
        event.stop()
        self._composition.note(event.text, event.time)
        line = " ".join(strip(event.text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")).strip()
        self.replace(line, *self.selection)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is asked for."""

    label: Sequence[Block]
    """Stands above the line."""
    example: str = ""
    secret: bool = False
    value: str = ""
    """Stands in the line already."""
    fit: Callable[[str, Words, bool], Said] | None = None
    """What is said under the line about a value; the last argument: the learner has left it."""


class Fields(Face):
    """Labels, each with a line to fill in; enter goes to the next and hands in after the last."""

    TAKES_TEXT = True

    def __init__(self, entries: Sequence[Entry], words: Words) -> None:
        super().__init__()
        self._entries = entries
        self._words = words
        self._lines: list[TextLine] = []
        self._fits: list[Message] = []
        self._left: set[int] = set()
        """Lines in which the learner has been."""

    def compose(self) -> ComposeResult:
        for entry in self._entries:
            line = TextLine(entry.value, entry.example, secret=entry.secret)
            fit = Message((), classes="fit")
            self._lines.append(line)
            self._fits.append(fit)
            yield Message(entry.label, classes="question")
            yield line
            yield fit

    def on_mount(self) -> None:
        for index in range(len(self._lines)):
            self._judge(index)

    def begin(self) -> None:
        empty = [line for line in self._lines if not line.value]
        self.give_focus((empty or self._lines)[0])

    def hand_in(self) -> None:
        if any(not line.value for line in self._lines) and len(self._lines) > 1:
            self.begin()
        else:
            self.post_message(Answered(tuple(line.value for line in self._lines)))

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Enter: the next empty line, or hand in."""
        event.stop()
        self.hand_in()

    @on(Input.Changed)
    def judge_typed(self, event: Input.Changed) -> None:
        """Say at once whether it fits."""
        event.stop()
        self._judge(self._lines.index(event.input))  # type: ignore[arg-type]

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """What does not fit is said aloud once the learner goes elsewhere."""
        if isinstance(event.widget, TextLine):
            index = self._lines.index(event.widget)
            self._left.add(index)
            self._judge(index)

    def _judge(self, index: int) -> None:
        entry, fit = self._entries[index], self._fits[index]
        said, role = entry.fit(self._lines[index].value, self._words, index in self._left) if entry.fit else ("", "")
        secret = [(self._words("step.secret_hidden"), "muted")] if entry.secret else []
        blocks = [text(body, role, gap=False) for body, role in [*secret, (said, role)] if body]
        fit.display = bool(blocks)
        fit.show(blocks)


def answer_line(card: Card, words: Words) -> Fields:
    """The face of a question that wants a number or a text."""
    quiz = question_of(card)
    if quiz is None:
        return Fields([Entry(())], words)
    is_number = quiz.number is not None
    fit = partial(_fit_number, quiz) if is_number else None
    guess = [text(words("ui.guess"), "muted")] if card.asking is Asking.PREDICT else []
    question = [*markdown_blocks(quiz.question), *guess]
    return Fields([Entry(question, quiz.unit if is_number else "", fit=fit)], words)


def form(work: Form, card: Card, words: Words) -> Fields:
    """The face of a form; secret fields are masked."""
    values = [*card.prefill, *[""] * (len(work.fields) - len(card.prefill))]
    entries = [
        Entry([text(strip(field.label), "strong")], field.example, field.secret, value, partial(_fit_field, field))
        for field, value in zip(work.fields, values, strict=False)
    ]
    return Fields(entries, words)


def input_line(card: Card, words: Words) -> Fields:
    """The face of `input()` and `getpass()`: the program's own question, masked if it asks for a password."""
    label = [text(strip(card.input_prompt), "strong")] if card.input_prompt.strip() else []
    return Fields([Entry(label, secret=card.input_is_secret)], words)


def _fit_number(quiz: Quiz, value: str, words: Words, left: bool) -> Said:
    return number_fit(quiz, value, words, left=left)


def _fit_field(field: Field, value: str, words: Words, left: bool) -> Said:
    return field_fit(field, value, words, left=left)
