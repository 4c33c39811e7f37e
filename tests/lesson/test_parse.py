from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests.lesson.build import FRONT, codes, lesson_of, parse, step
from tutor.lesson.model import Checklist, FixCode, Form, Language, Lesson, Need, NeedKind, Paste, Quiz, RunCode
from tutor.lesson.parse import parse_lesson

EVERY_ROLE = Path(__file__).parent / "fixtures" / "every-role"


@pytest.mark.parametrize("language", Language)
def test_lesson_with_every_role_has_no_problems(language: Language) -> None:
    result = parse_lesson(EVERY_ROLE / f"{language}.md")
    assert result.problems == ()
    assert result.lesson is not None
    assert result.lesson.language is language
    assert result.lesson.id == "every-role"


def test_front_matter_of_every_role() -> None:
    front = _every_role().front
    assert (front.title, front.minutes, front.order) == ("Every role", 12, 20)
    assert front.after == ("check-device", "first-steps")
    assert front.needs == (Need(NeedKind.MODULE, "torch"),)
    assert front.sources[0].read == datetime.date(2026, 11, 20)


def test_works_of_every_role() -> None:
    works = [type(each.work) for each in _every_role().steps]
    none = type(None)
    assert works == [none, RunCode, RunCode, RunCode, FixCode, Quiz, Quiz, Quiz, Form, Paste, Checklist]


def test_prose_is_cut_at_the_work() -> None:
    run = _every_role().step("run")
    assert run is not None
    assert run.body == "What will this print?"
    assert run.after == "It printed the device.\n\nRead on."


def test_heading_in_a_fence_is_no_step() -> None:
    lesson = _every_role()
    assert "## not a heading {#nothing}" in lesson.opening
    assert lesson.step("nothing") is None


def test_lines_name_the_first_line_of_code() -> None:
    source = (EVERY_ROLE / "en.md").read_text().split("\n")
    run = _every_role().step("run")
    assert run is not None
    assert isinstance(run.work, RunCode)
    assert source[run.work.line - 1] == "import torch"
    assert source[run.checks[0].line - 1] == "# It is a tensor"
    assert source[run.hints[1].line - 1] == "Look at `device`."
    assert source[run.line - 1].startswith("## Run and predict")


def test_attributes_of_a_step() -> None:
    run = _every_role().step("run")
    assert run is not None
    assert (run.minutes, run.timeout, run.retry) == (2, 30, 20)
    assert (run.on_local, run.replay, run.rewind) == (True, False, False)
    assert Need(NeedKind.NETWORK, "files.example.org:443") in run.needs


def test_defaults_of_a_step() -> None:
    read = lesson_of(step("Prose.")).steps[0]
    assert (read.minutes, read.timeout, read.retry) == (None, 600, 0)
    assert (read.on_local, read.replay, read.rewind) == (False, True, True)
    assert read.work is None


def test_quoted_regex_keeps_its_backslashes() -> None:
    run = _every_role().step("run")
    assert run is not None
    assert run.hints[0].when == r"not compiled with \"CUDA\""


def test_longer_fence_lets_a_hint_hold_fences() -> None:
    run = _every_role().step("run")
    assert run is not None
    assert "```python\ntorch.version.cuda\n```" in run.hints[0].markdown


def test_items_of_a_task_list_are_markdown() -> None:
    by_hand = _every_role().step("by-hand")
    assert by_hand is not None
    assert isinstance(by_hand.work, Checklist)
    assert by_hand.work.items == ("Open **Drive**\nin the browser", "Make a folder")
    assert by_hand.has_practice
    assert by_hand.body == "Open the page, then tick."


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        ("answer = 3", (3.0, None)),
        ("answer = 3.5\ntolerance = 1", (3.5, None)),
        ('answer = "cpu"', (None, "cpu")),
    ],
)
def test_answers_of_a_quiz(work: str, expected: tuple[float | None, str | None]) -> None:
    quiz = lesson_of(step(f'```toml quiz\nquestion = "?"\n{work}\n```')).steps[0].work
    assert isinstance(quiz, Quiz)
    assert (quiz.number, quiz.text) == expected


@pytest.mark.parametrize(
    "change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t.rstrip("\n")]
)
def test_bom_crlf_and_missing_last_newline_are_fine(change: object, tmp_path: Path) -> None:
    assert callable(change)
    text = FRONT + step("```python run\n1\n```\n```python check\nassert 1\n```\n")
    folder = tmp_path / "some-lesson"
    folder.mkdir()
    (folder / "en.md").write_bytes(change(text).encode())
    result = parse_lesson(folder / "en.md")
    assert result.problems == ()
    assert result.lesson is not None
    assert isinstance(result.lesson.steps[0].work, RunCode)
    assert result.lesson.steps[0].work.code == "1"


def test_encoding_error_is_located_and_other_errors_are_told_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "some-lesson"
    folder.mkdir()
    (folder / "en.md").write_bytes((FRONT + "\n## No id\n").encode() + b"\xff\xfe\n")
    assert codes(parse_lesson(folder / "en.md")) == [("E031", 8), ("E002", 9)]


def test_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert codes(parse_lesson(tmp_path / "some-lesson" / "en.md")) == [("E001", 1)]


def test_lone_surrogate_in_given_text_is_a_problem() -> None:
    assert codes(parse(FRONT + step("Prose \ud800"))) == [("E002", 9)]


def test_shipped_is_kept() -> None:
    result = parse_lesson(EVERY_ROLE / "en.md", shipped=True)
    assert result.lesson is not None
    assert result.lesson.shipped


def test_all_errors_of_a_file_come_at_once() -> None:
    text = "---\nformat: 2\ntitle: T\nsummary: S\nminutes: 1\n---\n## One\n\n## Two {#two colour=red}\n\n```python check\nassert (\n```\n"
    assert codes(parse(text)) == [("E015", 2), ("E031", 7), ("E034", 9), ("E054", 11), ("E048", 12)]


def test_indented_code_and_setext_headings_are_prose() -> None:
    lesson = lesson_of(step("Underlined\n---\n\n    ## no {#no}\n\n### Smaller"))
    assert len(lesson.steps) == 1


def test_starter_may_hold_a_syntax_error() -> None:
    lesson = lesson_of(step("```python starter\nprint(\n```\n```python solution\nprint()\n```"))
    assert isinstance(lesson.steps[0].work, FixCode)


@pytest.mark.parametrize(
    "code",
    [
        "!pip list \\\n  --format=json",
        "%matplotlib inline\nx = %pwd\nfor i in range(2):\n    !echo {i}",
        "%%bash\necho 'hi",
        "torch.ones?",
        "?torch",
        "x = (7\n  % 3)",
        "await main()",
        "print('''\n% in text\n''')\n!ls it's",
        'open("{{name}}")',
    ],
)
def test_cells_of_ipython_are_valid(code: str) -> None:
    assert codes(parse(FRONT + step(f"```python run\n{code}\n```"))) == []


def _every_role() -> Lesson:
    result = parse_lesson(EVERY_ROLE / "en.md")
    assert result.lesson is not None
    return result.lesson
