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


def working(host: FakeHost, *turns: tuple[str, str]) -> Callable[[Pilot[Any]], Any]:
    """At the first card take turns: press the key (if any), wait until that is said."""

    async def work(pilot: Pilot[Any]) -> None:
        me = Learner(pilot, host)
        await me.until(lambda: me.screen.conductor is not None and me.screen.conductor.stage.card, "the first card")
        await me.until(lambda: me.screen.query("#prompt") and "tutor.ui.highlighter" in sys.modules, "the furniture")
        for key, said in turns:
            await me.press(*([key] if key else []))
            await me.until_said(said)
            await me.until(lambda: not me.card.running)
        await me.until(lambda: me.screen.transcript.at_end)

    return work


def test_a_step_to_run(snap_compare: Compare) -> None:
    host = at("brackets")
    assert snap_compare(TutorApp(host), terminal_size=(80, 24), run_before=working(host, ("", "mend it")))


def test_a_miss_with_lessons_beside_it(snap_compare: Compare) -> None:
    host = at("brackets")
    run = working(host, ("r", "Not yet."), ("h", "Print on_gpu itself"))
    assert snap_compare(TutorApp(host), terminal_size=(120, 40), run_before=run)


def test_what_could_not_be_checked(snap_compare: Compare) -> None:
    host = FakeHost()
    run = working(host, ("r", "Right as far as this computer can tell"))
    assert snap_compare(TutorApp(host), terminal_size=(80, 24), run_before=run)


def test_a_question_in_chinese(snap_compare: Compare) -> None:
    host = at("slow", "zh")
    assert snap_compare(TutorApp(host), terminal_size=(120, 40), run_before=working(host, ("", "不需要 GPU")))
