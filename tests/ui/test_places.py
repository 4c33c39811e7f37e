"""Where lessons run: the list, going there, a name that is typed, and what a server costs."""

from __future__ import annotations

from functools import partial

import pytest

from tests.ui.fake.elsewhere import BOX, HERE, LAB, PROJECT, TOKEN
from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, at, learner
from tutor.errors import ServerError
from tutor.session.events import Action
from tutor.ui.elsewhere import Place
from tutor.ui.places import named
from tutor.ui.screens.add_server import AddServerScreen
from tutor.ui.screens.places import PlacesScreen
from tutor.ui.screens.question import QuestionScreen
from tutor.ui.widgets.action_row import ActionRow


def page_of(me: Learner) -> PlacesScreen:
    screen = me.app.screen
    assert isinstance(screen, PlacesScreen)
    return screen


async def open_places(me: Learner) -> None:
    await me.press("w")
    await me.until(lambda: isinstance(me.app.screen, PlacesScreen) and len(page_of(me).menu.items) > 1, "the places")


async def come_to(me: Learner, runtime: str) -> None:
    menu = page_of(me).menu
    while menu.value != runtime:
        before = menu.value
        await me.press("down")
        await me.until(lambda before=before: menu.value != before)  # type: ignore[misc]


async def send(me: Learner, line: str) -> None:
    """At the prompt, pasted, since it is not about typing."""
    await me.press("t")
    await me.until(lambda: me.focused is not None and me.focused.id == "prompt", "the prompt")
    await me.paste(line)
    await me.press("enter")


async def back(me: Learner) -> None:
    await me.until(lambda: me.app.screen is me.screen, "the conversation")


def notes(me: Learner) -> dict[str, str]:
    return {item.value: item.note for item in page_of(me).menu.items}


def keys(me: Learner) -> list[str]:
    return [chip.key for chip in me.app.screen.query_one(ActionRow).chips]


async def test_the_places_fill_in_and_say_what_they_have_cost_and_why_not() -> None:
    host = FakeHost()
    host.answered.clear()
    async with learner(host) as me:
        await open_places(me)
        assert page_of(me).menu.value == "local"
        assert notes(me)[BOX.runtime] == "being asked …"
        host.answered.set()
        await me.until(lambda: "NVIDIA T4" in notes(me)[BOX.runtime])
        note = notes(me)[BOX.runtime]
        assert "since 20 Nov" in note
        assert "cost $3.20 · idle for 40 min" in note
        assert notes(me)["local"].startswith("in use")
        assert notes(me)[LAB.runtime] == "cannot be used now"
        await come_to(me, LAB.runtime)
        assert "Is the tunnel open?" in me.seen
        assert "lab [b]2[/b]" in me.seen


async def test_nothing_stays_behind_so_nothing_is_asked() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await open_places(me)
        await come_to(me, BOX.runtime)
        await me.press("enter")
        await back(me)
        assert host.switched == [BOX.runtime]
        assert "Lessons run on box now" in me.seen


async def test_what_stays_behind_is_said_before_and_can_be_kept() -> None:
    host = FakeHost()
    host.lost = ("variables: model, loss", "files: weights.pt [/b]")
    async with learner(host) as me:
        await open_places(me)
        await come_to(me, PROJECT.runtime)
        await me.press("enter")
        await me.until(lambda: isinstance(me.app.screen, QuestionScreen))
        assert "files: weights.pt [/b]" in me.seen
        await me.press("escape")
        await me.until(lambda: isinstance(me.app.screen, PlacesScreen))
        assert host.switched == []
        await me.press("enter")
        await me.until(lambda: isinstance(me.app.screen, QuestionScreen))
        await me.press("enter")
        await back(me)
    assert host.switched == [PROJECT.runtime]


async def test_a_place_that_cannot_be_used_says_so_with_its_mend_and_the_list_stays() -> None:
    host = FakeHost()
    host.no_way = ServerError("No answer from lab.", "Open the tunnel.")
    async with learner(host) as me:
        await open_places(me)
        await come_to(me, LAB.runtime)
        await me.press("enter")
        await me.until(lambda: "No answer from lab. Open the tunnel." in me.seen)
        assert isinstance(me.app.screen, PlacesScreen)
        await me.press("escape")
        await back(me)
    assert host.switched == []


async def test_a_server_is_stopped_and_forgotten_after_a_question() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await open_places(me)
        assert not {"s", "f"} & set(keys(me))
        await come_to(me, BOX.runtime)
        await me.until(lambda: {"s", "f"} <= set(keys(me)))
        await me.press("s")
        await me.until(lambda: isinstance(me.app.screen, QuestionScreen))
        await me.press("enter")
        await me.until(lambda: "the kernel has ended" in me.seen and "s" not in keys(me))
        await me.press("f")
        await me.until(lambda: isinstance(me.app.screen, QuestionScreen))
        await me.press("escape")
        await me.until(lambda: isinstance(me.app.screen, PlacesScreen))
        assert host.forgotten == []
        await me.press("f")
        await me.until(lambda: isinstance(me.app.screen, QuestionScreen))
        await me.press("y")
        await me.until(lambda: BOX.runtime not in notes(me))
    assert (host.stopped, host.forgotten) == (["box/kernel"], [BOX.runtime])


async def test_with_the_mouse_a_place_is_one_click_away() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await open_places(me)
        await me.pilot.click(page_of(me).menu, offset=(8, 1))
        await back(me)
    assert host.switched == [PROJECT.runtime]


@pytest.mark.parametrize(
    ("typed", "place"), [("box", BOX), ("BOX", BOX), (" server:box ", BOX), ("~/project", PROJECT), ("bo", None)]
)
def test_a_place_is_named_by_its_name_or_its_runtime(typed: str, place: Place | None) -> None:
    assert named([HERE, PROJECT, BOX], typed) == place


async def test_a_name_that_is_typed_leads_there_at_once_and_an_unknown_one_is_answered_with_the_nearest() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await send(me, "/runtime bix")
        await me.until_said("No place is called bix. The nearest one: box.")
        await send(me, "/runtime zzzzzz")
        await me.until_said("/runtime lists them all")
        host.no_way = ServerError("No answer.", "Open the tunnel.")
        await send(me, "/runtime box")
        await me.until_said("No answer. Open the tunnel.")
        host.no_way = None
        await send(me, "/runtime box")
        await me.until(lambda: host.switched == [BOX.runtime])
        assert me.app.screen is me.screen


async def test_an_address_that_is_typed_adds_a_server_and_its_token_stays_out_of_the_history() -> None:
    host = FakeHost()
    host.wants = TOKEN
    async with learner(host) as me:
        await send(me, f"/runtime http://127.0.0.1:8888/?token={TOKEN}")
        await me.until(lambda: isinstance(me.app.screen, AddServerScreen))
        await me.until(lambda: host.examined_servers == [("http://127.0.0.1:8888/", TOKEN)])
        assert TOKEN not in me.seen
        assert TOKEN not in me.said
        await me.press("escape", "escape", "escape")
        await me.until(lambda: me.app.screen is me.screen)
        await me.press("slash")
        await me.until(lambda: me.focused is not None and me.focused.id == "prompt")
        await me.press("up", "up")
        await me.pilot.pause()
        assert TOKEN not in me.seen
    assert host.typed == []
    assert TOKEN not in str(host.kept)


async def test_a_step_that_lacks_a_gpu_offers_another_place_quietly() -> None:
    async with learner(at("ask-pytorch")) as me:
        assert "w" not in [chip.key for chip in me.chips]
        await me.press("r")
        await me.until(lambda: me.card.outcome is not None and not me.card.running)
        await me.until(lambda: "run it elsewhere" in [chip.label for chip in me.chips])
        assert next(chip.what for chip in me.chips if chip.suggested) is Action.NEXT
        await me.click_chip("run it elsewhere")
        await me.until(lambda: isinstance(me.app.screen, PlacesScreen))


@pytest.mark.parametrize(("size", "language"), [((60, 20), "en"), ((200, 60), "zh")])
async def test_it_fits_on_any_screen(size: tuple[int, int], language: str) -> None:
    async with learner(FakeHost(language), size) as me:
        await open_places(me)
        for runtime in (LAB.runtime, "+", "local"):
            await come_to(me, runtime)
            await me.until(partial(cursor_is_in_sight, me), "the cursor")
            menu = page_of(me).menu
            assert menu.region.width <= size[0]
            assert max(len(line) for line in me.seen.split("\n")) <= size[0]


def cursor_is_in_sight(me: Learner) -> bool:
    return "›" in me.seen
