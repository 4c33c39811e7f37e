from __future__ import annotations

from pathlib import Path

import pytest

from tests.lesson.build import FRONT, lesson_of, step, write_lesson
from tutor.lesson.parse import parse_lesson

EN = (Path(__file__).parent / "fixtures" / "every-role" / "en.md").read_text(encoding="utf-8")


def hashes(text: str) -> dict[str, str]:
    result = parse_lesson(Path("/nowhere/every-role/en.md"), text)
    assert result.lesson is not None, result.problems
    return {each.id: each.hash for each in result.lesson.steps} | {"lesson": result.lesson.hash}


def changed(old: str, new: str) -> set[str]:
    """The ids whose hash changes with the text."""
    assert old in EN
    before, after = hashes(EN), hashes(EN.replace(old, new))
    return {key for key in before if before[key] != after.get(key)}


@pytest.mark.parametrize(
    ("old", "new", "step_id"),
    [
        ("import torch\n", "import torch, os\n", "run"),
        ('"the tensor moved"', '"it moved"', "run"),
        ("# on the CPU", "# here", "run"),
        ('check needs="cuda account:github"', 'check needs="cuda"', "run"),
        ("timeout=30", "timeout=31", "run"),
        ('text = "cuda:0"', 'text = "cuda:1"', "run"),
        ("exit=3\nexit 3", "exit=4\nexit 3", "bash"),
        ("by zero", "by 0", "error"),
        ("{#read minutes=1}", "{#read minutes=2}", "read"),
        ("print(torch.cuda.is_available)", "torch.cuda.is_available", "mend"),
        ("print(torch.cuda.is_available())", "torch.cuda.is_available()", "mend"),
        ("tolerance = 0.5", "tolerance = 1", "count"),
        ('accept = ["the CPU", "processor"]', 'accept = ["the CPU"]', "name"),
        ("{3,63}", "{3,62}", "form"),
        (r"(?P<driver>[\d.]+)", r"(?P<driver>\d+)", "paste"),
        ('"name": "folder"', '"name": "box"', "by-hand"),
    ],
)
def test_code_checks_answers_and_attributes_count(old: str, new: str, step_id: str) -> None:
    assert changed(old, new) == {step_id, "lesson"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("What will this print?", "What comes?"),
        ("## Run and predict", "## Predict and run"),
        ("Look at `device`.", "Look."),
        ("The opening message", "Hello"),
        ('question = "What does it print?"', 'question = "Well?"'),
        ('label = "Your token"', 'label = "The token"'),
        ('prompt = "What did', 'prompt = "What has'),
        ("- [ ] Make a folder", "- [ ] Make one folder"),
        ('why = "It is in the data sheet."', 'why = "So it is."'),
        ("title: Every role", "title: All roles"),
    ],
)
def test_prose_does_not_count(old: str, new: str) -> None:
    assert changed(old, new) == set()


def test_order_of_steps_counts_for_the_lesson_only() -> None:
    one, two = step("", step_id="one"), step("", step_id="two")
    first, second = lesson_of(one, two), lesson_of(two, one)
    assert first.steps[0].hash == second.steps[1].hash
    assert first.hash != second.hash


def test_newlines_do_not_count() -> None:
    assert hashes(EN) == hashes(EN.replace("\n", "\r\n"))


def test_translation_has_the_hashes_of_the_original(tmp_path: Path) -> None:
    folder = write_lesson(tmp_path, "some", FRONT + step("```python run\n1\n```\n"))
    write_lesson(tmp_path, "some", FRONT + step("```python run\n2\n```\n") + step("", step_id="own"), "zh")
    english, chinese = (parse_lesson(folder / name).lesson for name in ("en.md", "zh.md"))
    assert english is not None
    assert chinese is not None
    assert chinese.steps[0].hash == english.steps[0].hash
    assert chinese.steps[1].hash
    (folder / "en.md").write_text("broken")
    alone = parse_lesson(folder / "zh.md").lesson
    assert alone is not None
    assert alone.steps[0].hash != english.steps[0].hash
