"""The bell at the end of a long run."""

from __future__ import annotations

import pytest
from textual.events import AppBlur, AppFocus

from tests.ui.helpers import Learner, learner
from tutor.ui import long_run
from tutor.ui.long_run import LONG, LongRun


def test_a_long_run_ends_once() -> None:
    run = LongRun()
    assert not run.ended(0.0, running=False)
    assert not run.ended(5.0, running=True)
    assert not run.ended(6.0 + LONG, running=True)
    assert run.ended(7.0 + LONG, running=False)
    assert not run.ended(8.0 + LONG, running=False)


def test_a_short_run_is_no_long_one() -> None:
    run = LongRun()
    assert not run.ended(5.0, running=True)
    assert not run.ended(4.0 + LONG, running=False)


async def run_to_its_end(me: Learner) -> None:
    await me.command("wait")
    await me.until(lambda: me.card.running)


@pytest.mark.parametrize(("is_away", "long", "rings"), [(True, 0.0, 1), (False, 0.0, 0), (True, 600.0, 0)])
async def test_the_bell_rings_once_for_whoever_is_away(
    monkeypatch: pytest.MonkeyPatch, *, is_away: bool, long: float, rings: int
) -> None:
    monkeypatch.setattr(long_run, "LONG", long)
    async with learner() as me:
        rung: list[int] = []
        monkeypatch.setattr(me.app, "bell", lambda: rung.append(1))
        await run_to_its_end(me)
        me.app.post_message(AppBlur() if is_away else AppFocus())
        await me.until(lambda: me.app.app_focus is not is_away)
        me.session.gate.set()
        await me.until(lambda: not me.card.running)
        assert len(rung) == rings
