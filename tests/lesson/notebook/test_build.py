from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.lesson.build import lesson_of, step
from tutor.i18n import Words
from tutor.lesson.model import Lesson
from tutor.lesson.notebook.build import Wishes, is_github_address, notebook
from tutor.lesson.notebook.choice import Part, is_judged, kit_modules
from tutor.lesson.parse import parse_lesson

EVERY_ROLE = Path(__file__).parents[1] / "fixtures" / "every-role"
URL = "https://github.com/me/work/blob/main/lessons/every-role.ipynb"
RUN = "```python run\nx = 1\n```\n"


def every_role(language: str = "en") -> Lesson:
    lesson = parse_lesson(EVERY_ROLE / f"{language}.md").lesson
    assert lesson is not None
    return lesson


def made(lesson: Lesson, wishes: Wishes | None = None, *, bundle: bytes | None = b"a bundle", **part: Any) -> Any:
    whole = Part(lesson, **{"steps": lesson.steps, **part})
    text = notebook([whole], bundle, Words(str(lesson.language)), wishes or Wishes(), lambda *_: None)
    found = nbformat.reads(text, as_version=4)
    nbformat.validate(found)
    assert json.loads(text)["nbformat_minor"] == 5
    return found


def words_of(found: Any) -> str:
    return "\n".join(cell.source for cell in found.cells)


def codes(found: Any) -> list[str]:
    return [cell.source for cell in found.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("solutions", [False, True])
def test_every_kind_of_step_makes_a_valid_notebook_with_ids_that_stay(language: str, solutions: bool) -> None:
    first, second = (made(every_role(language), Wishes(solutions=solutions)) for _ in range(2))
    assert first == second
    ids = [cell.id for cell in first.cells]
    assert len(ids) == len(set(ids))


def test_what_is_not_run_here_stands_there_as_text_and_only_code_is_judged() -> None:
    lesson = every_role()
    judged = {each.id for each in lesson.steps if is_judged(lesson, each)}
    assert judged == {"error", "bash", "mend"}, "not on=local, not a form's value, nothing with an answer"
    found = made(lesson)
    text = words_of(found)
    assert [code.splitlines()[:2] for code in codes(found) if "# tutor:" in code] == [
        ["# tutor: every-role#error (keep this line)", "1 / 0"],
        ["%%bash", "# tutor: every-role#bash (keep this line)"],
        ["# tutor: every-role#mend (keep this line)", "print(torch.cuda.is_available)"],
    ]
    for piece in (
        "What does it print?",
        "1. cpu",
        "Name of your bucket",
        "What did nvidia-smi say?",
        "- [ ] Make a folder",
    ):
        assert piece in text
    assert "print(torch.ones(1).device" in text, "code that is not run can be read"


def test_answers_are_given_away_only_with_solutions() -> None:
    secrets = (
        "Nothing moved it.",
        "With an NVIDIA GPU.",
        "It is in the data sheet.",
        "16 GB",
        "print(torch.cuda.is_available())",
    )
    hidden, shown = made(every_role()), made(every_role(), Wishes(solutions=True))
    assert [piece for piece in secrets if piece in words_of(hidden)] == []
    assert [piece for piece in secrets if piece not in words_of(shown)] == []


def test_code_may_raise_without_stopping_the_others_and_our_own_is_folded_away() -> None:
    found = made(every_role())
    for cell in found.cells:
        if cell.cell_type == "code" and "# tutor:" in cell.source:
            assert cell.metadata.tags == ["raises-exception"]
        elif cell.cell_type == "code":
            assert cell.metadata == {"cellView": "form", "jupyter": {"source_hidden": True}}
            assert cell.source.startswith("#@title ")


def test_hints_are_folded_away_and_what_follows_a_starter_waits() -> None:
    fix = "```python starter\nx = 0\n```\n```python solution\nx = 1\n```\n```md hint\nThink.\n```\nIt was one."
    text = words_of(made(lesson_of(step(fix))))
    assert "<details><summary>Hint 1</summary>\n\nThink.\n\n</details>" in text
    assert "<details><summary>When it has passed</summary>\n\nIt was one.\n\n</details>" in text
    assert "\n\nRead on." in words_of(made(every_role())), "of given code nothing is given away"


def test_without_anything_to_judge_there_is_no_set_up_and_no_receipt() -> None:
    lesson = lesson_of(step('```toml quiz\nquestion = "Why?"\nanswer = "so"\n```'))
    found = made(lesson, bundle=None)
    assert codes(found) == []
    assert "TUTOR1" not in words_of(found)


def test_the_badge_opens_the_address_in_colab() -> None:
    assert "(https://colab.research.google.com/github/me/work/blob/main/lessons/every-role.ipynb)" in words_of(
        made(every_role(), Wishes(url=URL))
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://github.com/me/work/blob/main/a.ipynb",
        "https://github.com/me/work/raw/main/a.ipynb",
        "https://github.com/me/work/blob/main/a.py",
        "https://example.org/me/work/blob/main/a.ipynb",
        "https://github.com/me/work/blob/main/a) [x](y.ipynb",
    ],
)
def test_other_addresses_make_no_badge(url: str) -> None:
    assert is_github_address(URL)
    assert not is_github_address(url)


def test_pictures_of_the_lesson_travel_in_the_notebook() -> None:
    lesson = lesson_of(step(f"![a chart](assets/a.png) ![none](assets/b.png)\n\n{RUN}"))
    asked: list[str] = []

    def read(_: str, name: str) -> bytes | None:
        asked.append(name)
        return b"picture" if name == "assets/a.png" else None

    text = notebook([Part(lesson, lesson.steps)], b"", Words("en"), Wishes(), read)
    assert "![a chart](data:image/png;base64,cGljdHVyZQ==) ![none](assets/b.png)" in text
    assert asked == ["assets/a.png", "assets/b.png"]


def test_open_steps_come_with_what_they_need_in_the_order_of_the_lesson() -> None:
    lesson = lesson_of(*(step(f"```python run\n{name} = 1\n```\n", step_id=name) for name in "abcd"))
    b, d = lesson.steps[1], lesson.steps[3]
    found = made(
        lesson,
        Wishes(is_of_open_steps=True),
        steps=(b, d),
        is_whole=False,
        earlier_code={"a": "a = 'mine'", "c": "c = 3"},
        own_code={"d": "d = 'my own'"},
    )
    assert [code for code in codes(found) if code.startswith("# tutor:")] == [
        "# tutor: some-lesson#a replay (keep this line)\na = 'mine'",
        "# tutor: some-lesson#b (keep this line)\nb = 1",
        "# tutor: some-lesson#c replay (keep this line)\nc = 3",
        "# tutor: some-lesson#d (keep this line)\nd = 'my own'",
    ]


def test_a_gpu_is_asked_for_where_a_check_wants_one() -> None:
    wants = '```python run\nx = 1\n```\n```python check needs="cuda"\nassert x\n```\n'
    assert made(lesson_of(step(wants))).metadata.accelerator == "GPU"
    assert "accelerator" not in made(lesson_of(step(RUN))).metadata


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("import torch", ()),
        ("from tutor.kit.live import Progress", ("tutor.kit.live",)),
        ("from tutor.kit import devices", ("tutor.kit.devices",)),
        ("%matplotlib inline\nimport tutor.kit.train as t", ("tutor.kit.train",)),
        ("import torchvision", ("tutor.kit.torchvision_schemas",)),
        ("%%writefile train.py\nfrom tutor.kit.checkpoint import Checkpoints", ("tutor.kit.checkpoint",)),
    ],
)
def test_of_the_kit_only_what_the_code_imports_travels(code: str, modules: tuple[str, ...]) -> None:
    lesson = lesson_of(step(f"```python run\n{code}\n```\n"))
    assert kit_modules([Part(lesson, lesson.steps)]) == modules
