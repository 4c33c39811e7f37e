"""What the catalogue shows of a lesson before it is opened: front matter and step ids, without a markdown parser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tutor.lesson.attributes import split_heading
from tutor.lesson.entry import Card, StepFacts
from tutor.lesson.front_matter import read_front_matter, split_front_matter
from tutor.lesson.model import FrontMatter, Problem
from tutor.lesson.parse import check_lesson_id, parse_lesson, read_lines
from tutor.lesson.rules import Report

_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_CLOSING_MARKS = re.compile(r"(?:^|[ \t])#+[ \t]*$")


def step_ids(lines: Sequence[str]) -> Iterator[str]:
    """The ids of `## ` headings outside fences and comments, in order; a heading without one is passed over."""
    closing = ""
    in_comment = False
    for line in lines:
        text = line.lstrip(" ")
        indented = len(line) - len(text) > 3
        if in_comment:
            in_comment = "-->" not in line
        elif closing:
            if text.startswith(closing) and not indented and not text.strip(" \t" + closing[0]):
                closing = ""
        elif indented:
            continue
        elif fence := _FENCE.match(text):
            closing = fence[1] or fence[2]
        elif text.startswith("<!--"):
            in_comment = "-->" not in text
        elif text.startswith(("## ", "##\t")):
            heading = split_heading(_CLOSING_MARKS.sub("", text[2:].rstrip()))
            if heading:
                yield heading[1]


def scan_lesson(folder: Path, languages: Sequence[str]) -> Card:
    """Front matter of each language and the step ids of the first; a file that is broken makes a broken card."""
    fronts: dict[str, FrontMatter] = {}
    ids: tuple[str, ...] = ()
    problems: list[Problem] = []
    for language in languages:
        report = Report(folder / f"{language}.md")
        check_lesson_id(folder.name, report)
        lines = read_lines(report.path, report)
        front = read_front_matter(lines, report) if lines is not None else None
        problems += report.sorted()
        if front is not None and lines is not None:
            fronts.setdefault(language, front)
            ids = ids or tuple(step_ids(lines[split_front_matter(lines) :]))
    return _card(languages, fronts, ids, problems, None)


def examine_lesson(folder: Path, languages: Sequence[str]) -> Card:
    """The same from whole parses: then the card also knows errors below the front matter, and what its steps are."""
    fronts: dict[str, FrontMatter] = {}
    ids: tuple[str, ...] = ()
    steps: dict[str, StepFacts] = {}
    problems: list[Problem] = []
    for language in languages:
        result = parse_lesson(folder / f"{language}.md")
        problems += result.problems
        if result.lesson is not None:
            fronts[language] = result.lesson.front
            ids = ids or tuple(step.id for step in result.lesson.steps)
            for step in result.lesson.steps:
                known = steps.get(step.id) or StepFacts(step.hash, {}, result.lesson.minutes_of(step))
                steps[step.id] = replace(known, titles={**known.titles, language: step.title})
    return _card(languages, fronts, ids, problems, steps)


def _card(
    languages: Sequence[str],
    fronts: dict[str, FrontMatter],
    ids: tuple[str, ...],
    problems: Sequence[Problem],
    steps: dict[str, StepFacts] | None,
) -> Card:
    front = next(iter(fronts.values()), FrontMatter("", "", 0))
    broken = None
    if problems:
        broken = str(problems[0]) + (f" (and {len(problems) - 1} more)" if len(problems) > 1 else "")
    return Card(
        languages=tuple(languages),
        titles={language: each.title for language, each in fronts.items()},
        summaries={language: each.summary for language, each in fronts.items()},
        minutes=front.minutes,
        order=front.order,
        after=front.after,
        needs=tuple(str(need) for need in front.needs),
        step_ids=ids,
        broken=broken,
        steps=steps,
    )
