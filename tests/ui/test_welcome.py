"""The first start: three questions at most, with the keyboard only and with the mouse only, in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner
from tutor.errors import ConfigError
from tutor.ui.app import TutorApp
from tutor.ui.host import PythonChoice
from tutor.ui.screens.conversation import ConversationScreen
from tutor.ui.screens.home import HomeScreen
from tutor.ui.screens.welcome import WelcomeScreen
from tutor.ui.widgets.menu import Menu

ALL = ("language", "python", "start")
OWN = PythonChoice("local", "", "3.11.9", "2.13.0+cpu")
PROJECT = PythonChoice("local:/home/me/project", "~/project", "3.12.4", "2.9.1+cu128")
SYSTEM = PythonChoice(
    "local:/usr/bin/python3", "/usr/bin/python3", "3.10.2", None, "/usr/bin/python3 -m pip install ipykernel"
)


class Newcomer(Learner):
    """Someone at the very first start."""

    def __init__(self, pilot: Pilot[int], host: FakeHost) -> None:
        super().__init__(pilot, host)

    @property
    def welcome(self) -> WelcomeScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, WelcomeScreen)
        return screen

    @property
    def screen(self) -> ConversationScreen:
        screen = self.app.screen_stack[1]
        assert isinstance(screen, ConversationScreen)
        return screen

    @property
    def flat(self) -> str:
        """What the screen shows, without the blanks that follow wide characters."""
        return self.seen.replace(" ", "")

    async def until_asked(self, question: str) -> None:
        await self.until(lambda: self.welcome.question == question, question)

    async def until_first_step(self) -> None:
        await self.until(lambda: len(self.app.screen_stack) > 1, "the conversation")
        await self.until(
            lambda: self.screen.conductor is not None and self.screen.conductor.stage.card, "the first card"
        )

    async def click_item(self, place: int) -> None:
        """A line of the menu; each has one line here."""
        await self.pilot.click(Menu, offset=(8, place))

    async def click_label(self, label: str) -> None:
        text = self.welcome.row.render().plain
        await self.pilot.click(self.welcome.row, offset=(self.welcome.row.styles.padding.left + text.index(label), 0))


@asynccontextmanager
async def newcomer(host: FakeHost, size: tuple[int, int] = (100, 30)) -> AsyncIterator[Newcomer]:
    async with TutorApp(host).run_test(size=size, notifications=True) as pilot:
        me = Newcomer(pilot, host)
        await me.until(lambda: me.app.screen.is_current and me.app.focused is not None)
        yield me


def at_first_start(language: str = "en", asked: tuple[str, ...] = ALL, *others: PythonChoice) -> FakeHost:
    host = FakeHost(language)
    host.asked = asked
    host.found = (OWN, *others)
    return host


async def test_three_times_enter_leads_to_the_first_lesson() -> None:
    host = at_first_start("en", ALL, PROJECT, SYSTEM)
    async with newcomer(host) as me:
        await me.until_asked("language")
        await me.press("enter")
        await me.until_asked("python")
        await me.until(lambda: "/usr/bin/python3" in me.seen)
        await me.press("enter")
        await me.until_asked("start")
        await me.press("enter")
        await me.until_first_step()
    assert host.answers == {"language": "en", "runtime": "local"}
    assert host.target == ("", "")


async def test_the_first_question_is_asked_in_both_languages_and_the_locale_preselects() -> None:
    async with newcomer(at_first_start("zh")) as me:
        assert "Which language" in me.seen
        assert "想用哪种语言" in me.flat
        assert "›2中文" in me.flat
        await me.press("enter")
        await me.until_asked("start")
        assert "从哪里开始" in me.flat
        assert "Which language" not in me.seen
        await me.press("enter")
        await me.until_first_step()
        assert me.card.lesson.language == "zh"


async def test_a_digit_of_an_input_method_chooses_as_well() -> None:
    async with newcomer(at_first_start("en")) as me:
        await me.press("２")
        await me.until(lambda: me.welcome.menu.cursor == 1)


async def test_keyboard_only_another_language_another_python_and_the_list_of_lessons() -> None:
    host = at_first_start("en", ALL, PROJECT, SYSTEM)
    async with newcomer(host) as me:
        await me.press("down", "enter")
        await me.until_asked("python")
        await me.until(lambda: len(me.welcome.menu.items) == 3)
        assert "Python3.12·PyTorch2.9" in me.flat
        await me.press("3")
        await me.until(lambda: "/usr/bin/python3 -m pip install ipykernel" in me.seen)
        await me.press("up", "enter")
        await me.until_asked("start")
        assert "~/project" in me.seen
        await me.press("3", "enter")
        await me.until_first_step()
        await me.until(lambda: isinstance(me.app.screen, HomeScreen))
    assert host.answers == {"language": "zh", "runtime": PROJECT.runtime}


async def test_mouse_only_to_a_lesson_about_the_gpu() -> None:
    host = at_first_start("zh", ALL, PROJECT)
    async with newcomer(host) as me:
        await me.click_item(0)
        await me.until_asked("python")
        await me.until(lambda: len(me.welcome.menu.items) == 2)
        await me.click_item(1)
        await me.until_asked("start")
        await me.click_label("back")
        await me.until_asked("python")
        await me.click_label("choose")
        await me.until_asked("start")
        await me.click_item(1)
        await me.until_first_step()
    assert host.answers == {"language": "en", "runtime": PROJECT.runtime}
    assert host.target == ("check-device", "")


async def test_esc_goes_back_to_what_was_answered_and_past_what_was_not_asked() -> None:
    async with newcomer(at_first_start()) as me:
        await me.press("2", "enter")
        await me.until_asked("start")
        await me.press("escape")
        await me.until_asked("language")
        assert me.welcome.menu.items[me.welcome.menu.cursor].value == "zh"
        await me.press("escape")
        assert me.welcome.question == "language"


async def test_nobody_is_asked_which_python_when_there_is_but_one() -> None:
    host = at_first_start("en", ("python", "start"))
    async with newcomer(host) as me:
        await me.until_asked("start")
        await me.press("enter")
        await me.until_first_step()
    assert host.answers == {}


async def test_pythons_appear_as_they_answer_and_the_cursor_stays() -> None:
    host = at_first_start("en", ("python", "start"), PROJECT)
    host.gate.clear()
    async with newcomer(host) as me:
        await me.until(lambda: "PyTorch 2.13" in me.seen)
        assert "Looking for other Pythons" in me.seen
        host.gate.set()
        await me.until(lambda: "~/project" in me.seen and "Looking" not in me.seen)
        assert me.welcome.menu.cursor == 0


async def test_tutors_own_can_be_taken_while_others_are_looked_for() -> None:
    host = at_first_start("en", ("python", "start"), PROJECT)
    host.gate.clear()
    async with newcomer(host) as me:
        await me.press("enter")
        await me.until_asked("start")
        await me.press("enter")
        await me.until_first_step()
    assert host.answers == {"runtime": "local"}


async def test_f2_speaks_the_other_language_at_any_question() -> None:
    host = at_first_start("en", ("start",))
    async with newcomer(host) as me:
        await me.press("f2")
        await me.until(lambda: "从哪里开始" in me.flat)
        await me.press("enter")
        await me.until_first_step()
    assert host.answers == {"language": "zh"}


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
async def test_leaving_in_the_middle_keeps_nothing(key: str) -> None:
    host = at_first_start()
    async with newcomer(host) as me:
        await me.press("enter")
        await me.until_asked("start")
        await me.press(key)
        await me.until(lambda: not me.app.is_running)
    assert host.answers is None


async def test_answers_that_cannot_be_kept_are_said_and_count_all_the_same() -> None:
    host = at_first_start("en", ("language", "start"))
    host.refusal = ConfigError("config.toml cannot be written: Read-only file system", "Make it writable.")
    async with newcomer(host) as me:
        await me.press("2", "enter", "enter")
        await me.until_first_step()
        assert me.card.lesson.language == "zh"
        await me.until(lambda: any("cannot be written" in said.message for said in me.app._notifications))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_keys_are_in_sight_at_every_size(size: tuple[int, int], language: str) -> None:
    host = at_first_start(language, ALL, PROJECT, SYSTEM)
    async with newcomer(host, size) as me:
        for question in ALL:
            await me.until_asked(question)
            await me.until(lambda: "ctrl+q" in me.seen)
            assert 0 < me.welcome.row.region.bottom <= size[1]
            cursor = me.welcome.menu.items[me.welcome.menu.cursor].label.replace(" ", "")
            assert cursor in me.flat
            await me.press("enter")
