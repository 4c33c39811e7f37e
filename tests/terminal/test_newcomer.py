"""Someone who has just installed it: an empty home, no network, no GPU, and nobody to ask."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.commands.support import tutor
from tests.support.terminal import Person
from tests.terminal.test_first_start import QUESTIONS, surroundings

__all__ = ["surroundings"]

pytestmark = [pytest.mark.terminal, pytest.mark.kernel]

CTRL_Q, CTRL_R, ENTER = "\x11", "\x12", "\r"
BUDGET = 10
"""Presses of a key that are not typing, from the start to the pass of the step in which one number is changed."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the screen says on the way, in one language."""

    questions: tuple[str, ...]
    trained: str
    prediction: str
    predicted: str
    still_as_bad: str
    change: str
    edit: str
    mended: str
    look: str
    seen: str
    last: str
    done: str
    next_lesson: str


SIGNS = {
    "en": Signs(
        questions=QUESTIONS["C.UTF-8"][:3],
        trained="✓ The network answers for every point",
        prediction="3  It falls back to a half",
        predicted="› It stays at about three in four",
        still_as_bad="✓ More time was not enough",
        change="Change one number  Step 3 of 5",
        edit="back to the step",
        mended="✓ At least 90% of the points are right",
        look="See what it learned  Step 4 of 5",
        seen="✓ The picture has an inside and an outside",
        last="What comes next  Step 5 of 5",
        done="All 5 steps passed",
        next_lesson="Which Python is this?  Step 1 of 10",
    ),
    "zh": Signs(
        questions=QUESTIONS["zh_CN.UTF-8"][:3],
        trained="✓ 每个点，网络都给出了回答",
        prediction="3  退回到一半",
        predicted="› 差不多还是四个里对三个",
        still_as_bad="✓ 多练一会儿",
        change="改一个数字  第 3 步，共 5 步",
        edit="回到步骤",
        mended="✓ 至少 90%",
        look="看看它学会了什么  第 4 步，共 5 步",
        seen="✓ 图里有圆内的点，也有圆外的点",
        last="接下来  第 5 步，共 5 步",
        done="5 个步骤全部通过",
        next_lesson="这是哪个 Python？  第 1 步，共 10 步",
    ),
}


class Newcomer:
    """Counts the keys that are pressed; what is typed is not counted."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.presses = 0

    def press(self, key: str, then: str) -> None:
        self.presses += 1
        self.person.presses(key)
        self.person.sees(then)

    def run(self, key: str, then: str) -> None:
        self.presses += 1
        self.person.presses(key)
        self.person.sees_done(then)

    def type(self, text: str, then: str) -> None:
        self.person.presses(text)
        self.person.sees(then)


def goes_from_the_welcome_to_the_changed_number(newcomer: Newcomer, signs: Signs, keys: dict[str, str]) -> None:
    """At each place the key that is lit there, or the one that is named for it."""
    language, python, start = signs.questions
    newcomer.person.sees(language)
    newcomer.press(ENTER, python)
    newcomer.press(ENTER, start)
    newcomer.press(ENTER, "import torch")
    newcomer.run(keys["run"], signs.trained)
    newcomer.press(keys["next"], signs.prediction)
    newcomer.type("2", "› 2")
    newcomer.press(ENTER, signs.predicted)
    newcomer.run(keys["run"], signs.still_as_bad)
    newcomer.press(keys["next"], signs.change)
    newcomer.press(keys["edit"], signs.edit)
    newcomer.type("16", "hidden = 16")
    newcomer.run(CTRL_R, signs.mended)


def goes_on_to_the_next_lesson(newcomer: Newcomer, signs: Signs) -> None:
    newcomer.press("n", signs.look)
    newcomer.run("r", signs.seen)
    newcomer.press("n", signs.last)
    newcomer.press("n", signs.done)
    newcomer.press("n", signs.next_lesson)


@pytest.mark.parametrize(
    ("language", "columns", "rows", "keys"),
    [
        ("en", 80, 24, {"run": "r", "next": "n", "edit": "e"}),
        ("zh", 120, 40, {"run": ENTER, "next": ENTER, "edit": ENTER}),
    ],
    ids=["english-80x24-named-keys", "chinese-120x40-lit-key"],
)
def test_ten_key_presses_lead_from_an_empty_home_to_the_pass_and_some_more_to_the_next_lesson(
    surroundings: dict[str, Any], language: str, columns: int, rows: int, keys: dict[str, str]
) -> None:
    locale = {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language]
    signs = SIGNS[language]
    with Person(columns=columns, rows=rows, LANG=locale, **surroundings) as person:
        newcomer = Newcomer(person)
        goes_from_the_welcome_to_the_changed_number(newcomer, signs, keys)
        assert newcomer.presses <= BUDGET
        goes_on_to_the_next_lesson(newcomer, signs)
        person.presses(CTRL_Q)
        assert person.leaves() == 0
    first, second, *_ = json.loads(tutor("list", "--json").out)
    assert (first["id"], first["passed"], first["state"]) == ("start-here", 5, "passed")
    assert (second["id"], second["passed"]) == ("check-device", 0)
