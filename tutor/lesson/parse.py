"""A lesson file → the model, or all of its errors at once. Reads the file (and `en.md` beside a translation), changes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tutor.lesson.attributes import StepAttributes, read_step_attributes, split_heading
from tutor.lesson.blocks import Block, FenceBlock, Heading, TaskList, blocks
from tutor.lesson.front_matter import LESSON_ID, read_front_matter, split_front_matter
from tutor.lesson.hashes import lesson_hash
from tutor.lesson.model import Language, Lesson, Problem, Step
from tutor.lesson.rules import Report, Rule, shown
from tutor.lesson.steps import Draft, check_fence, read_step

COMMANDS = frozenset(
    {"list", "run", "doctor", "explain", "check", "accounts", "runtimes", "export", "receipt", "trust", "progress", "report"}
)  # fmt: skip
"""No lesson has the name of a command: `tutor NAME` would be two things."""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ParseResult:
    """The lesson, or None and its errors."""

    lesson: Lesson | None
    problems: tuple[Problem, ...]
    drafts: tuple[Draft, ...] = ()
    """The steps as far as they could be read, also of a lesson with errors: `tutor check` tells what else is wrong with them."""


def parse_lesson(
    path: Path,
    text: str | None = None,
    *,
    lesson_id: str | None = None,
    language: Language | None = None,
    shipped: bool = False,
) -> ParseResult:
    """Parse one lesson file, with `text` instead of what it holds if given.

    The steps of a translation have the hashes of the steps of `en.md` of the same ids, so that progress does not depend on the language.
    """
    report = Report(path)
    found_id = lesson_id_of(path) if lesson_id is None else lesson_id
    check_lesson_id(found_id, report)
    if language is None:
        language = _language(path, report)
    lines = normal_text(text, report).split("\n") if text is not None else read_lines(path, report)
    if lines is None:
        return ParseResult(None, report.sorted())
    front = read_front_matter(lines, report)
    opening, drafts = _read_steps(lines, report)
    if front is None or report.count():
        return ParseResult(None, report.sorted(), drafts)
    steps = tuple(draft.step for draft in drafts)
    if language is not Language.EN:
        steps = _with_first_hashes(path.with_name("en.md"), steps)
    return ParseResult(
        Lesson(
            id=found_id,
            language=language,
            path=path,
            front=front,
            opening=opening,
            steps=steps,
            hash=lesson_hash(steps),
            shipped=shipped,
        ),
        (),
        drafts,
    )


def lesson_id_of(path: Path) -> str:
    """The name of the folder that the file is in, which a relative path (en.md alone) may leave out; of a link, its own name."""
    return Path(os.path.abspath(path)).parent.name  # noqa: PTH100 - resolve() would follow the link


def check_lesson_id(lesson_id: str, report: Report) -> None:
    """Whether a lesson may have this id."""
    if not LESSON_ID.fullmatch(lesson_id) or lesson_id in COMMANDS:
        report.add(Rule.LESSON_ID, 1, shown(lesson_id))


def _language(path: Path, report: Report) -> Language:
    if path.name not in {"en.md", "zh.md"}:
        report.add(Rule.FILE_NAME, 1, shown(path.name))
        return Language.EN
    return Language(path.stem)


def read_lines(path: Path, report: Report) -> list[str] | None:
    """The lines of a file; text that is no UTF-8 is reported and read all the same, so that other errors are told with it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        report.add(Rule.READABLE, 1, error.strerror or "one that cannot")
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report.add(Rule.UTF8, line, f"the byte 0x{data[error.start]:02x}")
        text = data.decode(errors="replace")
    return normal_text(text, report).split("\n")


def normal_text(text: str, report: Report) -> str:
    """The text without a BOM and with plain newlines, as markdown-it counts them."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    surrogate = _SURROGATE.search(text)
    if surrogate is not None:
        report.add(Rule.UTF8, text.count("\n", 0, surrogate.start()) + 1, shown(surrogate[0]))
        text = text.encode(errors="replace").decode()
    return text.replace("\0", "\ufffd")


def _read_steps(lines: Sequence[str], report: Report) -> tuple[str, tuple[Draft, ...]]:
    first = split_front_matter(list(lines))
    found = blocks(lines, first)
    starts = [index for index, block in enumerate(found) if isinstance(block, Heading)]
    _check_opening(found[: starts[0]] if starts else found, report)
    if not starts:
        report.add(Rule.NO_STEP, max(first, 1), "none")
        return "", ()
    drafts: list[Draft] = []
    seen: set[str] = set()
    for at, index in enumerate(starts):
        heading = found[index]
        following = starts[at + 1] if at + 1 < len(starts) else len(found)
        inside = [block for block in found[index + 1 : following] if not isinstance(block, Heading)]
        end = found[following].start if following < len(found) else len(lines)
        if not isinstance(heading, Heading):
            continue
        title, attributes = _read_heading(heading, report)
        if attributes.id in seen:
            report.add(Rule.STEP_ID_TWICE, heading.start + 1, f"{shown(attributes.id)} again")
        if attributes.id:
            seen.add(attributes.id)
        drafts.append(read_step(title, attributes, inside, lines[:end], heading.start, report))
    opening = "\n".join(lines[first : found[starts[0]].start]).strip("\n")
    return opening, tuple(drafts)


def _read_heading(heading: Heading, report: Report) -> tuple[str, StepAttributes]:
    parts = split_heading(heading.text)
    line = heading.start + 1
    if parts is None:
        report.add(Rule.STEP_ID, line, shown("## " + heading.text))
        return heading.text, StepAttributes("")
    title, step_id, attributes = parts
    return title, read_step_attributes(step_id, attributes, line, report)


def _check_opening(before: Iterable[Block], report: Report) -> None:
    for block in before:
        if isinstance(block, TaskList):
            report.add(Rule.WORK_PLACE, block.start + 1, "a task list before the first one")
        elif isinstance(block, FenceBlock):
            fence = check_fence(block, report)
            if fence is not None:
                report.add(
                    Rule.WORK_PLACE, fence.line, f"{shown(f'{fence.language} {fence.role}')} before the first one"
                )


def _with_first_hashes(english: Path, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    if not english.is_file():
        return steps
    first = parse_lesson(english, lesson_id="en", language=Language.EN).lesson
    hashes = {step.id: step.hash for step in first.steps} if first else {}
    return tuple(replace(step, hash=hashes.get(step.id, step.hash)) for step in steps)
