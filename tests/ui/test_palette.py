"""The command palette: nothing is missing in it, and all of it does what it says."""

from __future__ import annotations

import pytest
from textual.binding import Binding
from textual.command import Command, CommandInput, CommandList

from tests.ui.fake.host import FakeHost
from tests.ui.fake.lesson import lesson
from tests.ui.helpers import Learner, at, learner
from tutor.i18n import Words
from tutor.progress.model import StepState
from tutor.session.events import Action, Asking, Card
from tutor.ui.host import LessonRow
from tutor.ui.keys import WAYS
from tutor.ui.offers import LANGUAGES, keys_of, offers
from tutor.ui.palette import TutorPalette
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.home import HomeScreen
from tutor.ui.wishes import NEVER_TYPED, Wish

ROWS = [LessonRow("memory", "Memory", 5, 3), LessonRow("bad", "Bad", 5, 3, broken="x")]


def card(language: str = "en") -> Card:
    """A card on which every action is possible."""
    made = lesson(language)
    return Card(
        made, made.steps[0], 0, StepState.NEW, Asking.NOTHING, "1", False, (), 0, False, tuple(Action), Action.RUN, 0, 1
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_action_wish_step_lesson_theme_and_language_is_offered(language: str) -> None:
    found = list(offers(card(language), Words(language), {}, ("dark", "light"), ROWS))
    assert {offer.what for offer in found if isinstance(offer.what, Action)} == set(Action)
    wishes = {offer.what for offer in found if isinstance(offer.what, Wish)}
    as_actions = {Wish.EDIT, Wish.ANSWER}
    assert wishes == set(Wish) - NEVER_TYPED - as_actions - {Wish.PALETTE}
    assert [offer.place[1] for offer in found if offer.what is None] == [step.id for step in lesson(language).steps]
    assert [offer.argument for offer in found if offer.what is Wish.LESSON] == ["memory"]
    assert [offer.argument for offer in found if offer.what is Wish.THEME] == ["dark", "light"]
    assert {offer.argument for offer in found if offer.what is Wish.LANGUAGE} == set(LANGUAGES) - {language}
    assert all(offer.label for offer in found)


def test_only_what_is_possible_now_is_offered() -> None:
    assert not [offer for offer in offers(None, Words("en"), {}, (), ()) if isinstance(offer.what, Action)]


def test_each_offer_shows_its_key() -> None:
    keys = keys_of([Binding("f1,question_mark", "wish('help')"), Binding("L", "wish('list')"), ("x", "y", "z")])
    assert keys == {"help": "?", "list": "L"}
    found = list(offers(card(), Words("en"), keys, (), ()))
    assert {offer.what: offer.key for offer in found if isinstance(offer.what, Action)} == {
        Action(way.action): way.key for way in WAYS
    }
    assert next(offer.key for offer in found if offer.what is Wish.HELP) == "?"


async def search(me: Learner, text: str) -> list[str]:
    """Open the palette and type; what it shows."""
    await me.press("ctrl+p")
    await me.until(lambda: isinstance(me.app.screen, TutorPalette), "the palette")
    await me.type(text)

    def shown() -> list[str]:
        options = me.app.screen.query_one(CommandList).options
        return [str(option.hit.text) for option in options if isinstance(option, Command)]

    await me.until(lambda: shown() and me.app.screen.query_one(CommandInput).value == text)
    return shown()


async def test_an_action_is_done() -> None:
    async with learner() as me:
        assert (await search(me, "run"))[0] == "run"
        await me.press("enter")
        await me.until_said("2.13.0+cpu")


async def test_a_wish_is_granted_and_its_command_finds_it() -> None:
    async with learner() as me:
        await search(me, "help")
        await me.press("enter")
        await me.until(lambda: isinstance(me.app.screen, HelpScreen))


async def test_a_step_is_gone_to() -> None:
    async with learner() as me:
        await search(me, "many bytes")
        await me.press("enter")
        await me.until_at("how-many")


async def test_a_lesson_is_opened_by_full_width_letters() -> None:
    async with learner() as me:
        await search(me, "ｍｅｍｏｒｙ")
        await me.press("enter")
        await me.until(lambda: me.card.lesson.id == "memory")


async def test_it_speaks_the_language_of_the_learner() -> None:
    async with learner(FakeHost("zh")) as me:
        assert "主页：课程和待补步骤" in await search(me, "主页")


async def test_nothing_found_is_said_and_does_nothing() -> None:
    async with learner() as me:
        await search(me, "qqqq")
        await me.until(lambda: "Nothing found" in me.seen)
        await me.press("enter")
        await me.until(lambda: me.app.screen is me.screen)


async def test_it_opens_from_home_and_where_text_is_typed() -> None:
    async with learner(at("brackets")) as me:
        await me.press("l")
        await me.until(lambda: isinstance(me.app.screen, HomeScreen))
        await me.press("ctrl+p")
        await me.until(lambda: isinstance(me.app.screen, TutorPalette))
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)
        await me.press("t")
        await me.until(lambda: me.focused is not None and me.focused.id == "prompt")
        await me.press("ctrl+p")
        await me.until(lambda: isinstance(me.app.screen, TutorPalette))
