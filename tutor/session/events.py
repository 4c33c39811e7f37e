"""What a session tells its front end; frozen, already in the learner's language, free of control characters and of secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tutor.lesson.model import Lesson, Step
from tutor.progress.model import Entry, StepState, Verdict
from tutor.runtime.base import OutputLog, RuntimeInfo, RuntimeState


class Action(StrEnum):
    """What the learner can do now; each has one key, one typed command and one button."""

    RUN = "run"
    EDIT = "edit"
    CHECK = "check"
    ANSWER = "answer"
    HINT = "hint"
    SOLUTION = "solution"
    FILL = "fill"
    SKIP = "skip"
    NEXT = "next"
    BACK = "back"
    RESTART = "restart"
    BRING_BACK = "bring_back"
    RECALL = "recall"
    """Have back what the learner wrote there last."""
    REFILL = "refill"
    """Fill in a form once more."""
    PRACTISE = "practise"
    """Rehearse such steps without an account, or no longer."""
    INTERRUPT = "interrupt"


class Asking(StrEnum):
    """What the step wants an answer to at this moment."""

    NOTHING = "nothing"
    PREDICT = "predict"
    QUIZ = "quiz"
    FORM = "form"
    PASTE = "paste"
    CHECKLIST = "checklist"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a verdict."""

    label: str
    verdict: Verdict
    message: str = ""
    expected: str | None = None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict of one attempt, as `step_finished` of the JSON says it."""

    verdict: Verdict
    lines: tuple[Line, ...] = ()
    reason: str = ""
    """Why the step was not run or could not be judged."""
    unmet: tuple[str, ...] = ()
    """The words of `needs` behind that, each once."""
    error: Mapping[str, str] | None = None
    """`type` and `message` of what the learner's code raised."""
    error_line: int | None = None
    """The line of the learner's code at which it raised."""
    hint: str | None = None
    """Markdown of the first hint whose `when` fits."""
    attempt: int = 1
    seconds: float = 0.0
    runtime: str = "local"
    place: str = ""
    """Where it ran, as the learner calls it, with its device; empty for the Python that tutor runs in."""
    practice: bool = False
    praise: str = ""
    """A few words, where they are earned."""


@dataclass(frozen=True, slots=True)
class Card:
    """The step in front of the learner: everything that a front end needs to draw it."""

    lesson: Lesson
    step: Step
    index: int
    """0-based."""
    state: StepState
    asking: Asking
    code: str
    """What would run now: the draft or the lesson's own."""
    is_draft: bool
    ticked: tuple[int, ...]
    """0-based items of the checklist."""
    attempt: int
    """How many attempts since the learner came to this step."""
    running: bool
    actions: tuple[Action, ...]
    """What is possible now."""
    suggested: Action
    """The one obvious thing to do next."""
    hints_left: int
    minutes_left: int
    """Of the lesson, this step included."""
    input_prompt: str = ""
    input_is_secret: bool = False
    states: Mapping[str, StepState] = field(default_factory=dict)
    """Of all steps of the lesson, by id."""
    practice: bool = False
    """The step is rehearsed."""
    practises: bool = False
    """Steps that can be rehearsed are."""
    prefill: tuple[str, ...] = ()
    """Remembered values of a form's fields, in order; empty text for those not known and for secrets."""
    names_lost: bool = False
    """The runtime is fresh and earlier steps of this lesson have not run in it."""
    outcome: Outcome | None = None
    """The newest verdict since the learner came to this step."""
    has_run: bool = False
    """`code` is what ran last, to the letter."""
    error_line: int | None = None
    """The line at which `code` raised when it ran."""


@dataclass(frozen=True, slots=True)
class LessonStarted:
    """A lesson was opened; `resumed` when the learner had been in it before."""

    lesson: Lesson
    resumed: bool


@dataclass(frozen=True, slots=True)
class Added:
    """Something was said, by the tutor or by the learner, and is in the store."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class CardChanged:
    """The step in front of the learner, or anything about it, is now this."""

    card: Card


@dataclass(frozen=True, slots=True)
class StepStarted:
    """Code, or the judging of a step without code, begins."""

    lesson_id: str
    step_id: str
    attempt: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class OutputChanged:
    """There is more output than before. At most one of these waits in the queue: read the log from your own cursor.

    Read through `log`, never through the runtime: what comes from it is scrubbed of secrets and has no live control sequence that a
    front end must not see (colours, carriage returns and backspaces remain for `tutor.text` to resolve).
    """

    lesson_id: str
    step_id: str
    """Empty for code from the prompt."""
    log: OutputLog


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step has a verdict; it is in the store."""

    lesson_id: str
    step_id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class SaidFinished:
    """Code from the prompt is done."""

    lesson_id: str


@dataclass(frozen=True, slots=True)
class ReceiptTaken:
    """A receipt was recorded: steps of this lesson or of others may stand otherwise now."""

    lesson_id: str


@dataclass(frozen=True, slots=True)
class RuntimeChanged:
    """The runtime starts, is ready, busy or dead."""

    state: RuntimeState
    info: RuntimeInfo
    message: str = ""
    """What went wrong and what mends it."""


@dataclass(frozen=True, slots=True)
class LessonFinished:
    """The learner came to the end."""

    lesson_id: str
    state: str
    """`passed`, `done_here` or `started`."""
    counts: Mapping[str, int]
    """`passed`, `not_yet`, `could_not_check`."""


@dataclass(frozen=True, slots=True)
class StoreFailed:
    """Nothing is kept from now on; said once."""

    message: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The session itself failed; the log has the details. The tutor goes on."""

    message: str
    details: Mapping[str, Any] = field(default_factory=dict)


Event = (
    LessonStarted
    | Added
    | CardChanged
    | StepStarted
    | OutputChanged
    | StepFinished
    | SaidFinished
    | ReceiptTaken
    | RuntimeChanged
    | LessonFinished
    | StoreFailed
    | Failed
)
