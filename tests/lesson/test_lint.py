from __future__ import annotations

from pathlib import Path

import pytest

from tests.lesson.build import FRONT, step, write_lesson
from tutor.errors import LessonError
from tutor.lesson import lint as lint_module
from tutor.lesson.lint import lint

FIXTURES = Path(__file__).parent / "fixtures"
QUIZ = step('```toml quiz\nquestion = "?"\nanswer = 1\n```', step_id="quiz")
RUN = "```python run\n1\n```\n"
KNOWN = {"check-device": Path("/nowhere/check-device"), "first-steps": Path("/nowhere/first-steps")}


def found(root: Path, known: dict[str, Path] | None = None) -> list[tuple[str, str, int]]:
    return [(problem.path.name, problem.code, problem.line) for problem in lint([root], known)]


def codes_of(root: Path, *steps: str, front: str = FRONT) -> list[tuple[str, int]]:
    """What `tutor check` says of one English lesson that has a quiz as its last step."""
    write_lesson(root, "some", front + "\n".join((*steps, QUIZ)))
    return [(code, line) for _, code, line in found(root)]


def test_lesson_with_every_role_is_clean() -> None:
    assert lint([FIXTURES], KNOWN) == []


def test_paths_may_be_a_file_a_lesson_or_a_folder(tmp_path: Path) -> None:
    folder = write_lesson(tmp_path, "some", FRONT + step("Prose"))
    for path in (folder / "en.md", folder, tmp_path):
        assert [problem.code for problem in lint([path, path])] == ["W004"]


@pytest.mark.parametrize("name", ["nothing-here", "."])
def test_path_without_a_lesson_is_a_usage_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(LessonError):
        lint([tmp_path / name])


def test_errors_and_warnings_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    write_lesson(tmp_path, "b", FRONT + step("", "hours=2"))
    write_lesson(tmp_path, "a", FRONT + step("", "hours=2") + step(""))
    assert [(p.path.parent.name, p.code, p.line) for p in lint([tmp_path])] == [
        ("a", "E034", 7),
        ("a", "E033", 10),
        ("b", "E034", 7),
    ]


# Warnings


def test_third_step_in_a_row_that_only_runs(tmp_path: Path) -> None:
    runs = [step(RUN, step_id=f"s{number}") for number in range(4)]
    assert codes_of(tmp_path, *runs) == [("W001", 21)]


def test_row_of_runs_is_broken_by_a_predict_or_by_reading(tmp_path: Path) -> None:
    predict = '```toml predict\nquestion = "?"\nanswer = 1\n```\n'
    steps = [RUN, RUN, predict + RUN, RUN, RUN, "Prose", RUN]
    assert codes_of(tmp_path, *(step(each, step_id=f"s{at}") for at, each in enumerate(steps))) == []


@pytest.mark.parametrize(("words", "code"), [(120, []), (121, [("W002", 7)])])
def test_long_step_in_english(tmp_path: Path, words: int, code: list[tuple[str, int]]) -> None:
    more = "\n\n```python\nnot counted\n```\n\n<!-- nor this -->\n\n---\n\n"
    assert codes_of(tmp_path, step("word " * (words - 2) + more + "[link](a://b/c) end")) == code


@pytest.mark.parametrize(("characters", "code"), [(220, []), (221, ["W002"])])
def test_long_step_in_chinese(tmp_path: Path, characters: int, code: list[str]) -> None:
    write_lesson(tmp_path, "some", FRONT + step("学，" * characters + "and English words " * 200) + QUIZ, "zh")
    assert [problem.code for problem in lint([tmp_path])] == code


def test_prose_after_the_work_counts(tmp_path: Path) -> None:
    assert codes_of(tmp_path, step("word " * 61 + "\n\n" + RUN + "\n" + "word " * 60)) == [("W002", 7)]


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("x = 1\nassert x", [("W003", 14)]),
        ("for i in range(2):\n    assert i", [("W003", 13)]),
        ("assert True", []),
        ("def f():\n    assert False", []),
    ],
)
def test_line_that_can_miss_has_a_hint(tmp_path: Path, check: str, code: list[tuple[str, int]]) -> None:
    fence = f"```python check\n{check}\n```\n"
    assert codes_of(tmp_path, step(RUN + fence)) == code
    assert codes_of(tmp_path, step(RUN + fence + "```md hint\nLook.\n```\n")) == []


def test_lesson_that_asks_nothing(tmp_path: Path) -> None:
    write_lesson(tmp_path, "some", FRONT + step(RUN))
    assert found(tmp_path) == [("en.md", "W004", 1)]


FORM = step('```toml form\n[[field]]\nname = "bucket"\nlabel = "B"\nexample = "x"\n```', step_id="form")


@pytest.mark.parametrize(
    ("fence", "code"),
    [
        ('```python run\nprint("{{bucket}}")\n```', []),
        ('```python run\nprint(f"{{bucket}}")\n```', [("W005", 19)]),
        ("```python run\n\n!ls {{bucket}}\n```", [("W005", 20)]),
        ('```bash run\nls "{{bucket}}"\n```', []),
        ("```bash run\ncat <<X\n{{bucket}}\nX\n```", [("W005", 20)]),
        ('```python run\nprint(f"{{other}}")\n```', []),
    ],
)
def test_placeholder_where_no_value_can_be_put(tmp_path: Path, fence: str, code: list[tuple[str, int]]) -> None:
    assert codes_of(tmp_path, FORM, step(fence)) == code


def test_unknown_id_in_after(tmp_path: Path) -> None:
    front = FRONT.replace("minutes: 5", "minutes: 5\nafter:\n  - known\n  - some\n  - missing")
    write_lesson(tmp_path, "some", front + QUIZ)
    assert found(tmp_path, {"known": tmp_path / "known"}) == [("en.md", "W006", 9)]


def test_second_lesson_with_one_id(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a", "some", FRONT + QUIZ)
    write_lesson(tmp_path / "b", "some", FRONT + QUIZ)
    assert [(p.code, p.path.parent) for p in lint([tmp_path / "a", tmp_path / "b"])] == [
        ("W007", tmp_path / "b" / "some")
    ]
    assert found(tmp_path / "b", {"some": tmp_path / "a" / "some"}) == [("en.md", "W007", 1)]
    assert found(tmp_path / "b", {"some": tmp_path / "b" / "some"}) == []


# Links


@pytest.mark.parametrize(
    ("prose", "code"),
    [
        (
            "[in](assets/a.txt) ![too](./assets/a.txt) [anchor](#one) [web](https://example.org/../x) <me@example.org>",
            [],
        ),
        ("[spaces](assets/with%20space.txt#part)", []),
        ("text\n[out](../other/en.md)", [("E090", 10)]),
        ("![out](/etc/passwd)", [("E090", 9)]),
        ('text <a href="file:///etc/passwd">x</a>', [("E090", 9)]),
        ("[out](assets/outside)", [("E090", 9)]),
        ("[out][ref]\n\n[ref]: ../../x", [("E090", 9)]),
        ('<img src="../x.png">', [("E090", 9)]),
        ('text <img src="../x.png">', [("E090", 9)]),
        ("[gone](assets/gone.txt)", [("E091", 9)]),
        ("[null](assets/%00)", [("E091", 9)]),
        ("[long](" + "x" * 5000 + ")", [("E091", 9)]),
        ("```md\n[illustration](../x)\n```", []),
        (RUN + "```md hint\nfirst\n[out](../x)\n```", [("E090", 14)]),
    ],
)
def test_links_stay_inside_and_files_exist(tmp_path: Path, prose: str, code: list[tuple[str, int]]) -> None:
    assets = tmp_path / "some" / "assets"
    assets.mkdir(parents=True)
    (assets / "a.txt").write_text("")
    (assets / "with space.txt").write_text("")
    (assets / "outside").symlink_to("/etc")
    assert codes_of(tmp_path, step(prose)) == code


def test_shipped_lesson_has_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lesson(tmp_path, "some", FRONT + QUIZ)
    monkeypatch.setattr(lint_module, "shipped_folder", lambda: tmp_path)
    assert found(tmp_path) == [("en.md", "E092", 1)]


def test_links_are_told_with_the_errors_that_keep_the_lesson_from_loading(tmp_path: Path) -> None:
    hint = "```md hint\n[out](../x)\n```\n"
    write_lesson(tmp_path, "some", FRONT + step("[out](../x)") + "## B\n\n" + step(RUN + hint, step_id="c"))
    assert found(tmp_path) == [("en.md", "E090", 9), ("en.md", "E031", 10), ("en.md", "E090", 18)]


def test_links_are_told_with_the_errors_of_the_front_matter(tmp_path: Path) -> None:
    write_lesson(tmp_path, "some", FRONT.replace("format: 1", "format: 7") + step("[gone](assets/x)"))
    assert found(tmp_path) == [("en.md", "E015", 2), ("en.md", "E091", 9)]


@pytest.mark.parametrize("path", [".", "./", "en.md", "../some", "assets/../en.md"])
def test_relative_path_that_does_not_name_the_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    folder = write_lesson(tmp_path, "some", FRONT + QUIZ)
    (folder / "assets").mkdir()
    monkeypatch.chdir(folder)
    assert lint([Path(path)], {"some": folder}) == []
    assert [problem.code for problem in lint([Path(path)], {"some": tmp_path / "other" / "some"})] == ["W007"]
