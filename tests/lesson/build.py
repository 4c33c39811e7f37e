"""Small lessons as text, for the tests of this room."""

from __future__ import annotations

from pathlib import Path

from tutor.lesson.model import Language, Lesson
from tutor.lesson.parse import ParseResult, parse_lesson

FRONT = "---\nformat: 1\ntitle: A title\nsummary: A summary\nminutes: 5\n---\n"
"""Six lines, so what follows begins on line 7."""


def step(content: str, attributes: str = "", step_id: str = "one") -> str:
    """A step: its heading, an empty line, the content."""
    return f"## A step {{#{step_id}{' ' if attributes else ''}{attributes}}}\n\n{content}\n"


def parse(text: str, language: Language = Language.EN) -> ParseResult:
    return parse_lesson(Path("/nowhere/some-lesson") / f"{language}.md", text)


def lesson_of(*steps: str, front: str = FRONT) -> Lesson:
    result = parse(front + "\n".join(steps))
    assert result.problems == ()
    assert result.lesson is not None
    return result.lesson


def codes(result: ParseResult) -> list[tuple[str, int]]:
    """Code and line of every problem."""
    return [(problem.code, problem.line) for problem in result.problems]


def write_lesson(root: Path, lesson_id: str, text: str, language: str = "en") -> Path:
    """A lesson folder with one more file in it."""
    folder = root / lesson_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{language}.md").write_text(text, encoding="utf-8")
    return folder
