"""A prediction: the code it is about is there to be read, and the question is in sight."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.fake import host as fake_host
from tests.ui.fake.host import FakeHost
from tests.ui.fake.lesson import lesson
from tests.ui.helpers import at, learner
from tests.ui.plain.conversing import converse
from tutor.lesson.model import Choice, Lesson, Quiz, RunCode
from tutor.session import commands as ask
from tutor.ui.widgets.choices import Options

CHOICES = Quiz("What does it print?", 1, choices=(Choice("One line"), Choice("Two lines", right=True)))
NUMBER = Quiz("How many lines does it print?", 1, number=2.0)


def asks(monkeypatch: pytest.MonkeyPatch, question: Quiz, lines: int = 2, body: str = "") -> FakeHost:
    """A host whose step `noise` asks for a prediction of so many lines of code."""
    code = "\n".join(f"print({number})" for number in range(1, lines + 1))

    def with_prediction(language: str = "en", lesson_id: str = "check-device") -> Lesson:
        made = lesson(language, lesson_id)
        steps = [
            replace(step, predict=question, work=RunCode("python", code, 1), body=body) if step.id == "noise" else step
            for step in made.steps
        ]
        return replace(made, steps=tuple(steps))

    monkeypatch.setattr(fake_host, "lesson", with_prediction)
    return at("noise")


@pytest.mark.parametrize("question", [CHOICES, NUMBER], ids=["choices", "number"])
async def test_the_code_stands_above_the_question(monkeypatch: pytest.MonkeyPatch, question: Quiz) -> None:
    async with learner(asks(monkeypatch, question), size=(80, 24)) as me:
        await me.until(lambda: question.question in me.seen and "print(2)" in me.seen)
        assert me.seen.index("print(2)") < me.seen.index(question.question)
        assert me.lit == "enter"


async def test_after_the_prediction_the_code_stands_there_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with learner(asks(monkeypatch, CHOICES)) as me:
        await me.until(lambda: isinstance(me.focused, Options))
        await me.press("2", "enter")
        await me.until(lambda: ask.Answer(("2",)) in me.session.sent and me.lit == "r")
        await me.until(lambda: me.seen.count("print(2)") == 1)


async def test_an_edited_prediction_shows_what_would_run(monkeypatch: pytest.MonkeyPatch) -> None:
    async with learner(asks(monkeypatch, CHOICES)) as me:
        await me.until(lambda: "print(2)" in me.seen)
        await me.press("e")
        await me.type("5 + 5;")
        await me.press("escape")
        await me.until(lambda: "print(1)5 + 5;" in me.seen and "What does it print?" in me.seen)
        assert "changed" in me.seen


async def test_long_code_is_read_before_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    async with learner(asks(monkeypatch, CHOICES, lines=30), size=(80, 24)) as me:
        await me.until(lambda: "print(1)" in me.seen and me.lit == "space")
        await me.press("end")
        await me.until(lambda: "Two lines" in me.seen and "What does it print?" in me.seen and me.lit == "enter")


async def test_what_is_long_without_its_code_is_read_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "\n\n".join(f"Paragraph {number}." for number in range(20))
    async with learner(asks(monkeypatch, CHOICES, body=body), size=(80, 24)) as me:
        await me.until(lambda: "Paragraph 0." in me.seen and me.lit == "space")


async def test_what_explains_the_question_is_read_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    host = asks(monkeypatch, CHOICES, lines=12, body="What stands here explains the question.")
    async with learner(host, size=(80, 24)) as me:
        await me.until(lambda: "explains the question" in me.seen and me.lit == "space")
        await me.press("end")
        await me.until(lambda: "Two lines" in me.seen)


async def test_without_a_screen_the_code_is_told_before_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    told = await converse(asks(monkeypatch, CHOICES), ["2", "/quit"])
    assert told.index("print(2)") < told.index("What does it print?")
    assert told.count("print(2)") == 1
