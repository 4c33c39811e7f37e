"""What a receipt changes: each of its steps held against the lesson and against what was passed here. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tutor.errors import ExitCode, LessonError
from tutor.i18n import Words
from tutor.lesson.model import Lesson, Step
from tutor.lesson.notebook.choice import is_judged
from tutor.lesson.receipts import LessonClaim, Receipt, StepClaim
from tutor.progress.model import Attempt, Entry, EntryKind, Speaker, StepRecord, StepState, Verdict
from tutor.text.plain import strip
from tutor.text.sentences import in_a_row

RUNTIME = "receipt"
"""In place of a runtime's name, in attempts that a receipt told of."""


class Fate(StrEnum):
    """What becomes of one step of a receipt."""

    RECORDED = "recorded"
    KNOWN = "known"
    """It was passed here, by running it: that is worth more than a receipt and stays."""
    NOT_YET = "not_yet"
    COULD_NOT_CHECK = "could_not_check"
    CHANGED = "changed"
    """The notebook had another edition of the step."""
    GONE = "gone"
    """The lesson has no such step."""
    NOT_BY_RECEIPT = "not_by_receipt"
    """It is of a kind that no notebook judges."""


MARKS = {Fate.RECORDED: "✓", Fate.KNOWN: "✓", Fate.NOT_YET: "✗", Fate.COULD_NOT_CHECK: "●", Fate.CHANGED: "~"}
CODES = {
    Fate.NOT_YET: ExitCode.NOT_YET,
    Fate.COULD_NOT_CHECK: ExitCode.COULD_NOT_CHECK,
    Fate.CHANGED: ExitCode.COULD_NOT_CHECK,
    Fate.GONE: ExitCode.USAGE,
    Fate.NOT_BY_RECEIPT: ExitCode.USAGE,
}
WORST = (ExitCode.USAGE, ExitCode.NOT_YET, ExitCode.COULD_NOT_CHECK)
"""The first of these that any step comes to is the exit code."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One lesson of a receipt."""

    claim: LessonClaim
    lesson: Lesson | None
    """None when it is unknown here or cannot be read."""
    problem: str
    """Why there is none."""
    fates: tuple[tuple[StepClaim, Step | None, Fate], ...] = ()

    @property
    def recorded(self) -> list[tuple[StepClaim, Step]]:
        return [(claim, step) for claim, step, fate in self.fates if step is not None and fate is Fate.RECORDED]

    @property
    def codes(self) -> set[ExitCode]:
        """The exit codes that it gives cause for."""
        return {ExitCode.USAGE} if self.lesson is None else {CODES[fate] for *_, fate in self.fates if fate in CODES}


def weigh(
    receipt: Receipt, lesson_of: Callable[[str], Lesson], records: Mapping[str, Mapping[str, StepRecord]]
) -> list[Weighed]:
    """Each lesson of the receipt. Args: `lesson_of`: raises LessonError for one that is unknown or broken."""
    found = []
    for claim in receipt.lessons:
        try:
            lesson = lesson_of(claim.id)
        except LessonError as error:
            found.append(Weighed(claim, None, in_a_row(error.message, error.hint)))
            continue
        mine = records.get(lesson.id, {})
        fates = tuple((one, lesson.step(one.id), _fate(one, lesson, mine)) for one in claim.steps)
        found.append(Weighed(claim, lesson, "", fates))
    return found


def _fate(claim: StepClaim, lesson: Lesson, records: Mapping[str, StepRecord]) -> Fate:
    step = lesson.step(claim.id)
    if step is None:
        return Fate.GONE
    if not is_judged(lesson, step):
        return Fate.NOT_BY_RECEIPT
    if claim.verdict != Verdict.PASSED:
        return Fate(claim.verdict)
    if claim.hash != step.hash:
        return Fate.CHANGED
    record = records.get(step.id)
    passed = record is not None and record.state is StepState.PASSED and record.passed_hash == step.hash
    return Fate.KNOWN if passed and record is not None and not record.receipt else Fate.RECORDED


def attempts(receipt: Receipt, weighed: Sequence[Weighed]) -> list[Attempt]:
    """What the store is to keep."""
    return [
        Attempt(
            one.claim.id,
            step.id,
            step.hash,
            Verdict.PASSED,
            str(one.lesson.language),
            1,
            0.0,
            runtime=RUNTIME,
            device=receipt.place,
            python=receipt.python,
            checks=tuple({"label": line.label, "verdict": line.verdict} for line in claim.lines),
            time=receipt.time,
        )
        for one in weighed
        if one.lesson is not None
        for claim, step in one.recorded
    ]


def told(receipt: Receipt, weighed: Sequence[Weighed], words: Words) -> str:
    """What is said of a receipt, of all of its lessons or of some: several lines of plain text."""
    lines = [words("receipt.title", time=f"{receipt.time:%Y-%m-%d %H:%M} UTC", place=receipt.place)]
    for one in weighed:
        lines += _of_lesson(one, words)
    if any(one.recorded for one in weighed):
        lines.append(words("receipt.at_its_word"))
    return "\n".join(lines)


def _of_lesson(one: Weighed, words: Words) -> list[str]:
    if one.lesson is None:
        return [words("receipt.no_lesson", problem=strip(one.problem))]
    lines = [f"{strip(one.lesson.front.title)} ({one.lesson.id})"]
    if not one.fates:
        lines.append("  " + words("receipt.no_steps"))
    for claim, step, fate in one.fates:
        title = strip(step.title) if step is not None else claim.id
        missed = next((line for line in claim.lines if line.verdict == Verdict.NOT_YET), None)
        reason = claim.reason or (f"{missed.label}: {missed.message}".rstrip(": ") if missed else "")
        said = words(f"receipt.{fate}", step=title)
        lines.append(f"  {MARKS.get(fate, '!')} {in_a_row(said, reason)}")
    return lines


def exit_code(weighed: Sequence[Weighed]) -> ExitCode:
    """0 when all that the receipt says is recorded or was known."""
    codes = {code for one in weighed for code in one.codes}
    return next((code for code in WORST if code in codes), ExitCode.PASSED)


def entry(lesson_id: str, body: str) -> Entry:
    """What the transcript of a lesson keeps of it."""
    return Entry(lesson_id, "", Speaker.TUTOR, EntryKind.NOTE, body, {"receipt": True})
