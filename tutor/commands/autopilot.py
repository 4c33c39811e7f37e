"""What to send to a session for each step when nobody is there: the lesson's own answers, or those given with `--set`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tutor.errors import UsageError
from tutor.i18n import Words
from tutor.lesson.model import Field, FixCode, Form, Lesson, Paste, Quiz, Step
from tutor.session import commands as ask
from tutor.session.answers import misfit, right_answer


@dataclass(frozen=True, slots=True)
class Autopilot:
    """Answers without a person."""

    solutions: bool = False
    """Right answers, solutions and examples come from the lesson itself."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Of `--set`: form values by field name, answers by step id."""

    def command(self, step: Step, own_code: str = "") -> ask.Command:
        """What to do with the step; `Run` of a step without code says that nobody answered.

        Args:
            own_code: what the learner wrote for it, when an open step runs again.
        """
        match step.work:
            case FixCode(solution=solution) if self.solutions:
                return ask.Run(solution)
            case FixCode() if own_code:
                return ask.Run(own_code)
            case Quiz() as quiz:
                return self._answer(step, right_answer(quiz))
            case Paste(example=example):
                return self._answer(step, (example,))
            case Form(fields=fields) if self._knows_all(fields):
                return ask.Answer(tuple(self._value(item) for item in fields))
            case _:
                return ask.Run()

    def _answer(self, step: Step, right: tuple[str, ...]) -> ask.Command:
        if step.id in self.given:
            return ask.Answer((self.given[step.id],))
        return ask.Answer(right) if self.solutions else ask.Run()

    def _knows_all(self, fields: Sequence[Field]) -> bool:
        return self.solutions or all(item.name in self.given for item in fields)

    def _value(self, item: Field) -> str:
        return self.given.get(item.name, item.example)


def read_given(pairs: Sequence[str], words: Words) -> dict[str, str]:
    """`NAME=VALUE` and `NAME=@FILE` of `--set`.

    Raises:
        UsageError: one has no `=`, or its file cannot be read.
    """
    given = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(words("commands.set_form", given=pair))
        if value.startswith("@"):
            try:
                value = Path(value[1:]).expanduser().read_text("utf-8-sig").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise UsageError(words("commands.set_file", name=name, file=value[1:], error=str(error))) from error
        given[name] = value
    return given


def check_given(given: Mapping[str, str], lessons: Sequence[Lesson], words: Words) -> None:
    """Hold `--set` against the lessons that will run.

    Raises:
        UsageError: a name that no lesson asks for, or a value that does not fit its field; the value is not repeated.
    """
    for name, value in given.items():
        fields = [item for lesson in lessons for item in lesson.fields if item.name == name]
        steps = [step for lesson in lessons for step in lesson.steps if step.id == name]
        for item in fields:
            problem = misfit(item, value)
            if problem is not None:
                raise UsageError(words(f"commands.set_{problem.problem}", name=name, example=item.example))
        if not fields and not steps:
            raise UsageError(words("commands.set_unknown", name=name))
        if not fields and not any(isinstance(step.work, Quiz | Paste) for step in steps):
            raise UsageError(words("commands.set_no_question", name=name))
