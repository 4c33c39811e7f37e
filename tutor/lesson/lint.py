"""`tutor check`: every error and warning of lessons, those that need more than one file included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tutor.errors import LessonError
from tutor.lesson.advice import check_advice
from tutor.lesson.catalogue import shipped_folder
from tutor.lesson.front_matter import split_front_matter
from tutor.lesson.links import check_links
from tutor.lesson.model import Language, Lesson, Problem
from tutor.lesson.parity import check_parity
from tutor.lesson.parse import lesson_id_of, parse_lesson, read_lines
from tutor.lesson.rules import Report, Rule, shown
from tutor.lesson.steps import Draft

_FILES = tuple(f"{language}.md" for language in Language)


def lesson_files(paths: Iterable[Path]) -> list[Path]:
    """The lesson files that these files, lesson folders and folders of lessons stand for, each once.

    Raises:
        LessonError: a path has no lesson.
    """
    found: dict[Path, None] = {}
    for path in paths:
        files = [path] if path.is_file() else _files(path)
        if not files and path.is_dir():
            files = [file for folder in sorted(path.iterdir()) for file in _files(folder)]
        if not files:
            raise LessonError(
                f"{path} has no lesson.",
                "Name a lesson file, a lesson folder (with en.md or zh.md) or a folder of lesson folders.",
            )
        found |= dict.fromkeys(files)
    return list(found)


def _files(folder: Path) -> list[Path]:
    return [folder / name for name in _FILES if (folder / name).is_file()]


def lint(paths: Iterable[Path], known: Mapping[str, Path] | None = None) -> list[Problem]:
    """All problems of the lessons, file by file.

    Args:
        paths: as for `lesson_files`.
        known: the folders of the lessons that the catalogue finds, by id; what `after` may name, and what a second lesson is told by.

    Raises:
        LessonError: a path has no lesson.
    """
    files = lesson_files(paths)
    first = dict(known or {})
    for file in files:
        first.setdefault(lesson_id_of(file), file.parent)
    shipped = shipped_folder()
    problems: list[Problem] = []
    told: set[Path] = set()
    for file in files:
        report = Report(file)
        result = parse_lesson(file)
        report.problems += result.problems
        other = first[lesson_id_of(file)]
        if file.parent not in told and other.resolve() != file.parent.resolve():
            report.add(Rule.LESSON_TWICE, 1, f"{shown(lesson_id_of(file))} here and, first, in {other}")
        told.add(file.parent)
        if shipped and file.resolve().is_relative_to(shipped.resolve()) and len(_files(file.parent)) < len(_FILES):
            report.add(Rule.BOTH_LANGUAGES, 1, f"only {file.name}")
        lines = read_lines(file, Report(file)) or []
        if result.lesson is not None:
            _check_lesson(result.lesson, lines, first, report)
        # These are errors, so they are told with the others of the file, whether or not it makes a lesson.
        _check_file_links(file, lines, result.drafts, report)
        if file.name == "zh.md" and file.with_name("en.md").is_file():
            check_parity(parse_lesson(file.with_name("en.md")).drafts, result.drafts, report)
        problems += report.sorted()
    return problems


def _check_lesson(lesson: Lesson, lines: list[str], known: Mapping[str, Path], report: Report) -> None:
    check_advice(lesson, report)
    for name in lesson.front.after:
        if name not in known:
            report.add(Rule.UNKNOWN_AFTER, _line_of(name, lines[: split_front_matter(lines)]), shown(name))


def _check_file_links(file: Path, lines: list[str], drafts: Iterable[Draft], report: Report) -> None:
    first = split_front_matter(lines)
    check_links("\n".join(lines[first:]), first + 1, file.parent, report)
    for draft in drafts:
        for hint in draft.step.hints:
            check_links(hint.markdown, hint.line, file.parent, report)


def _line_of(name: str, front: Sequence[str]) -> int:
    start = next((at for at, line in enumerate(front) if line.startswith("after")), 0)
    return next((at + 1 for at, line in enumerate(front) if at >= start and name in line), start + 1)
