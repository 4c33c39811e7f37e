"""The warnings of one lesson: what teaches badly, though it loads and runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.harness.placeholders import bash_script, python_uses
from tutor.lesson.blocks import FenceBlock, blocks
from tutor.lesson.model import Checklist, FixCode, Language, Lesson, Quiz, RunCode, Step
from tutor.lesson.python_code import can_miss, parse_plain, verdict_lines
from tutor.lesson.rules import Report, Rule, shown

MOST_RUNS = 2
MOST_WORDS = {Language.EN: 120, Language.ZH: 220}

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TARGET = re.compile(r"\]\([^)\s]*\)")
_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def check_advice(lesson: Lesson, report: Report) -> None:
    """Report every warning that the lesson earns by itself."""
    _check_runs(lesson, report)
    for step in lesson.steps:
        _check_length(step, lesson.language, report)
        _check_hint(step, report)
    if not any(isinstance(step.work, (FixCode, Quiz)) or step.predict for step in lesson.steps):
        report.add(Rule.PASSIVE, 1, "none")
    _check_placeholders(lesson, report)


def _check_runs(lesson: Lesson, report: Report) -> None:
    in_a_row = 0
    for step in lesson.steps:
        in_a_row = in_a_row + 1 if isinstance(step.work, RunCode) and not step.predict else 0
        if in_a_row == MOST_RUNS + 1:
            report.add(Rule.ONLY_RUNS, step.line, f"a third one, {shown(step.id)}")


def _check_length(step: Step, language: Language, report: Report) -> None:
    length, most = prose_length(step, language), MOST_WORDS[language]
    if length > most:
        report.add(Rule.LONG_STEP, step.line, f"{length} in {shown(step.id)}")


def prose_length(step: Step, language: Language) -> int:
    """English words or Chinese characters of the prose, without code, comments and addresses."""
    items = step.work.items if isinstance(step.work, Checklist) else ()
    lines = "\n\n".join((step.body, *items, step.after)).split("\n")
    for block in reversed(blocks(lines, 0)):
        if isinstance(block, FenceBlock):
            del lines[block.start : block.end]
    text = _TARGET.sub("]", _COMMENT.sub("", "\n".join(lines)))
    if language is Language.ZH:
        return len(_CHINESE.findall(text))
    return sum(any(character.isalnum() for character in word) for word in text.split())


def _check_hint(step: Step, report: Report) -> None:
    if step.hints:
        return
    for check in step.checks:
        line = next((each for each in verdict_lines(parse_plain(check.code)) if can_miss(each)), None)
        if line is not None:
            report.add(Rule.NO_HINT, check.line + line.lineno - 1, f"none in {shown(step.id)}")
            return


def _check_placeholders(lesson: Lesson, report: Report) -> None:
    names = {field.name for field in lesson.fields}
    for language, code, line in _code(lesson):
        if not names or "{{" not in code:
            continue
        left_alone = bash_script(code, names)[2] if language == "bash" else python_uses(code, names)[1]
        for use in left_alone:
            report.add(
                Rule.PLACEHOLDER, line + use.line - 1, f"{shown('{{' + use.name + '}}')} where it is left as it is"
            )


def _code(lesson: Lesson) -> Iterator[tuple[str, str, int]]:
    """All code of the lesson: language, text, line."""
    for step in lesson.steps:
        match step.work:
            case RunCode() as run:
                yield run.language, run.code, run.line
            case FixCode() as fix:
                yield fix.language, fix.starter, fix.starter_line
                yield fix.language, fix.solution, fix.solution_line
            case Checklist(practice=str() as practice, practice_line=line):
                yield "python", practice, line
        for check in step.checks:
            yield "python", check.code, check.line
