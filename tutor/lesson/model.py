"""The frozen dataclasses of a lesson, as lesson-format.md describes them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Language(StrEnum):
    """The languages a lesson can be written in."""

    EN = "en"
    ZH = "zh"


class NeedKind(StrEnum):
    """The closed vocabulary of `needs`."""

    GPU = "gpu"
    CUDA = "cuda"
    MODULE = "module"
    COMMAND = "command"
    NETWORK = "network"
    ACCOUNT = "account"
    ENV = "env"
    POSIX = "posix"
    RAM = "ram"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must be there before a step (or some of its asserts) can be judged."""

    kind: NeedKind
    argument: str = ""
    """Module, command, account or environment name; `HOST:PORT` of a network; GiB of ram and disk."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.argument}" if self.argument else str(self.kind)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a lesson file: an error (`E…`) or a warning (`W…`)."""

    path: Path
    line: int
    """1-based."""
    code: str
    """For example `E012`; one code for one rule."""
    message: str
    """What was found and what was expected."""

    @property
    def is_error(self) -> bool:
        return self.code.startswith("E")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.code} {self.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a lesson's facts come from."""

    title: str
    url: str
    read: datetime.date


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands above a lesson's prose."""

    title: str
    summary: str
    minutes: int
    order: int = 1000
    after: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One `python check` fence."""

    code: str
    line: int
    """1-based line of the first line of code in the lesson file."""
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """One `md hint` fence."""

    markdown: str
    line: int
    when: str | None = None
    """A regular expression, searched in the error and then in the messages of missed lines."""


@dataclass(frozen=True, slots=True)
class RunCode:
    """`python run` or `bash run`: code given by the lesson."""

    language: str
    """`python` or `bash`."""
    code: str
    line: int
    raises: str | None = None
    """Python only: a regular expression that `Type: message` of the expected exception must match."""
    exit: int = 0
    """Bash only: the expected exit status."""


@dataclass(frozen=True, slots=True)
class FixCode:
    """`python starter` with its `python solution`: code that the learner completes or mends."""

    starter: str
    starter_line: int
    solution: str
    solution_line: int
    language: str = "python"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a quiz."""

    text: str
    right: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question with choices, a number or a text for its answer. Exactly one of the three kinds is set."""

    question: str
    line: int
    choices: tuple[Choice, ...] = ()
    number: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    text: str | None = None
    accept: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a form asks for."""

    name: str
    label: str
    example: str
    pattern: str | None = None
    """Must fit the whole value."""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Values that later code of the lesson uses as `{{name}}`."""

    fields: tuple[Field, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Paste:
    """Text that the learner brings from elsewhere."""

    prompt: str
    pattern: str
    """Searched in the text; its named groups become names for the checks."""
    example: str
    line: int


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the learner does elsewhere and ticks."""

    items: tuple[str, ...]
    """Markdown of each item."""
    line: int
    practice: str | None = None
    """Code of the `python practice` fence, if there is one."""
    practice_line: int = 0


Work = RunCode | FixCode | Quiz | Form | Paste | Checklist


@dataclass(frozen=True, slots=True)
class Step:
    """One `## ` heading with what belongs to it."""

    id: str
    title: str
    line: int
    body: str = ""
    """Markdown before the work: prose, tables, pictures and illustrations."""
    after: str = ""
    """Markdown that stands after the work; told once the step has a verdict other than not yet."""
    work: Work | None = None
    predict: Quiz | None = None
    """Asked before the code runs, never judged."""
    checks: tuple[Check, ...] = ()
    hints: tuple[Hint, ...] = ()
    minutes: int | None = None
    needs: tuple[Need, ...] = ()
    """Of this step alone; see `Lesson.needs_of` for all that concerns it."""
    timeout: int = 600
    """Seconds for the code and its checks together."""
    retry: int = 0
    """Seconds for which the checks are repeated."""
    on_local: bool = False
    replay: bool = True
    rewind: bool = True
    hash: str = ""
    """Content hash over code, checks, answers and attributes as they stand in the first language (see `lesson/hashes.py`)."""

    @property
    def has_practice(self) -> bool:
        return isinstance(self.work, Checklist) and self.work.practice is not None


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson in one language."""

    id: str
    language: Language
    path: Path
    """The markdown file."""
    front: FrontMatter
    opening: str
    """Markdown before the first step."""
    steps: tuple[Step, ...]
    hash: str = ""
    shipped: bool = False
    """Comes with tutor (always trusted)."""
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    """Warnings only; a lesson with errors is not made."""

    def step(self, step_id: str) -> Step | None:
        """The step of that id, if there is one."""
        return next((step for step in self.steps if step.id == step_id), None)

    def needs_of(self, step: Step) -> tuple[Need, ...]:
        """What the step needs: the lesson's needs, then its own."""
        return tuple(dict.fromkeys(self.front.needs + step.needs))

    def minutes_of(self, step: Step) -> int:
        """What the author says, else the step's share of the lesson's."""
        return step.minutes if step.minutes is not None else max(1, round(self.front.minutes / len(self.steps)))

    @property
    def fields(self) -> tuple[Field, ...]:
        """All form fields of the lesson, in order."""
        return tuple(f for step in self.steps if isinstance(step.work, Form) for f in step.work.fields)
