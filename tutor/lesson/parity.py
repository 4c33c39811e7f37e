"""What `en.md` and `zh.md` of one lesson must have in common, so that a learner's progress and a check mean the same in both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tutor.lesson.model import Checklist, FixCode, Form, Lesson, Paste, Quiz, RunCode, Step
from tutor.lesson.python_code import normal_python, parse_plain, verdict_lines, without_comments
from tutor.lesson.rules import Report, Rule, shown


def check_parity(english: Lesson, chinese: Lesson, report: Report) -> None:
    """Report each difference at its place in `zh.md`; `report` is for that file."""
    ids, other_ids = [step.id for step in english.steps], [step.id for step in chinese.steps]
    if ids != other_ids:
        at = next((at for at, pair in enumerate(zip(ids, other_ids, strict=False)) if pair[0] != pair[1]), None)
        at = min(len(ids), len(other_ids)) if at is None else at
        line = chinese.steps[min(at, len(other_ids) - 1)].line
        report.add(Rule.SAME_STEPS, line, f"{_at(other_ids, at)} where en.md has {_at(ids, at)}")
    for step in chinese.steps:
        original = english.step(step.id)
        if original is not None:
            _check_step(original, step, report)


def _at(ids: list[str], at: int) -> str:
    return shown(ids[at]) if at < len(ids) else "no step"


def _check_step(original: Step, step: Step, report: Report) -> None:
    for name, read in _ATTRIBUTES.items():
        if read(original) != read(step):
            report.add(Rule.SAME_ATTRIBUTES, step.line, f"another {shown(name)} in {shown(step.id)}")
    roles, other_roles = _roles(original), _roles(step)
    if roles != other_roles:
        report.add(Rule.SAME_ROLES, step.line, f"{_listed(other_roles)} where en.md has {_listed(roles)}")
        return
    for mine, theirs in zip(_code(original), _code(step), strict=True):
        if mine.normal() != theirs.normal():
            report.add(Rule.SAME_CODE, theirs.line, f"another {theirs.what} in {shown(step.id)}")
    lines, other_lines = _verdict_lines(original), _verdict_lines(step)
    if lines != other_lines:
        report.add(Rule.SAME_LINES, step.line, f"{other_lines} where en.md has {lines}")
    if _fields(original) != _fields(step):
        report.add(
            Rule.SAME_FIELDS, _work_line(step), f"{_listed(_fields(step))} where en.md has {_listed(_fields(original))}"
        )
    elif _patterns(original) != _patterns(step):
        report.add(Rule.SAME_PATTERNS, _work_line(step), f"another one in {shown(step.id)}")
    for name, quiz, other in (("predict", original.predict, step.predict), ("quiz", original.work, step.work)):
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
    "exit": lambda step: step.work.exit if isinstance(step.work, RunCode) else 0,
    "needs of checks": lambda step: [set(check.needs) for check in step.checks],
}


def _roles(step: Step) -> list[str]:
    match step.work:
        case RunCode(language=language):
            work = [f"{language} run"]
        case FixCode():
            work = ["starter", "solution"]
        case Quiz() | Form() | Paste():
            work = [type(step.work).__name__.lower()]
        case Checklist(items=items, practice=practice):
            work = [f"task list of {len(items)}"] + (["practice"] if practice is not None else [])
        case None:
            work = []
    predict = ["predict"] if step.predict else []
    return predict + work + ["check"] * len(step.checks) + ["hint"] * len(step.hints)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(shown(word) for word in words) or "nothing"


@dataclass(frozen=True, slots=True)
class _Code:
    what: str
    text: str
    line: int
    language: str = "python"

    def normal(self) -> str:
        return normal_python(self.text) if self.language == "python" else without_comments(self.text)


def _code(step: Step) -> list[_Code]:
    code = []
    match step.work:
        case RunCode() as run:
            code = [_Code("run", run.code, run.line, run.language)]
        case FixCode() as fix:
            code = [_Code("starter", fix.starter, fix.starter_line), _Code("solution", fix.solution, fix.solution_line)]
        case Checklist(practice=str() as practice, practice_line=line):
            code = [_Code("practice", practice, line)]
    return code + [_Code("check", check.code, check.line) for check in step.checks]


def _verdict_lines(step: Step) -> int:
    return sum(len(verdict_lines(parse_plain(check.code))) for check in step.checks)


def _fields(step: Step) -> list[str]:
    return [field.name for field in step.work.fields] if isinstance(step.work, Form) else []


def _patterns(step: Step) -> object:
    match step.work:
        case Form(fields=fields):
            return {field.name: (field.pattern, field.secret) for field in fields}
        case Paste(pattern=pattern):
            return pattern
        case RunCode(raises=raises):
            return raises
    return None


def _answers(quiz: Quiz) -> object:
    """What makes an answer right: of choices the places, for their text is translated; units and further accepted texts may differ too."""
    return [choice.right for choice in quiz.choices] or (quiz.number, quiz.tolerance, quiz.text)


def _work_line(step: Step) -> int:
    return step.work.line if isinstance(step.work, (Form, Paste, RunCode)) else step.line
