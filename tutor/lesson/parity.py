"""What `en.md` and `zh.md` of one lesson must have in common, so that a learner's progress and a check mean the same in both."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tutor.lesson.model import Checklist, Field, FixCode, Form, Paste, Quiz, RunCode, Step
from tutor.lesson.python_code import CodeError, normal_python, parse_plain, verdict_lines, without_comments
from tutor.lesson.rules import Report, Rule, shown
from tutor.lesson.steps import Draft
from tutor.text.fullwidth import normalise


def check_parity(english: Sequence[Draft], chinese: Sequence[Draft], report: Report) -> None:
    """Report each difference at its place in `zh.md`; `report` is for that file.

    What an error in one of the files left unread is not compared: the error itself is told.
    """
    if not english or not chinese:
        return
    _check_ids([draft.step for draft in english], [draft.step for draft in chinese], report)
    for original, draft in _pairs(english, chinese):
        _check_step(original, draft, report)


def _check_ids(english: Sequence[Step], chinese: Sequence[Step], report: Report) -> None:
    ids, other_ids = [step.id for step in english], [step.id for step in chinese]
    both = min(len(ids), len(other_ids))
    # A step whose id is missing may well be the one that the other file has there.
    at = next((at for at in range(both) if ids[at] != other_ids[at] and ids[at] and other_ids[at]), both)
    if at < both or len(ids) != len(other_ids):
        line = chinese[min(at, len(other_ids) - 1)].line
        report.add(Rule.SAME_STEPS, line, f"{_at(other_ids, at)} where en.md has {_at(ids, at)}")


def _at(ids: list[str], at: int) -> str:
    return shown(ids[at]) if at < len(ids) else "no step"


def _pairs(english: Sequence[Draft], chinese: Sequence[Draft]) -> Iterator[tuple[Draft, Draft]]:
    """The steps of one id; where one has none, the steps in one place, if nothing else can be meant."""
    by_id: dict[str, Draft] = {}
    for draft in english:
        by_id.setdefault(draft.step.id, draft)
    by_id.pop("", None)
    ids = {draft.step.id for draft in chinese if draft.step.id}
    for at, draft in enumerate(chinese):
        original = by_id.pop(draft.step.id, None)
        if original is None and len(english) == len(chinese):
            there = english[at]
            if not (there.step.id and draft.step.id) and there.step.id not in ids:
                original = there
        if original is not None:
            yield original, draft


def _check_step(original: Draft, draft: Draft, report: Report) -> None:
    first, step = original.step, draft.step
    _check_attributes(first, step, report)
    if original.sure and draft.sure:
        if original.roles != draft.roles:
            report.add(Rule.SAME_ROLES, step.line, f"{_listed(draft.roles)} where en.md has {_listed(original.roles)}")
        lines, other_lines = _verdict_lines(first), _verdict_lines(step)
        if None not in (lines, other_lines) and lines != other_lines:
            report.add(Rule.SAME_LINES, step.line, f"{other_lines} where en.md has {lines}")
    _check_code(first, step, report)
    _check_asked(first, step, report)
    for name, quiz, other in (("predict", first.predict, step.predict), ("quiz", first.work, step.work)):
        if isinstance(quiz, Quiz) and isinstance(other, Quiz) and _answers(quiz) != _answers(other):
            report.add(Rule.SAME_ANSWERS, other.line, f"another one in the {name} of {shown(step.id)}")


_ATTRIBUTES: dict[str, Callable[[Step], object]] = {
    "minutes": lambda step: step.minutes,
    "needs": lambda step: set(step.needs),
    "timeout": lambda step: step.timeout,
    "retry": lambda step: step.retry,
    "on": lambda step: step.on_local,
    "replay": lambda step: step.replay,
    "rewind": lambda step: step.rewind,
}


def _check_attributes(original: Step, step: Step, report: Report) -> None:
    different = [name for name, read in _ATTRIBUTES.items() if read(original) != read(step)]
    if isinstance(original.work, RunCode) and isinstance(step.work, RunCode) and original.work.exit != step.work.exit:
        different.append("exit")
    if len(original.checks) == len(step.checks) and any(
        set(mine.needs) != set(theirs.needs) for mine, theirs in zip(original.checks, step.checks, strict=True)
    ):
        different.append("needs of checks")
    for name in different:
        report.add(Rule.SAME_ATTRIBUTES, step.line, f"another {shown(name)} in {shown(step.id)}")


def _check_code(original: Step, step: Step, report: Report) -> None:
    """Compare the fences that answer to each other: those of a role that stands as often in both."""
    code, other = _code(original), _code(step)
    for what in code.keys() & other.keys():
        if len(code[what]) != len(other[what]):
            continue
        for mine, theirs in zip(code[what], other[what], strict=True):
            if mine.normal() != theirs.normal():
                report.add(Rule.SAME_CODE, theirs.line, f"another {what} in {shown(step.id)}")


def _check_asked(original: Step, step: Step, report: Report) -> None:
    """Compare forms, and patterns of all kinds."""
    patterns: tuple[object, object] = (None, None)
    match original.work, step.work:
        case Form(fields=fields), Form(fields=others):
            names, other_names = [field.name for field in fields], [field.name for field in others]
            if names != other_names:
                found = f"{_listed(other_names)} where en.md has {_listed(names)}"
                report.add(Rule.SAME_FIELDS, _work_line(step), found)
            common = set(names) & set(other_names)
            patterns = (_patterns(fields, common), _patterns(others, common))
        case Paste(pattern=pattern), Paste(pattern=other):
            patterns = (pattern, other)
        case RunCode(raises=pattern), RunCode(raises=other):
            patterns = (pattern, other)
    if patterns[0] != patterns[1]:
        report.add(Rule.SAME_PATTERNS, _work_line(step), f"another one in {shown(step.id)}")


def _patterns(fields: Iterable[Field], names: Container[str]) -> dict[str, tuple[str | None, bool]]:
    return {field.name: (field.pattern, field.secret) for field in fields if field.name in names}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(shown(word) for word in words) or "nothing"


@dataclass(frozen=True, slots=True)
class _Code:
    text: str
    line: int
    language: str = "python"

    def normal(self) -> str:
        return normal_python(self.text) if self.language == "python" else without_comments(self.text)


def _code(step: Step) -> dict[str, list[_Code]]:
    """All code of a step by what it is."""
    code = {"check": [_Code(check.code, check.line) for check in step.checks]}
    match step.work:
        case RunCode() as run:
            code[f"{run.language} run"] = [_Code(run.code, run.line, run.language)]
        case FixCode() as fix:
            code["starter"] = [_Code(fix.starter, fix.starter_line)]
            code["solution"] = [_Code(fix.solution, fix.solution_line)]
        case Checklist(practice=str() as practice, practice_line=line):
            code["practice"] = [_Code(practice, line)]
    return code


def _verdict_lines(step: Step) -> int | None:
    """How many the checks have; None when one of them is no Python."""
    try:
        return sum(len(verdict_lines(parse_plain(check.code))) for check in step.checks)
    except CodeError:
        return None


def _answers(quiz: Quiz) -> object:
    """What is right. Of choices the places, for their text is translated.

    Of a text all that is accepted, as the judge compares it: each language may call another of them the answer, but who answers in one
    language and reads on in the other is not judged otherwise, so a translated word is accepted in both. Units may be translated.
    """
    if quiz.text is not None:
        return {normalise(text) for text in (quiz.text, *quiz.accept)}
    return [choice.right for choice in quiz.choices] or (quiz.number, quiz.tolerance)


def _work_line(step: Step) -> int:
    return step.work.line if isinstance(step.work, (Form, Paste, RunCode)) else step.line
