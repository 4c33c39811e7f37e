"""Home on the screen: by keyboard only, by mouse only, in both languages and small."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, at, learner
from tutor.session import commands as ask
from tutor.ui.home import Item, Kind
from tutor.ui.screens.home import HomeScreen
from tutor.ui.widgets.face import CodeFace
from tutor.ui.widgets.step_card import StepCard


def home_of(me: Learner) -> HomeScreen:
    screen = me.app.screen
    assert isinstance(screen, HomeScreen)
    return screen


async def go_home(me: Learner, key: str = "l") -> HomeScreen:
    await me.press(key)
    await me.until(lambda: isinstance(me.app.screen, HomeScreen) and home_of(me).list.rows, "home")
    return home_of(me)


def item_of(home: HomeScreen) -> Item:
    assert home.list.item is not None
    return home.list.item


def chips_of(home: HomeScreen) -> dict[str, str]:
    return {chip.key: chip.label for chip in home.row.chips}


async def click_row(me: Learner, home: HomeScreen, title: str) -> None:
    index = next(i for i, item in enumerate(home.list.rows) if title in item.title and item.is_chosen)
    await me.pilot.click(home.list, offset=(8, index - home.list.scroll_offset.y))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_enter_goes_on_where_the_learner_stopped(language: str) -> None:
    async with learner(FakeHost(language)) as me:
        home = await go_home(me)
        assert item_of(home).kind is Kind.GO_ON
        assert home.row.chips[0].suggested
        await me.press("enter")
        await me.until_at("brackets")


async def test_going_on_with_the_step_in_front_of_the_learner_tells_nothing_twice() -> None:
    async with learner(at("brackets")) as me:
        said = me.said
        await go_home(me)
        await me.press("enter")
        await me.until(lambda: me.app.screen is me.screen)
        assert not any(isinstance(sent, ask.Goto) for sent in me.session.sent)
        assert me.said == said


@pytest.mark.parametrize("key", ["l", "escape"])
async def test_back_to_the_step(key: str) -> None:
    async with learner() as me:
        await go_home(me)
        await me.press(key)
        await me.until(lambda: isinstance(me.focused, StepCard))


async def test_an_open_step_is_reached_by_enter_and_its_command_copied_by_a_key() -> None:
    async with learner(at("brackets")) as me:
        home = await go_home(me)
        while item_of(home).kind is not Kind.OPEN:
            await me.press("down")
        assert "c" in chips_of(home)
        await me.press("c")
        assert me.app.clipboard == "tutor run --open"
        await me.press("enter")
        await me.until_at("ask-pytorch")


async def test_a_group_of_open_steps_copies_what_closes_them() -> None:
    async with learner() as me:
        home = await go_home(me)
        while item_of(home).kind is not Kind.GROUP or "pip" not in item_of(home).copies:
            await me.press("down")
        assert home.row.chips[0].key == "c"
        await me.press("enter")
        assert me.app.clipboard == "/venv/bin/python -m pip install tensorflow"
        assert me.app.screen is home


async def test_searching_by_keyboard() -> None:
    async with learner() as me:
        home = await go_home(me)
        await me.press("slash")
        await me.type("ｍｅｍory")
        await me.until(lambda: len(home.list.rows) == 2)
        await me.press("enter")
        await me.until(lambda: me.card.lesson.id == "memory")


async def test_the_search_is_left_before_the_page() -> None:
    async with learner() as me:
        home = await go_home(me)
        lines = len(home.list.rows)
        await me.press("slash")
        await me.type("zzz")
        await me.until(lambda: len(home.list.rows) == 1)
        assert home.list.item is None
        await me.press("enter", "escape")
        await me.until(lambda: len(home.list.rows) == lines)
        assert me.app.screen is home
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)


async def test_search_is_a_typed_command() -> None:
    async with learner() as me:
        await me.command("/search memory")
        await me.until(lambda: isinstance(me.app.screen, HomeScreen) and len(home_of(me).list.rows) == 2)
        assert isinstance(me.focused, Input)


@pytest.mark.parametrize("line", ["/home", "/lessons", "/lesson"])
async def test_typed_ways_home(line: str) -> None:
    async with learner() as me:
        await me.command(line)
        await me.until(lambda: isinstance(me.app.screen, HomeScreen))


async def test_by_mouse_only() -> None:
    async with learner(size=(100, 40)) as me:
        status = me.screen.status
        await me.pilot.click(status, offset=(status.render().plain.index("l lessons") + 2, 0))
        await me.until(lambda: isinstance(me.app.screen, HomeScreen) and home_of(me).list.rows)
        home = home_of(me)
        await click_row(me, home, "Made elsewhere")
        assert me.app.clipboard == "tutor trust '/home/me/my lessons/made'"
        assert me.app.screen is home
        await click_row(me, home, "Out of memory")
        await me.until(lambda: me.card.lesson.id == "memory")


async def test_chips_can_be_clicked() -> None:
    async with learner() as me:
        home = await go_home(me)
        text = home.row.render().plain
        await me.pilot.click(home.row, offset=(text.index("search") + 1, 0))
        await me.until(lambda: isinstance(me.focused, Input))
        await me.pilot.click(home.row, offset=(text.index("back") + 1, 0))
        await me.pilot.click(home.row, offset=(text.index("back") + 1, 0))
        await me.until(lambda: me.app.screen is me.screen)


async def test_a_broken_lesson_says_why_and_closes_nothing() -> None:
    async with learner() as me:
        home = await go_home(me)
        while item_of(home).title != "Broken":
            await me.press("down")
        await me.until(lambda: "no id" in me.seen)
        await me.press("enter")
        assert me.app.screen is home
        assert not me.session.closed


async def test_language_and_help_work_from_home() -> None:
    async with learner() as me:
        await go_home(me)
        await me.press("f2")
        await me.until(lambda: me.screen.words.language == "zh")
        home = await go_home(me)
        assert home.list.rows[0].title == "接着学"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_size_shows_list_detail_and_keys(size: tuple[int, int], language: str) -> None:
    async with learner(FakeHost(language), size=size) as me:
        home = await go_home(me)
        await me.until(lambda: home.row.chips)
        assert home.row.region.bottom <= size[1]
        assert home.list.size.height >= 8
        for y in range(home.list.size.height):
            assert home.list.render_line(y).cell_length <= home.list.size.width


async def test_what_is_new_is_told_in_one_line_to_a_learner_who_comes_back() -> None:
    host = FakeHost()
    host.has_news = True
    async with learner(host) as me:
        await me.until_said("Since your last visit: new lessons: 1")
    async with learner() as me:
        assert "Since your last visit" not in me.said


async def test_the_end_of_a_lesson_looks_like_one() -> None:
    async with learner(at("ask-pytorch")) as me:
        await me.press("r")
        await me.until(lambda: "ask-pytorch" in me.host.states)
        await me.command("/goto bye")
        await me.until_at("bye")
        await me.press("escape")
        await me.until(lambda: isinstance(me.focused, StepCard))
        await me.press("n")
        await me.until_said("Passed: 1 of 11 steps.")
        assert "Open: 1, about 2 min. Needed: an NVIDIA GPU." in me.said
        assert "Not passed yet: 9." in me.said
        await me.until(lambda: me.lit == "n")
        assert me.chips[0].label == "next lesson"
        assert "home" in [chip.label for chip in me.chips]


async def test_the_last_step_can_be_done_once_more_after_the_end() -> None:
    host = FakeHost("en", ("check-device", "bye"))
    async with learner(host) as me:
        await me.press("n")
        await me.until(lambda: me.chips[0].label == "next lesson")
        assert not me.screen.query(CodeFace)
        await me.press("b")
        await me.until_at("noise")
        assert me.screen.query(CodeFace)
        assert me.lit == "r"


async def test_help_begins_with_the_keys_that_act_now() -> None:
    async with learner(at("brackets")) as me:
        await me.until(lambda: me.lit == "e")
        await me.press("question_mark")
        await me.until(lambda: "Keys that act now" in me.seen)
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)


async def test_the_report_says_where_it_is() -> None:
    async with learner() as me:
        await me.command("/report")
        await me.until_said("/tmp/tutor-report.txt")
