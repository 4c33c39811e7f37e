"""The menu of commands behind `/`."""

from __future__ import annotations

import pytest
from textual import events

from tests.ui.helpers import Learner, at, learner
from tutor.session import commands as ask
from tutor.ui.host import LessonRow
from tutor.ui.offers import Offer
from tutor.ui.suggesting import Suggestion, is_whole, lessons_for, suggestions
from tutor.ui.widgets.command_menu import MOST_LINES, CommandMenu
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.step_card import StepCard
from tutor.ui.wishes import Wish

OFFERS = [
    Offer("hint", Wish.HELP),
    Offer("Theme: light", Wish.THEME, "light"),
    Offer("a step", place=("lesson", "first")),
    Offer("提示", Wish.COPY),
]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("/", ["/help", "/theme light", "/goto first", "/copy"]),
        ("/he", ["/help"]),
        ("/theme l", ["/theme light"]),
        ("/LIGHT", ["/theme light"]),
        ("/hin", ["/help"]),
        ("／提示", ["/copy"]),
        ("/nothing", []),
    ],
)
def test_what_matches_a_line(line: str, found: list[str]) -> None:
    assert [suggestion.typed for suggestion in suggestions(line, OFFERS)] == found


def test_a_suggestion_says_what_it_does() -> None:
    assert suggestions("/th", OFFERS) == (Suggestion("/theme light", "Theme: light"),)


def test_lessons_are_looked_at_only_where_one_is_asked_for() -> None:
    rows = [LessonRow("memory", "Memory", 5, 3), LessonRow("other", "Other", 5, 3)]
    assert lessons_for("/l", rows) == []
    assert [row.id for row in lessons_for("/lesson m", rows)] == ["memory"]
    assert lessons_for("/lesson", rows) == rows


@pytest.mark.parametrize(("line", "whole"), [("/hint", True), ("/hin", False), ("/goto", False), ("/goto x", True)])
def test_what_is_whole_is_sent_as_it_stands(line: str, *, whole: bool) -> None:
    assert is_whole(line) is whole


def typed(me: Learner) -> str:
    return me.screen.query_one(Prompt).text


def menu(me: Learner) -> CommandMenu | None:
    return next((each for each in me.screen.query(CommandMenu) if each.display), None)


async def opened(me: Learner, letters: str = "") -> CommandMenu:
    await me.press("slash")
    await me.until(lambda: menu(me) is not None)
    await me.type(letters)
    found = menu(me)
    assert found is not None
    return found


async def test_commands_are_shown_with_what_they_do_and_nothing_moves() -> None:
    async with learner(size=(80, 24)) as me:
        transcript = me.screen.transcript
        before = (transcript.region, transcript.scroll_y)
        found = await opened(me)
        await me.until(lambda: found.region.height == MOST_LINES)
        assert found.region.bottom == me.screen.row.region.y
        assert (transcript.region, transcript.scroll_y) == before
        await me.type("hel")
        await me.until(lambda: found.region.height == 1 and "/help  help" in me.seen)
        assert found.region.bottom == me.screen.row.region.y
        assert [chip.label for chip in me.chips] == ["complete", "close"]


async def test_tab_and_enter_complete_and_the_next_enter_sends() -> None:
    async with learner(at("brackets")) as me:
        await opened(me, "hi")
        await me.press("enter")
        await me.until(lambda: typed(me) == "/hint" and me.chips[0].label == "send")
        assert ask.Hint() not in me.session.sent
        await me.press("enter")
        await me.until(lambda: ask.Hint() in me.session.sent)
        assert menu(me) is None
        await opened(me, "sk")
        await me.press("tab")
        await me.until(lambda: typed(me) == "/skip")


async def test_up_and_down_choose_also_what_is_out_of_sight() -> None:
    async with learner(at("brackets")) as me:
        await opened(me, "goto ")
        await me.press("up")
        await me.until(lambda: "/goto bye" in me.seen)
        await me.press("down", "down")
        await me.press("enter")
        await me.until(lambda: typed(me) == "/goto brackets")


async def test_esc_closes_the_menu_first_and_it_stays_closed_for_this_command() -> None:
    async with learner(at("brackets")) as me:
        await opened(me, "h")
        await me.press("escape")
        await me.until(lambda: menu(me) is None)
        await me.type("i")
        assert (typed(me), menu(me), isinstance(me.focused, Prompt)) == ("/hi", None, True)
        await me.press("escape")
        await me.until(lambda: isinstance(me.focused, StepCard))


async def test_a_click_completes() -> None:
    async with learner(at("brackets")) as me:
        found = await opened(me, "hi")
        await me.until(lambda: "/hint" in me.seen)
        await me.pilot.click(found, offset=(4, 0))
        await me.until(lambda: typed(me) == "/hint" and isinstance(me.focused, Prompt))
        await me.click_chip("close")
        await me.until(lambda: menu(me) is None)


async def test_a_command_sent_in_one_read_is_sent_as_it_stands() -> None:
    async with learner(at("brackets")) as me:
        for key in ("slash", *"hint", "enter"):
            me.app.post_message(events.Key(key, "/" if key == "slash" else key if len(key) == 1 else None))
        await me.until(lambda: ask.Hint() in me.session.sent)


async def test_an_old_command_opens_no_menu_so_that_up_goes_on() -> None:
    async with learner(at("brackets")) as me:
        me.host.typed = []
        await me.command("1 + 1")
        await me.until_said("ran 1 + 1")
        await me.command("/hint")
        await me.until(lambda: isinstance(me.focused, StepCard))
        await me.press("t", "up")
        await me.until(lambda: typed(me) == "/hint")
        assert menu(me) is None
        await me.press("up")
        await me.until(lambda: typed(me) == "1 + 1")


async def test_after_a_slip_the_learner_goes_on_typing() -> None:
    async with learner() as me:
        await me.command("/hnit")
        await me.until_said("/hint")
        assert me.screen.prompt_bar.has_focus_within
