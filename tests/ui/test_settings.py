"""The page of settings, with the keyboard only and with the mouse only, in both languages."""

from __future__ import annotations

from functools import partial

import pytest

from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, learner
from tutor.errors import ConfigError
from tutor.ui.host import PythonChoice
from tutor.ui.screens.quit import QuitScreen
from tutor.ui.screens.settings import SettingsScreen
from tutor.ui.theme import worn
from tutor.ui.widgets.action_row import ActionRow
from tutor.ui.widgets.menu import Menu

PROJECT = PythonChoice("local:/home/me/project", "~/project", "3.12.4", "2.9.1", "/p -m pip install ipykernel")


def page_of(me: Learner) -> SettingsScreen:
    screen = me.app.screen
    assert isinstance(screen, SettingsScreen)
    return screen


async def open_settings(me: Learner) -> None:
    await me.press("comma")
    await me.until(lambda: isinstance(me.app.screen, SettingsScreen) and page_of(me).menu.items, "the settings")


def chosen(me: Learner) -> str:
    menu = page_of(me).menu
    return menu.items[menu.cursor].value


def values(me: Learner) -> dict[str, str]:
    return {item.value: item.note for item in page_of(me).menu.items}


def flat(me: Learner) -> str:
    return me.seen.replace(" ", "")


def shows(me: Learner, label: str) -> bool:
    return label.replace(" ", "") in flat(me)


def has(me: Learner, value: str) -> bool:
    return value in [item.value for item in page_of(me).menu.items]


async def choose(me: Learner, setting: str, value: str) -> None:
    """With the arrow keys and enter."""
    for wanted in (setting, value):
        await me.until(partial(has, me, wanted))
        while chosen(me) != wanted:
            await me.press("down")
        await me.press("enter")


async def test_keyboard_only_the_language_changes_at_once_and_the_page_with_it() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await open_settings(me)
        assert values(me)["language"] == "English"
        assert "What the lessons and the screen speak" in me.seen
        await choose(me, "language", "zh")
        await me.until(lambda: "设置" in flat(me) and values(me).get("language") == "中文")
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)
        await me.until(lambda: me.card.lesson.language == "zh")
    assert host.language == "zh"


async def test_the_comma_of_an_input_method_opens_and_closes_the_page() -> None:
    async with learner() as me:
        await me.press("，")
        await me.until(lambda: isinstance(me.app.screen, SettingsScreen), "the settings")
        await me.press("，")
        await me.until(lambda: not isinstance(me.app.screen, SettingsScreen), "the step")


async def test_f2_works_on_the_page_too() -> None:
    async with learner() as me:
        await open_settings(me)
        await me.press("f2")
        await me.until(lambda: "设置" in flat(me))


async def test_the_theme_is_worn_at_once_and_kept() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await open_settings(me)
        await choose(me, "theme", "light")
        await me.until(lambda: values(me).get("theme") == "light" and worn(me.app) == "light")
    assert host.kept_settings == {"theme": "light"}


async def test_a_python_counts_from_the_next_start_on() -> None:
    host = FakeHost()
    host.found = (*host.found, PROJECT)
    async with learner(host) as me:
        await open_settings(me)
        await me.press("2")
        assert "from the next start on" in me.seen
        await me.press("enter")
        await me.until(lambda: "~/project" in me.seen)
        await me.press("down")
        await me.until(lambda: "/p -m pip install ipykernel" in me.seen)
        await me.press("enter")
        await me.until(lambda: values(me).get("runtime") == "/home/me/project")
        assert chosen(me) == "runtime"
        assert "config.toml" in me.seen
    assert host.kept_settings == {"runtime": PROJECT.runtime}


async def test_a_python_that_is_not_found_any_more_is_still_shown_as_chosen() -> None:
    host = FakeHost()
    host.kept_settings["runtime"] = "local:/gone"
    async with learner(host) as me:
        await open_settings(me)
        await me.press("2", "enter")
        await me.until(lambda: "tutor's own" in me.seen)
        assert "local:/gone" in values(me)


@pytest.mark.parametrize("decided", [("variable", "TUTOR_LOG"), ("flag", "--log")])
async def test_what_a_variable_or_a_flag_decides_is_said_and_not_opened(decided: tuple[str, str]) -> None:
    host = FakeHost()
    host.decided["log"] = decided
    async with learner(host) as me:
        await open_settings(me)
        await me.press("4")
        await me.until(lambda: f"{decided[1]} decides it" in me.seen)
        await me.press("enter")
        await me.until(lambda: "cannot be changed here" in me.seen)
        assert "log" in values(me)


async def test_lesson_folders_say_how_they_are_changed() -> None:
    async with learner() as me:
        await open_settings(me)
        await me.press("5")
        await me.until(lambda: 'lessons = ["' in me.seen and "config.toml" in me.seen)
        await me.press("enter")
        assert "lessons" in values(me)


async def test_mouse_only_a_value_is_chosen_and_the_page_closed() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await me.command("/settings")
        await me.until(lambda: isinstance(me.app.screen, SettingsScreen) and page_of(me).menu.items)
        await me.pilot.click(Menu, offset=(8, 3))
        await me.until(lambda: "everything" in me.seen)
        await me.pilot.click(Menu, offset=(8, 0))
        await me.until(lambda: values(me).get("log") == "everything")
        row = page_of(me).query_one(ActionRow)
        await me.pilot.click(row, offset=(row.render().plain.index("close"), 0))
        await me.until(lambda: me.app.screen is me.screen)
    assert host.kept_settings == {"log": "debug"}


async def test_esc_leads_from_the_values_back_to_their_setting() -> None:
    async with learner() as me:
        await open_settings(me)
        await me.press("3", "enter", "down", "escape")
        assert chosen(me) == "theme"
        await me.press("comma")
        await me.until(lambda: me.app.screen is me.screen)


async def test_what_cannot_be_kept_is_said() -> None:
    host = FakeHost()
    host.refusal = ConfigError("config.toml is not TOML: line 3.", "Nothing was written.")
    async with learner(host) as me:
        await open_settings(me)
        await choose(me, "log", "debug")
        await me.until(lambda: "is not TOML" in me.seen)
        assert values(me)["log"] == "the usual"


async def test_quitting_from_the_page_asks_as_everywhere() -> None:
    async with learner() as me:
        await open_settings(me)
        await me.press("ctrl+q")
        await me.until(lambda: not me.app.is_running or isinstance(me.app.screen, QuitScreen))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_page_fits_every_screen(size: tuple[int, int], language: str) -> None:
    async with learner(FakeHost(language), size) as me:
        await open_settings(me)
        for place in "12345":
            await me.press(place)
            await me.until(partial(shows, me, page_of(me).menu.items[int(place) - 1].label))
            assert page_of(me).query_one(".dialog").region.right <= size[0]
