"""A few pictures of the screen. To take them again: `pytest tests/ui/test_snapshots.py --snapshot-update`, then look at each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, at
from tutor.ui.app import TutorApp

pytestmark = pytest.mark.skipif(
    sys.version_info[:2] != (3, 11),
    reason="the pictures are taken with one Python: others wrap and name things differently",
)

Compare = Callable[..., bool]


def working(host: FakeHost, *keys: str, until: str) -> Callable[[Pilot[Any]], Any]:
    """Press the keys at the first card, then wait until that is said."""

    async def work(pilot: Pilot[Any]) -> None:
        me = Learner(pilot, host)
        await me.until(lambda: me.screen.conductor is not None and me.screen.conductor.stage.card, "the first card")
        await me.until(lambda: me.screen.query("#prompt") and "tutor.ui.highlighter" in sys.modules, "the furniture")
        await me.press(*keys)
        await me.until_said(until)

    return work


def test_a_step_to_run(snap_compare: Compare) -> None:
    host = at("brackets")
    assert snap_compare(TutorApp(host), terminal_size=(80, 24), run_before=working(host, until="mend it"))


def test_a_miss_with_lessons_beside_it(snap_compare: Compare) -> None:
    host = at("brackets")
    run = working(host, "r", "h", until="Print on_gpu itself")
    assert snap_compare(TutorApp(host), terminal_size=(120, 40), run_before=run)


def test_what_could_not_be_checked(snap_compare: Compare) -> None:
    host = FakeHost()
    run = working(host, "r", until="Could not be checked here.")
    assert snap_compare(TutorApp(host), terminal_size=(80, 24), run_before=run)


def test_a_question_in_chinese(snap_compare: Compare) -> None:
    host = at("slow", "zh")
    assert snap_compare(TutorApp(host), terminal_size=(120, 40), run_before=working(host, until="不需要 GPU"))
