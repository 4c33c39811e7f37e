"""What has happened since the learner came to a step, and what follows from it. Pure: values in, values out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tutor.harness import telling
from tutor.lesson.model import Checklist, FixCode, Form, Paste, Quiz, RunCode, Step
from tutor.progress.model import StepState, Verdict
from tutor.session.events import Action, Asking, Outcome

HINT_AFTER = 2
"""The second identical miss offers the hint …"""
SOLUTION_AFTER = 3
"""… and the third the solution."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay of the learner at a step."""

    attempts: int = 0
    hints_taken: tuple[int, ...] = ()
    """Indexes into the step's hints, in the order they were shown."""
    misses: tuple[str, ...] = ()
    """A fingerprint of each miss, newest last."""
    solution_shown: bool = False
    predicted: bool = False
    """The prediction was answered or passed over."""
    prediction_why: str = ""
    """What the lesson says about the learner's prediction; told once the output has answered it."""
    outcome: Outcome | None = None
    """The newest verdict."""
    ran_in: int | None = None
    """Generation of the kernel in which the step's code last ran."""
    ticked: tuple[int, ...] = ()
    code: str = ""
    """What ran last."""
    faults: tuple[str, ...] = ()
    """The codes of the errors that were explained, newest last."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Values of the form's plain fields that did not fit, to be mended and not typed anew."""
    again: bool = False
    """What was answered rightly shall be answered once more."""
    brought_back: bool = False
    """The names of earlier steps are there again, and nothing has run since."""

    def after(self, outcome: Outcome, generation: int | None) -> Visit:
        """The visit with one more verdict."""
        missed = outcome.verdict is Verdict.NOT_YET
        return replace(
            self,
            misses=(*self.misses, fingerprint(outcome)) if missed else (),
            outcome=outcome,
            ran_in=generation if generation is not None else self.ran_in,
            again=False,
            brought_back=False,
        )

    def has_run(self, code: str) -> bool:
        """Whether that is what ran last, to the letter."""
        return self.attempts > 0 and code == self.code

    def error_line(self, code: str) -> int | None:
        """The line at which it raised, unless the code is another by now."""
        return self.outcome.error_line if self.outcome is not None and self.has_run(code) else None

    @property
    def identical_misses(self) -> int:
        """How many times in a row the newest miss has come."""
        count = 0
        for miss in reversed(self.misses):
            if miss != self.misses[-1]:
                break
            count += 1
        return count


def fingerprint(outcome: Outcome) -> str:
    """What makes two misses the same: the lines that missed, and the error without its numbers."""
    missed = [f"{line.label}={line.message}" for line in outcome.lines if line.verdict is Verdict.NOT_YET]
    error = f"{outcome.error['type']}: {outcome.error['message']}" if outcome.error else ""
    return re.sub(r"\d+|0x[0-9a-f]+", "#", "\n".join([*missed, error, outcome.reason]))


def failure_texts(outcome: Outcome) -> tuple[str, ...]:
    """What a hint's `when` is searched in: the error, then the messages of missed lines."""
    error = (f"{outcome.error['type']}: {outcome.error['message']}",) if outcome.error else ()
    return error + tuple(line.message for line in outcome.lines if line.verdict is Verdict.NOT_YET)


def matching_hint(step: Step, texts: Sequence[str]) -> int | None:
    """The first hint whose `when` fits any of the texts."""
    return telling.fitting([hint.when for hint in step.hints], texts)


def next_hint(step: Step, visit: Visit) -> int | None:
    """The hint to show now: the one that fits the failure first, then the others in order."""
    left = [index for index in range(len(step.hints)) if index not in visit.hints_taken]
    if visit.outcome is not None and visit.outcome.verdict is Verdict.NOT_YET:
        fitting = matching_hint(step, failure_texts(visit.outcome))
        if fitting in left:
            return fitting
    return left[0] if left else None


def asking(step: Step, visit: Visit, state: StepState, *, running: bool, input_wanted: bool) -> Asking:
    """What the step wants an answer to at this moment."""
    if running:
        return Asking.INPUT if input_wanted else Asking.NOTHING
    if step.predict is not None and not visit.predicted and visit.attempts == 0 and state is not StepState.PASSED:
        return Asking.PREDICT
    done = state is StepState.PASSED or (visit.outcome is not None and visit.outcome.verdict is Verdict.PASSED)
    if done and not visit.again:
        return Asking.NOTHING
    match step.work:
        case Quiz():
            return Asking.QUIZ
        case Form():
            return Asking.FORM
        case Paste():
            return Asking.PASTE
        case Checklist():
            return Asking.CHECKLIST
        case _:
            return Asking.NOTHING


@dataclass(frozen=True, slots=True)
class Situation:
    """What besides step and visit decides about the ways on."""

    state: StepState
    asking: Asking
    running: bool
    code: str
    """What would run now."""
    is_draft: bool
    is_first: bool
    practice: bool
    names_lost: bool
    can_practise: bool = False
    """There are steps in this lesson that can be rehearsed."""
    wants_account: bool = False
    """The newest verdict is that there is no account that could be used."""
    can_recall: bool = False
    """There is code of the learner's own that does not stand in the editor."""


def actions(step: Step, visit: Visit, now: Situation) -> tuple[Action, ...]:
    """Everything the learner can do now, in the order in which it is shown."""
    if now.running:
        return (Action.ANSWER, Action.INTERRUPT) if now.asking is Asking.INPUT else (Action.INTERRUPT,)
    has_code = isinstance(step.work, RunCode | FixCode)
    attempted = visit.attempts > 0
    possible = {
        Action.ANSWER: now.asking is not Asking.NOTHING,
        Action.RUN: has_code or (now.practice and step.has_practice),
        Action.EDIT: has_code,
        Action.CHECK: bool(step.checks) and (visit.ran_in is not None or (attempted and not has_code)),
        Action.HINT: next_hint(step, visit) is not None,
        Action.SOLUTION: has_solution(step) and (attempted or bool(visit.hints_taken) or not step.hints),
        Action.FILL: isinstance(step.work, FixCode) and visit.solution_shown,
        Action.RECALL: has_code and now.can_recall,
        Action.REFILL: isinstance(step.work, Form) and now.asking is Asking.NOTHING,
        Action.PRACTISE: now.can_practise,
        Action.BRING_BACK: now.names_lost,
        Action.SKIP: step.work is not None and not _is_done(visit, now.state),
        Action.NEXT: True,
        Action.BACK: not now.is_first,
        Action.RESTART: True,
    }
    return tuple(action for action, there in possible.items() if there)


def has_solution(step: Step) -> bool:
    """Whether there is something to show when the learner gives up."""
    return isinstance(step.work, FixCode | Quiz)


def _is_done(visit: Visit, state: StepState) -> bool:
    newest = visit.outcome.verdict if visit.outcome else None
    if visit.again:
        return False
    return newest is not Verdict.NOT_YET and (state is StepState.PASSED or newest is not None)


def suggested(step: Step, visit: Visit, now: Situation) -> Action:
    """The one obvious thing to do next; it rises with each identical miss."""
    if now.running:
        return Action.ANSWER if now.asking is Asking.INPUT else Action.INTERRUPT
    if visit.outcome is not None and visit.outcome.verdict is Verdict.NOT_YET:
        return _after_miss(step, visit, now)
    if now.wants_account and not now.practice:
        return Action.PRACTISE
    if _is_done(visit, now.state) or step.work is None:
        return Action.NEXT
    # What is done elsewhere rarely wants names, and one checklist is about their loss; if its checks do miss one, the next advice says so.
    if now.names_lost and not isinstance(step.work, Checklist):
        return Action.BRING_BACK
    if now.asking is not Asking.NOTHING and not (now.practice and step.has_practice):
        return Action.ANSWER
    if isinstance(step.work, FixCode) and not now.is_draft:
        return Action.FILL if _can_fill(step, visit, now) else Action.EDIT
    return Action.RUN


def _can_fill(step: Step, visit: Visit, now: Situation) -> bool:
    """The solution was asked for and is not in the editor yet: whoever has seen it needs no hint."""
    return isinstance(step.work, FixCode) and visit.solution_shown and now.code != step.work.solution


def _misses_a_name(visit: Visit) -> bool:
    return visit.outcome is not None and any("NameError" in text for text in failure_texts(visit.outcome))


def _after_miss(step: Step, visit: Visit, now: Situation) -> Action:
    if now.practice and step.has_practice and not visit.has_run(str(getattr(step.work, "practice", ""))):
        return Action.RUN
    if isinstance(step.work, RunCode | FixCode) and now.code != visit.code:
        return Action.RUN
    if _misses_a_name(visit) and (now.names_lost or visit.brought_back):
        return Action.BRING_BACK if now.names_lost else Action.RUN
    if _can_fill(step, visit, now):
        return Action.FILL
    if not visit.solution_shown:
        if visit.identical_misses >= SOLUTION_AFTER and has_solution(step):
            return Action.SOLUTION
        if visit.identical_misses >= HINT_AFTER and next_hint(step, visit) is not None:
            return Action.HINT
    if now.asking is not Asking.NOTHING:
        return Action.ANSWER
    return Action.EDIT if isinstance(step.work, FixCode) else Action.RUN
