"""The end, the beginning and the status line of a sitting with something running elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.ui.fake.elsewhere import FREE, PAID
from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, at, learner
from tutor.i18n import Words
from tutor.runtime.base import RuntimeState
from tutor.ui.elsewhere import Lease, Stopped
from tutor.ui.leases import cost_so_far, lease_in_words, lease_parts, money
from tutor.ui.places import named_apart
from tutor.ui.screens.quit import QuitScreen

NOW = datetime(2026, 11, 29, 12, 0).astimezone()
RENTED = Lease("box", NOW - timedelta(hours=2, minutes=30), 0.53, "$")


def quit_screen(me: Learner) -> QuitScreen:
    screen = me.app.screen
    assert isinstance(screen, QuitScreen)
    return screen


async def ask_to_quit(me: Learner, key: str = "q") -> None:
    await me.press(key)
    await me.until(lambda: isinstance(me.app.screen, QuitScreen), "the question")


def lit(me: Learner) -> str:
    return next((chip.label for chip in quit_screen(me).row.chips if chip.suggested), "")


async def has_left(me: Learner) -> None:
    await me.until(lambda: me.app._exit, "the end")


async def test_where_money_runs_stopping_is_lit_and_what_came_of_it_is_said_before_leaving() -> None:
    host = FakeHost()
    host.left = (PAID, FREE)
    host.cannot_stop = frozenset({FREE.key})
    async with learner(host) as me:
        await ask_to_quit(me)
        await me.until(lambda: "$3.20 so far, idle" in me.seen)
        assert lit(me) == "stop it and quit"
        await me.press("enter")
        await me.until(lambda: "the kernel has ended" in me.seen)
        assert "did not answer. End the machine at its provider." in me.seen
        assert "could not be verified" in me.seen
        assert me.session.closed
        assert not me.app._exit
        await me.press("enter")
        await has_left(me)
    assert host.stopped == [PAID.key, FREE.key]


async def test_where_none_is_known_to_leaving_it_is_lit() -> None:
    host = FakeHost()
    host.left = (FREE,)
    async with learner(host) as me:
        await ask_to_quit(me)
        assert lit(me) == "leave it running and quit"
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)
        await ask_to_quit(me)
        await me.press("enter")
        await has_left(me)
    assert host.stopped == []


async def test_a_second_q_leaves_it_running() -> None:
    host = FakeHost()
    host.left = (PAID,)
    async with learner(host) as me:
        await ask_to_quit(me)
        await me.press("q")
        await has_left(me)
    assert host.stopped == []


async def test_nobody_waits_for_servers_that_are_silent() -> None:
    host = FakeHost()
    async with learner(host) as me:
        host.telling_left.clear()
        await ask_to_quit(me)
        await me.until(lambda: "Looking whether anything still runs elsewhere" in me.seen)
        await me.press("enter")
        await has_left(me)


async def test_when_nothing_runs_it_ends_as_soon_as_that_is_known() -> None:
    host = FakeHost()
    async with learner(host) as me:
        host.telling_left.clear()
        await ask_to_quit(me)
        host.telling_left.set()
        await has_left(me)


async def test_whatever_fails_in_asking_keeps_nobody_here() -> None:
    host = FakeHost()
    host.asking_fails = True
    async with learner(host) as me:
        await me.press("q")
        await has_left(me)


async def test_stopping_can_be_left_behind() -> None:
    host = FakeHost()
    host.left = (PAID,)
    async with learner(host) as me:
        await ask_to_quit(me)
        host.stopping.clear()
        await me.press("s")
        await me.until(lambda: "Stopping box" in me.seen and host.stopped)
        await me.press("enter")
        assert not me.app._exit
        await me.press("q")
        await has_left(me)


async def test_code_that_runs_here_is_spoken_of_as_well() -> None:
    host = at("endless")
    host.left = (FREE,)
    async with learner(host) as me:
        await me.press("r")
        await me.until(lambda: me.card.running)
        await ask_to_quit(me)
        await me.until(lambda: "is stopped in any case" in me.seen)


async def test_code_on_a_server_is_not_said_to_stop() -> None:
    host = at("endless")
    host.left, host.leased = (FREE,), Lease("lab", NOW)
    async with learner(host) as me:
        await me.press("r")
        await me.until(lambda: me.card.running)
        await ask_to_quit(me)
        await me.until(lambda: "one kernel, busy" in me.seen)
        assert "is stopped in any case" not in me.seen


async def test_what_an_earlier_sitting_left_is_told_once_at_the_beginning() -> None:
    host = FakeHost()
    host.left = (PAID, FREE)
    host.leased = Lease("lab", NOW)
    async with learner(host) as me:
        await me.until(lambda: "Still running from before: box. /runtime shows it." in me.seen.replace("\n", " "))


# -- what it costs


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (0.5, "$", "$0.50"),
        (3.8, "元", "3.80 元"),
        (2, "USD", "2.00 USD"),
        (1234.5, "€", "€1,234"),
        (1, "", "1.00"),
        (1, "US$", "US$1.00"),
    ],
)
def test_money_as_people_write_it(amount: float, currency: str, said: str) -> None:
    assert money(amount, currency) == said


def test_the_cost_grows_with_the_time_in_whatever_zone() -> None:
    assert cost_so_far(RENTED, NOW.astimezone(UTC)) == pytest.approx(2.5 * 0.53)
    assert cost_so_far(RENTED, NOW - timedelta(days=1)) == 0
    assert cost_so_far(Lease("lab", NOW), NOW) is None


def test_a_lease_says_since_when_and_for_how_much() -> None:
    assert lease_in_words(RENTED, NOW, Words("en")) == "since 09:30, $1.33 so far"
    assert lease_in_words(RENTED, NOW, Words("zh")) == "09:30 起，已花 $1.33"
    assert lease_in_words(Lease("lab", NOW), NOW, Words("en")) == "since 12:00, cost unknown"


def test_a_name_is_not_said_twice() -> None:
    assert named_apart(Stopped("box", is_gone=True, told="box: the kernel is gone")) == ""
    assert named_apart(Stopped("box", is_gone=True, told="the kernel has ended")) == "box"


def test_a_server_that_is_starting_says_so() -> None:
    assert lease_parts(RENTED, RuntimeState.STARTING, "", NOW, Words("en"))[0] == "box: is starting"


async def test_the_status_line_tells_the_lease_and_this_computer_has_none() -> None:
    host = FakeHost()
    async with learner(host, (120, 30)) as me:
        assert me.screen.status.left.startswith("here (CPU, 2 cores) · step 1/")
        host.leased = Lease("box", datetime.now().astimezone() - timedelta(hours=2), 0.5, "$")
        await me.command("/runtime box")
        await me.until(lambda: me.screen.status.left.startswith("box (NVIDIA T4, 16 GB) · since "))
        assert "$1.00 so far" in me.screen.status.left
        host.leased = Lease("box", datetime.now().astimezone() - timedelta(hours=4), 0.5, "$")
        minute = next(timer for timer in me.screen._timers if timer.name == "lease")
        await minute._tick(next_timer=0, count=1)
        await me.until(lambda: "$2.00 so far" in me.screen.status.left)
