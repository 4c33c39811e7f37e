"""The rows of the store as frozen dataclasses."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """The three verdicts, of a line and of a step."""

    PASSED = "passed"
    NOT_YET = "not_yet"
    COULD_NOT_CHECK = "could_not_check"


class StepState(StrEnum):
    """Where a step stands for the learner."""

    NEW = "new"
    NOT_YET = "not_yet"
    OPEN = "open"
    """It could not be checked here."""
    SKIPPED = "skipped"
    PASSED = "passed"
    CHANGED = "changed"
    """Passed with another content hash than the lesson has now."""


STATE_AFTER: Mapping[Verdict, StepState] = {
    Verdict.PASSED: StepState.PASSED,
    Verdict.NOT_YET: StepState.NOT_YET,
    Verdict.COULD_NOT_CHECK: StepState.OPEN,
}
"""Where a verdict leaves a step that was never passed."""


class Speaker(StrEnum):
    """Who speaks in the transcript."""

    TUTOR = "tutor"
    YOU = "you"


class EntryKind(StrEnum):
    """What a transcript entry is; decides how it is drawn."""

    PROSE = "prose"
    """Markdown from the lesson or from the tutor."""
    NOTE = "note"
    """A short remark of the tutor: a runtime started, a file changed."""
    HEADING = "heading"
    """A step begins; `data` has `position` and `total`."""
    CODE = "code"
    """Code that ran; `data` has `language` and `attempt` (0 at the prompt)."""
    OUTPUT = "output"
    """`body` is plain text without escapes; `data` has `outputs` (capped, see session), `seconds`, `error`, `file`."""
    VERDICT = "verdict"
    """`data` has `verdict`, `lines`, `reason`, `error`, `hint`, `practice`."""
    ANSWER = "answer"
    """What the learner answered, ticked or typed; secrets are never in it."""
    HINT = "hint"
    SOLUTION = "solution"
    EXPLANATION = "explanation"
    """What an error means and what mends it; `data` has `codes`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the conversation."""

    lesson_id: str
    step_id: str
    """Empty before the first step."""
    speaker: Speaker
    kind: EntryKind
    body: str
    data: Mapping[str, Any] = field(default_factory=dict)
    """JSON."""
    time: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))
    id: int = 0
    """Set by the store; 0 when it could not be kept."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One judged attempt of a step."""

    lesson_id: str
    step_id: str
    step_hash: str
    verdict: Verdict
    language: str
    attempt: int
    seconds: float
    hints_taken: int = 0
    solution_shown: bool = False
    practice: bool = False
    """Kept apart: never marks the live step as passed."""
    runtime: str = "local"
    device: str = ""
    python: str = ""
    code: str = ""
    """What ran, with `{{name}}` in place of values."""
    reason: str = ""
    unmet: tuple[str, ...] = ()
    """Words of `needs` that were not met, when it could not be checked."""
    checks: tuple[Mapping[str, Any], ...] = ()
    time: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What the store knows of one step."""

    lesson_id: str
    step_id: str
    state: StepState
    """As last seen: `PASSED` when it ever passed live, with `passed_hash` saying in which form."""
    passed_hash: str = ""
    hash: str = ""
    """Of the newest verdict."""
    attempts: int = 0
    code: str = ""
    """Of the newest attempt that passed or, while none has, could not be checked: for bringing names back and for running it elsewhere."""
    unmet: tuple[str, ...] = ()
    """What the newest verdict lacked, as words of `needs`; empty when it lacked nothing, or nobody knows."""
    receipt: str = ""
    """Where it passed, if only a receipt says so; empty when it passed here."""
    time: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class GoodRun:
    """When the lesson's own solution last passed a step (`tutor run --solutions`)."""

    lesson_id: str
    step_id: str
    hash: str
    language: str
    time: datetime.datetime
