from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lesson.build import FRONT, step, write_lesson
from tutor.lesson.lint import lint

FIXTURES = Path(__file__).parent / "fixtures"
KNOWN = {"check-device": Path("/nowhere/check-device"), "first-steps": Path("/nowhere/first-steps")}


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
        ('accept = ["the CPU", "processor"]', 'accept = ["处理器"]', "E086"),
        ('accept = ["the CPU", "processor"]\n', "", "E086"),
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
        ('answer = "cpu"\naccept = ["the CPU", "processor"]', 'answer = "Processor"\naccept = ["CPU", "the CPU"]'),
        ("- [ ] Make a folder\n", ""),
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


# Beside other errors


def codes_of(tmp_path: Path, english: str, chinese: str) -> list[tuple[str, int]]:
    """The errors of `zh.md`, if both languages have these steps."""
    folder = write_lesson(tmp_path, "some", FRONT + english)
    write_lesson(tmp_path, "some", FRONT + chinese, "zh")
    return [(problem.code, problem.line) for problem in lint([folder / "zh.md"]) if problem.is_error]


RUN = "```python run\n{}\n```\n"
CHECK = "```python check\n{}\n```\n"
HINT = "```md hint\nLook.\n```\n"


def test_other_number_of_hints_hides_nothing_else_of_the_step(tmp_path: Path) -> None:
    english = step(RUN.format("1") + CHECK.format("assert 1") + HINT)
    chinese = step(RUN.format("2") + CHECK.format("assert 1\nassert 2"))
    assert codes_of(tmp_path, english, chinese) == [("E082", 7), ("E084", 7), ("E083", 10), ("E083", 13)]


def test_other_number_of_checks_leaves_the_run_to_compare(tmp_path: Path) -> None:
    english = step(RUN.format("1") + CHECK.format("assert 1"))
    chinese = step(RUN.format("2") + CHECK.format("x = 1") + CHECK.format("assert 1"))
    assert codes_of(tmp_path, english, chinese) == [("E082", 7), ("E083", 10)]


def test_other_work_leaves_the_checks_to_compare(tmp_path: Path) -> None:
    english = step(RUN.format("1") + CHECK.format("assert 1"))
    chinese = step("```bash run\n1\n```\n" + CHECK.format("assert 2"))
    assert codes_of(tmp_path, english, chinese) == [("E082", 7), ("E083", 13)]


def test_other_name_leaves_the_patterns_of_the_other_fields_to_compare(tmp_path: Path) -> None:
    form = "```toml form\n" + '[[field]]\nname = "{}"\nlabel = "L"\nexample = "E"\npattern = "{}"\n' * 2 + "```"
    both = codes_of(tmp_path, step(form.format("a", "x", "b", "y")), step(form.format("a", "z", "c", "y")))
    assert both == [("E085", 9), ("E087", 9)]


@pytest.mark.parametrize("broken", ["en", "zh"])
def test_steps_are_compared_although_one_has_no_id(tmp_path: Path, broken: str) -> None:
    whole = step(RUN.format("{}")) + step(RUN.format("{}"), step_id="two")
    texts = dict.fromkeys(("en", "zh"), whole)
    texts[broken] = whole.replace(" {#two}", "")
    found = codes_of(tmp_path, texts["en"].replace("{}", "1"), texts["zh"].replace("{}", "2"))
    assert found == [("E083", 10)] + [("E031", 13)] * (broken == "zh") + [("E083", 16)]


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        (step(RUN.format("2"), "hours=2"), [("E034", 7), ("E083", 10)]),
        (step("```toml predict\nx = 1\n```\n" + RUN.format("2")), [("E062", 10), ("E064", 10)]),
        (step(RUN.format("1") + CHECK.format("assert (")), [("E048", 13), ("E083", 13)]),
        (step(RUN.format("1") + "```python chek\nassert 1\n```\n"), [("E041", 12)]),
    ],
)
def test_what_an_error_left_unread_is_not_missing(tmp_path: Path, wrong: str, codes: list[tuple[str, int]]) -> None:
    """The other file has what this one tried to say."""
    right = {
        "hours": step(RUN.format("1")),
        "predict": step('```toml predict\nquestion = "?"\nanswer = 1\n```\n' + RUN.format("2")),
        "check\n": step(RUN.format("1") + CHECK.format("assert 1")),
        "chek": step(RUN.format("1") + CHECK.format("assert 1")),
    }
    english = next(text for word, text in right.items() if word in wrong)
    assert codes_of(tmp_path, english, wrong) == codes


def test_lesson_that_is_twice_without_steps_has_nothing_to_compare(tmp_path: Path) -> None:
    assert codes_of(tmp_path, "Prose.\n", "Prose.\n") == [("E030", 6)]
