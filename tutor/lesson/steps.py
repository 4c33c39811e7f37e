"""One step: what its fences and its task list are together, and whether they may stand so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tutor.lesson.attributes import StepAttributes
from tutor.lesson.blocks import FenceBlock, TaskList
from tutor.lesson.fences import Fence, Role, read_fence
from tutor.lesson.hashes import step_hash
from tutor.lesson.model import Check, Checklist, FixCode, Hint, Quiz, RunCode, Step, Work
from tutor.lesson.python_code import CodeError, parse_cell, parse_plain
from tutor.lesson.rules import Report, Rule, shown
from tutor.lesson.toml_work import read_form, read_paste, read_quiz


@dataclass(slots=True)
class _Parts:
    """What a step has of each kind, in the order of the file."""

    works: list[Fence | TaskList] = field(default_factory=list)
    predicts: list[Fence] = field(default_factory=list)
    solutions: list[Fence] = field(default_factory=list)
    checks: list[Fence] = field(default_factory=list)
    hints: list[Fence] = field(default_factory=list)
    practices: list[Fence] = field(default_factory=list)
    cuts: list[tuple[int, int]] = field(default_factory=list)
    """0-based line ranges that are no prose."""
    sure: bool = True
    """False when a fence could not be understood: then what seems to be missing is not reported."""

    @property
    def work(self) -> Fence | TaskList | None:
        return self.works[0] if self.works else None

    @property
    def work_line(self) -> int | None:
        return _line(self.works[0]) if self.works else None

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles by kind, also of what is wrong within; of how many items a task list is does not matter."""
        work = [
            "task list"
            if isinstance(part, TaskList)
            else f"{part.language} run"
            if part.role is Role.RUN
            else part.role
            for part in self.works
        ]
        fences = (*self.solutions, *self.practices, *self.checks, *self.hints)
        return (*(fence.role for fence in self.predicts), *work, *(fence.role for fence in fences))


@dataclass(frozen=True, slots=True)
class Draft:
    """A step as far as its file could be read: where a part is wrong, a default or nothing stands in the step."""

    step: Step
    roles: tuple[str, ...]
    """Of its fences and its task list, those with errors inside as well."""
    sure: bool
    """False when a fence could not be understood, so that one with a role may be missing from all this."""


def _line(part: Fence | TaskList) -> int:
    return part.start + 1 if isinstance(part, TaskList) else part.line


def check_fence(block: FenceBlock, report: Report) -> Fence | None:
    """The fence with its role, if it has one, and the rules that hold for a fence anywhere."""
    if not block.closed and not block.nested:
        report.add(Rule.FENCE_CLOSED, block.start + 1, "none down to the end of the file")
    fence = read_fence(block.info, block.content, block.start + 1, report)
    if fence is not None and block.nested:
        report.add(
            Rule.FENCE_PLACE, fence.line, shown(f"{fence.language} {fence.role}") + " within a list or a quotation"
        )
    return fence


def read_step(
    title: str,
    attributes: StepAttributes,
    parts_of_file: Sequence[FenceBlock | TaskList],
    lines: Sequence[str],
    start: int,
    report: Report,
) -> Draft:
    """Build the step from its lines (`start` is the 0-based line of its heading) and report what is wrong with it."""
    parts = _gather(parts_of_file, report)
    _check_places(parts, report)
    work = _work(parts, report)
    body, after = _prose(parts, lines, start)
    step = Step(
        id=attributes.id,
        title=title,
        line=start + 1,
        body=body,
        after=after,
        work=work,
        predict=_predict(parts, report),
        checks=tuple(_check(fence, report) for fence in parts.checks),
        hints=tuple(Hint(fence.code, fence.code_line, fence.attributes.get("when")) for fence in parts.hints),
        minutes=attributes.minutes,
        needs=attributes.needs,
        timeout=attributes.timeout,
        retry=attributes.retry,
        on_local=attributes.on_local,
        replay=attributes.replay,
        rewind=attributes.rewind,
    )
    return Draft(replace(step, hash=step_hash(step)), parts.roles, parts.sure)


def _gather(blocks: Sequence[FenceBlock | TaskList], report: Report) -> _Parts:
    parts = _Parts()
    by_role: dict[Role, list[Fence]] = {
        Role.PREDICT: parts.predicts,
        Role.SOLUTION: parts.solutions,
        Role.CHECK: parts.checks,
        Role.HINT: parts.hints,
        Role.PRACTICE: parts.practices,
    }
    for block in blocks:
        if isinstance(block, TaskList):
            for line in block.wrong:
                report.add(Rule.TASK, line + 1, "an item that is ticked or has no `[ ]`")
            parts.works.append(block)
        else:
            fence = check_fence(block, report)
            if fence is None:
                parts.sure = parts.sure and len(block.info.split()) < 2
                continue
            by_role.get(fence.role, parts.works).append(fence)
        if isinstance(block, TaskList) or not block.nested:
            parts.cuts.append((block.start, block.end))
    return parts


def _check_places(parts: _Parts, report: Report) -> None:
    for extra in parts.works[1:]:
        report.add(Rule.ONE_WORK, _line(extra), f"{_named(extra)} after {_named(parts.works[0])}")
    if not parts.sure:
        return
    at = parts.work_line
    for rule, fences in ((Rule.CHECK_PLACE, parts.checks), (Rule.HINT_PLACE, parts.hints)):
        for fence in fences:
            if at is None or fence.line < at:
                report.add(rule, fence.line, "one before it" if at else "one in a step without work")
    _check_predicts(parts, report)
    starters = [work for work in parts.works if isinstance(work, Fence) and work.role is Role.STARTER]
    for starter in starters:
        if not parts.solutions:
            report.add(Rule.STARTER, starter.line, "none in this step")
    for index, solution in enumerate(parts.solutions):
        if index or not starters or solution.line < starters[0].line:
            report.add(Rule.SOLUTION, solution.line, "a second one" if index else "one without a starter before it")
    has_tasks = any(isinstance(work, TaskList) for work in parts.works)
    for index, practice in enumerate(parts.practices):
        if index or not has_tasks:
            report.add(Rule.PRACTICE, practice.line, "a second one" if index else "one without a task list")


def _check_predicts(parts: _Parts, report: Report) -> None:
    runs = [work.line for work in parts.works if isinstance(work, Fence) and work.role is Role.RUN]
    for index, predict in enumerate(parts.predicts):
        if index:
            report.add(Rule.PREDICT, predict.line, "a second one")
        elif not runs or runs[0] < predict.line:
            report.add(Rule.PREDICT, predict.line, "one after the run" if runs else "one in a step without a run")


def _named(part: Fence | TaskList) -> str:
    return "a task list" if isinstance(part, TaskList) else shown(f"{part.language} {part.role}")


def _work(parts: _Parts, report: Report) -> Work | None:
    """The first piece of work; further ones are checked all the same, so that all their errors are told."""
    made = [_make(work, parts, report) for work in parts.works]
    for fence in (*parts.solutions, *parts.practices):
        _check_cell(fence, report)
    return made[0] if made else None


def _make(work: Fence | TaskList, parts: _Parts, report: Report) -> Work | None:
    if isinstance(work, TaskList):
        practice = parts.practices[0] if parts.practices else None
        return Checklist(
            work.items, work.start + 1, practice.code if practice else None, practice.code_line if practice else 0
        )
    match work.role:
        case Role.RUN:
            raises = work.attributes.get("raises")
            if work.language == "python" and raises is None:
                _check_cell(work, report)
            return RunCode(work.language, work.code, work.code_line, raises, work.exit)
        case Role.STARTER:
            solution = parts.solutions[0] if parts.solutions else work
            return FixCode(work.code, work.code_line, solution.code, solution.code_line)
        case Role.QUIZ:
            return read_quiz(work.code, work.code_line, work.line, report)
        case Role.FORM:
            return read_form(work.code, work.code_line, work.line, report)
        case _:
            return read_paste(work.code, work.code_line, work.line, report)


def _predict(parts: _Parts, report: Report) -> Quiz | None:
    made = [read_quiz(fence.code, fence.code_line, fence.line, report) for fence in parts.predicts]
    return made[0] if made else None


def _check(fence: Fence, report: Report) -> Check:
    try:
        parse_plain(fence.code)
    except CodeError as error:
        report.add(Rule.PYTHON, fence.line + error.line, f"a check that is not: {error.message}")
    return Check(fence.code, fence.code_line, fence.needs)


def _check_cell(fence: Fence, report: Report) -> None:
    try:
        parse_cell(fence.code)
    except CodeError as error:
        report.add(Rule.PYTHON, fence.line + error.line, f"a {fence.role} that is not: {error.message}")


def _prose(parts: _Parts, lines: Sequence[str], start: int) -> tuple[str, str]:
    """Markdown before and after the work, as it stands in the source."""
    border = parts.work_line
    body: list[str] = []
    after: list[str] = []
    at = start + 1
    for cut_start, cut_end in [*parts.cuts, (len(lines), len(lines))]:
        piece = "\n".join(lines[at:cut_start]).strip("\n")
        if piece.strip():
            (body if border is None or at < border else after).append(piece)
        at = cut_end
    return "\n\n".join(body), "\n\n".join(after)
