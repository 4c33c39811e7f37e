from __future__ import annotations

from collections.abc import Callable
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


# Parity


def differing(tmp_path: Path, change: Callable[[str], str]) -> list[str]:
    """The codes for the lesson with every role when its translation is changed so."""
    folder = FIXTURES / "every-role"
    before = (folder / "zh.md").read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    write_lesson(tmp_path, "every-role", (folder / "en.md").read_text(encoding="utf-8"))
    write_lesson(tmp_path, "every-role", after, "zh")
    (tmp_path / "every-role" / "assets").mkdir()
    (tmp_path / "every-role" / "assets" / "device.txt").write_text("")
    problems = [problem for problem in lint([tmp_path], KNOWN) if problem.code != "W003"]
    assert all(problem.path.name == "zh.md" for problem in problems)
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{#choose}", "{#choice}", "E080"),
        ("## Name {#name}", "## Extra {#extra}\n\n## Name {#name}", "E080"),
        ("{#read minutes=1}", "{#read minutes=2}", "E081"),
        ("timeout=30", "timeout=31", "E081"),
        ("retry=20 ", "", "E081"),
        (' on="local"', "", "E081"),
        (" replay=no", "", "E081"),
        (" rewind=no", "", "E081"),
        ('{#bash needs="posix"}', "{#bash}", "E081"),
        ("exit=3\nexit 3", "exit=4\nexit 3", "E081"),
        ('check needs="cuda account:github"', 'check needs="cuda"', "E081"),
        ("```md hint\nLook at `device`.\n```\n", "", "E082"),
        ("```python check\nassert True\n```\n", "", "E082"),
        ("- [ ] Make a folder\n", "", "E082"),
        ("import torch\n%", "import  torch, os\n%", "E083"),
        ("%matplotlib inline", "%matplotlib notebook", "E083"),
        ("exit=3\nexit 3", "exit=3\nexit 3; exit", "E083"),
        ("print(torch.cuda.is_available)\n", "print(torch.cuda.is_available, 1)\n", "E083"),
        ("print(torch.cuda.is_available())\n", "print(bool(torch.cuda.is_available()))\n", "E083"),
        ('body={"name": "folder"}', 'body={"name": "文件夹"}', "E083"),
        ('"bucket"', '"bucket2"', "E085"),
        (
            'text = "cpu"\nright = true\n\n[[choice]]\ntext = "cuda"',
            'text = "cpu"\n\n[[choice]]\ntext = "cuda"',
            "E086",
        ),
        ("answer = 16", "answer = 15", "E086"),
        ("tolerance = 0.5", "tolerance = 1", "E086"),
        ('answer = "cpu"', 'answer = "gpu"', "E086"),
        ('right = true\nwhy = "Nothing moved it."', 'why = "x"', "E065"),
        ("{3,63}", "{3,62}", "E087"),
        (r"[\d.]+", r"[\d]+", "E087"),
        ("by zero", "by naught", "E087"),
    ],
)
def test_difference_between_the_languages(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert code in differing(tmp_path, lambda text: text.replace(old, new))


def test_other_number_of_verdict_lines(tmp_path: Path) -> None:
    assert differing(tmp_path, lambda text: text.replace("assert driver\n", "assert driver\nassert driver\n")) == [
        "E084",
        "E083",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# 这是张量\n# on the CPU", "# 一行注释"),
        ('"张量被移动了"', 'f"别的 {1}"'),
        ('text = "cpu"\nright', 'text = "中央处理器"\nright'),
        ('unit = "GB"', 'unit = "吉字节"'),
        ('accept = ["the CPU", "processor"]', 'accept = ["处理器"]'),
        (r'when="not compiled with \"CUDA\""', 'when="没有"'),
        ("Open **Drive**", "打开 **Drive**"),
        ('label = "Your token"', 'label = "令牌"'),
        ('example = "my-bucket"', 'example = "my-other-bucket"'),
        ("exit 3\n", "exit 3  # 退出\n"),
    ],
)
def test_translation_may_differ(tmp_path: Path, old: str, new: str) -> None:
    assert differing(tmp_path, lambda text: text.replace(old, new)) == []


def test_all_steps_are_compared_when_one_is_missing(tmp_path: Path) -> None:
    codes = differing(
        tmp_path, lambda text: text.replace("## Choose {#choose}", "## 选 {#c}").replace("answer = 16", "answer = 1")
    )
    assert codes == ["E080", "E086"]
