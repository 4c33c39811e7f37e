"""All open steps together, from the home page."""

from __future__ import annotations

from tests.ui.fake.elsewhere import BOX
from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, learner
from tutor.errors import ServerError
from tutor.i18n import Words
from tutor.progress.model import Verdict
from tutor.ui.elsewhere import ClosedStep
from tutor.ui.open_steps import ended_in_words, told
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.open_steps import OpenStepsScreen
from tutor.ui.screens.places import PlacesScreen

EN = Words("en")


async def choose_the_place(me: Learner) -> None:
    await me.press("l")
    await me.until(lambda: isinstance(me.app.screen, HomeScreen) and me.app.screen.list.rows, "home")
    await me.press("o")
    await me.until(lambda: isinstance(me.app.screen, PlacesScreen) and len(me.app.screen.menu.items) > 1, "the places")
    await me.press("3")
    await me.press("enter")
    await me.until(lambda: isinstance(me.app.screen, OpenStepsScreen), "the open steps")


async def test_they_run_where_the_learner_wants_and_say_what_was_closed() -> None:
    host = FakeHost()
    host.next_step.clear()
    async with learner(host) as me:
        await choose_the_place(me)
        await me.until(lambda: "Is my code on the GPU? › Ask PyTorch  runs …" in me.seen)
        assert "0 of 3" in me.seen
        await me.press("enter")
        host.next_step.set()
        await me.until(lambda: "Closed: 1. Still open: 2." in me.seen)
        assert "expected cuda:0, seen cpu" in me.seen
        assert "TensorFlow is not there." in me.seen
        await me.press("enter")
        await me.until(lambda: isinstance(me.app.screen, HomeScreen))
    assert (host.closing, host.switched) == ([BOX.runtime], [])


async def test_esc_stops_them_and_says_how_far_they_came() -> None:
    host = FakeHost()
    async with learner(host) as me:
        host.next_step.clear()
        await choose_the_place(me)
        await me.until(lambda: "runs …" in me.seen)
        await me.press("escape")
        await me.until(lambda: host.closing_ended and "back to the home page" in me.seen)
        await me.press("escape")
        await me.until(lambda: isinstance(me.app.screen, HomeScreen))


async def test_a_place_that_cannot_be_used_says_so() -> None:
    host = FakeHost()
    host.no_way = ServerError("No answer.", "Open the tunnel.")
    async with learner(host) as me:
        await choose_the_place(me)
        await me.until(lambda: "No answer. Open the tunnel." in me.seen)


def test_a_step_has_one_line_from_its_beginning_to_its_verdict() -> None:
    begun = ClosedStep("A", "one", None, total=2)
    ended = ClosedStep("A", "one", Verdict.PASSED, done=1, total=2)
    assert told(told([], begun), ended) == [ended]
    assert told([ended], begun) == [ended, begun]


def test_the_end_counts_what_was_never_reached() -> None:
    ended = ClosedStep("A", "one", Verdict.PASSED, done=1, total=3)
    assert ended_in_words([ended], EN, stopped=True) == "Stopped. Closed: 1. Not reached or still open: 2."
    assert ended_in_words([ClosedStep("A", "one", Verdict.PASSED, done=1, total=1)], EN, stopped=False).startswith(
        "All"
    )
    assert "nothing" in ended_in_words([], EN, stopped=False)
