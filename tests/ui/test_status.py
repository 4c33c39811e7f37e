"""The line at the bottom: what it says of the device, practice that cannot be overlooked, and what goes where there is little room."""

from __future__ import annotations

import pytest

from tests.ui.helpers import learner
from tutor.i18n import Words
from tutor.runtime.base import RuntimeInfo
from tutor.ui.device import device_words
from tutor.ui.entries import verdict_blocks
from tutor.ui.widgets.status_line import StatusLine

CARD = {"kind": "nvidia", "name": "NVIDIA H200", "memory_gib": 139.8}


@pytest.mark.parametrize(
    ("facts", "english", "chinese"),
    [
        ({"cpus": 2}, "CPU, 2 cores", "CPU，2 核"),
        ({"cpus": 1}, "CPU, 1 core", "CPU，1 核"),
        ({"cpus": 8, "accelerators": [CARD]}, "NVIDIA H200, 140 GiB", "NVIDIA H200，140 GiB"),
        ({"cpus": 8, "accelerators": [CARD, CARD]}, "2 × NVIDIA H200, 140 GiB", "2 × NVIDIA H200，140 GiB"),
        ({"accelerators": [{"name": "AMD\x1b[31m GPU", "memory_gib": 0}]}, "AMD GPU", "AMD GPU"),
        ({}, "told otherwise", "told otherwise"),
    ],
)
def test_the_device_is_told_in_the_learner_s_language(facts: dict[str, object], english: str, chinese: str) -> None:
    info = RuntimeInfo("local", device="told otherwise", facts=facts)
    assert device_words(info, Words("en")) == english
    assert device_words(info, Words("zh")) == chinese


async def said(width: int, parts: tuple[str, ...], sign: str = "") -> str:
    """The line on a screen of that width."""
    async with learner(size=(width, 24)) as me:
        line = me.screen.query_one(StatusLine)
        line.show(parts, "ready", me.screen.status_right(), sign=sign)
        await me.pilot.pause()
        return line.render().plain


PARTS = ("here (CPU, 2 cores)", "step 1/10", "13 min left", "Python 3.11.7")


@pytest.mark.parametrize("width", [60, 80, 100, 200])
async def test_parts_go_as_a_whole_and_the_first_two_never(width: int) -> None:
    line = await said(width, PARTS)
    left = line.split("  ")[0]
    assert left.removeprefix("● ") in {" · ".join(PARTS[:count]) for count in (2, 3, 4)}
    assert "? help" in line
    assert len(line.rstrip()) <= width


async def test_practice_stands_before_everything() -> None:
    line = await said(60, PARTS, "practice")
    assert line.startswith(" practice  ● here (CPU, 2 cores) · step 1/10")


async def test_what_has_no_room_at_all_is_cut_with_a_sign() -> None:
    line = await said(40, ("a runtime with a very long name of its own indeed", "step 1/10"))
    assert line.endswith("…")


async def test_what_stands_at_the_right_can_be_clicked_where_it_stands() -> None:
    async with learner(size=(60, 24)) as me:
        line = me.screen.query_one(StatusLine)
        column = line.render().plain.index("? help")
        await me.pilot.click(line, offset=(column + 2, 0))
        await me.until(lambda: len(me.app.screen_stack) > 1, "the page of help")


def test_a_verdict_of_a_rehearsal_cannot_be_taken_for_the_real_one() -> None:
    data = {"verdict": "passed", "practice": True, "lines": []}
    (summary,) = verdict_blocks(data, Words("en"))
    assert [role for _, role in summary.spans] == ["practice_sign", "", "practice strong"]
    assert summary.role == "practice"
    assert summary.plain == " practice  Passed in practice."
