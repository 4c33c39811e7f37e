"""Adding a Jupyter server: each answer is tried at once, each refusal stands beside its field, and the token is never shown."""

from __future__ import annotations

import json

import pytest

from tests.ui.fake.elsewhere import TOKEN
from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, learner
from tutor.errors import StoreError
from tutor.ui.addresses import address_in, holds_token, masked, parted
from tutor.ui.elsewhere import NewServer
from tutor.ui.prices import price_of
from tutor.ui.screens.add_server import AddServerScreen
from tutor.ui.screens.places import PlacesScreen
from tutor.ui.screens.question import QuestionScreen
from tutor.ui.widgets.fields import TextLine

ADDRESS = "http://127.0.0.1:8888/"


def shown(me: Learner, name: str) -> bool:
    screen = me.app.screen
    return isinstance(screen, AddServerScreen) and isinstance(me.focused, TextLine) and me.focused.id == f"new-{name}"


async def asked_for(me: Learner, name: str) -> TextLine:
    await me.until(lambda: shown(me, name), f"the question about the {name}")
    assert isinstance(me.focused, TextLine)
    return me.focused


async def begin(me: Learner) -> None:
    await me.press("w")
    await me.until(lambda: isinstance(me.app.screen, PlacesScreen))
    await me.press("a")
    await asked_for(me, "address")


async def test_the_line_that_jupyter_prints_is_all_it_takes() -> None:
    host = FakeHost()
    host.wants = TOKEN
    async with learner(host) as me:
        await begin(me)
        await me.until(lambda: "ssh -N -L 8888:127.0.0.1:8888 user@host" in me.seen)
        await me.paste(f"Currently running servers:\n{ADDRESS}?token={TOKEN} :: /home/me\n")
        await me.until(lambda: "••••" in me.seen)
        assert TOKEN not in me.seen
        await me.press("enter")
        name = await asked_for(me, "name")
        assert (name.value, host.examined_servers) == ("127.0.0.1", [(ADDRESS, TOKEN)])
        await me.until(lambda: "nothing runs there" in me.seen)
        await me.press("enter")
        await asked_for(me, "price")
        await me.until(lambda: "What does it cost per hour?" in me.seen)
        assert TOKEN not in me.seen
        await me.paste("$0.53")
        await me.press("enter")
        await me.until(lambda: "Run lessons there now?" in me.seen)
        assert host.new == [NewServer(ADDRESS, TOKEN, "127.0.0.1", 0.53, "$")]
        await me.press("enter")
        await me.until(lambda: me.app.screen is me.screen)
        assert host.switched == ["server:127.0.0.1"]
        assert TOKEN not in me.said
        assert me.screen.conductor is not None
        await me.screen.conductor._keep()
    assert TOKEN not in json.dumps(host.kept)


async def test_it_goes_there_only_after_the_question_about_what_stays_behind() -> None:
    host = FakeHost()
    host.lost = ("variables: model",)
    async with learner(host) as me:
        await begin(me)
        for typed, following in ((ADDRESS, "name"), ("box 2", "price")):
            assert isinstance(me.focused, TextLine)
            me.focused.clear()
            await me.paste(typed)
            await me.press("enter")
            await asked_for(me, following)
        await me.press("enter")
        await me.until(lambda: host.new)
        await me.press("enter")
        await me.until(lambda: isinstance(me.app.screen, QuestionScreen))
        await me.press("escape")
        await me.until(lambda: isinstance(me.app.screen, PlacesScreen))
    assert (host.switched, host.new[0].price) == ([], None)


async def test_a_token_is_asked_for_only_when_it_is_wanted_and_never_shown() -> None:
    host = FakeHost()
    host.wants = TOKEN
    async with learner(host) as me:
        await begin(me)
        await me.paste(ADDRESS)
        await me.press("enter")
        await asked_for(me, "token")
        await me.until(lambda: "wants its token" in me.seen)
        await me.press("enter")
        await me.until(lambda: "Without the token the server lets nobody in" in me.seen)
        await me.paste("wrong-token-12345")
        await me.press("enter")
        await me.until(lambda: "The server refuses this token." in me.seen and shown(me, "token"))
        field = await asked_for(me, "token")
        assert field.value == "wrong-token-12345"
        await me.press("f3")
        assert "wrong-token" not in me.seen
        field.clear()
        await me.paste(TOKEN)
        await me.press("enter")
        await asked_for(me, "name")
    assert [token for _, token in host.examined_servers] == ["", "wrong-token-12345", TOKEN]


async def test_each_refusal_stands_beside_its_field_and_nothing_typed_is_lost() -> None:
    host = FakeHost()
    host.silent = True
    async with learner(host) as me:
        await begin(me)
        await me.paste("127.0.0.1:8888")
        await me.press("enter")
        await me.until(lambda: "begins with http:// or https://" in me.seen)
        field = await asked_for(me, "address")
        assert field.value == "127.0.0.1:8888"
        field.value = ADDRESS
        await me.press("enter")
        await me.until(lambda: "does not answer. Is the tunnel open?" in me.seen and shown(me, "address"))
        host.silent = False
        await me.press("enter")
        name = await asked_for(me, "name")
        name.value = "a/b"
        await me.press("enter")
        await me.until(lambda: "A name without /" in me.seen)
        name.value = "box 2"
        await me.press("enter")
        price = await asked_for(me, "price")
        price.value = "cheap"
        await me.press("enter")
        await me.until(lambda: "could not be read as a price" in me.seen)
        await me.press("escape")
        assert (await asked_for(me, "name")).value == "box 2"
        await me.press("escape")
        assert (await asked_for(me, "address")).value == ADDRESS
        await me.press("enter")
        await asked_for(me, "name")
        await me.press("enter")
        assert (await asked_for(me, "price")).value == "cheap"
        (await asked_for(me, "price")).value = "3.8 元"
        host.not_kept = StoreError("There is a server called box 2 already.", "Take another name.")
        await me.press("enter")
        await me.until(lambda: "Take another name." in me.seen and shown(me, "name"))
        host.not_kept = None
        await me.press("enter")
        await asked_for(me, "price")
        await me.press("enter")
        await me.until(lambda: host.new)
        await me.press("escape")
        await me.until(lambda: isinstance(me.app.screen, PlacesScreen) and "box 2 is kept" in me.seen)
    assert (host.new[0].price, host.new[0].currency, host.switched) == (3.8, "元", [])


async def test_a_token_goes_to_no_other_server() -> None:
    host = FakeHost()
    host.wants = TOKEN
    async with learner(host) as me:
        await begin(me)
        await me.paste(f"{ADDRESS}?token={TOKEN}")
        await me.press("enter")
        await asked_for(me, "name")
        await me.press("escape")
        field = await asked_for(me, "address")
        field.value = "http://elsewhere.example:8888/"
        await me.press("enter")
        await asked_for(me, "token")
    assert host.examined_servers[-1] == ("http://elsewhere.example:8888/", "")


async def test_esc_ends_the_waiting_for_a_server_and_then_the_adding() -> None:
    host = FakeHost()
    host.examining.clear()
    async with learner(host) as me:
        await begin(me)
        await me.paste(ADDRESS)
        await me.press("enter")
        await me.until(lambda: f"Asking {ADDRESS}" in me.seen)
        await me.press("escape")
        field = await asked_for(me, "address")
        assert field.value == ADDRESS
        await me.until(lambda: f"Asking {ADDRESS}" not in me.seen)
        await me.press("escape")
        await me.until(lambda: isinstance(me.app.screen, PlacesScreen))
    assert host.new == []


@pytest.mark.parametrize(
    ("typed", "price"),
    [
        ("0.53", (0.53, "")),
        ("$0.53", (0.53, "$")),
        ("3.8 元", (3.8, "元")),
        ("￥３.８/小时", (3.8, "¥")),
        ("0,53 €", (0.53, "€")),
        ("2 usd per hour", (2.0, "USD")),
        ("每小时 3 块", (3.0, "块")),
        ("0", (0.0, "")),
        ("cheap", None),
        ("-1", None),
        ("1,000", None),
        ("$2 €", None),
        ("1e9", None),
        ("nan", None),
    ],
)
def test_prices_as_people_type_them(typed: str, price: tuple[float, str] | None) -> None:
    assert price_of(typed) == price


@pytest.mark.parametrize(
    ("typed", "bare", "token"),
    [
        ("http://127.0.0.1:8888", "http://127.0.0.1:8888", ""),
        (" https://hub.example/user/me/?token=a%20b&x=1#top :: /me", "https://hub.example/user/me/?x=1#top", "a b"),
        ("http://[::1]:8888/lab?TOKEN=abc", "http://[::1]:8888/lab", "abc"),
    ],
)
def test_an_address_is_parted_from_its_token(typed: str, bare: str, token: str) -> None:
    assert parted(address_in(typed)) == (bare, token)


@pytest.mark.parametrize("typed", ["", "127.0.0.1:8888", "http://", "http://[::1", "ftp://x/"])
def test_what_is_no_address(typed: str) -> None:
    assert address_in(typed) == ""


def test_only_a_token_in_an_address_keeps_a_line_out_of_the_history() -> None:
    assert holds_token("/runtime http://h:1/?token=abc")
    assert not holds_token("login(token=abc)")


def test_a_masked_address_is_as_long_as_before() -> None:
    assert masked("http://h/?token=abc&x=1") == "http://h/?token=•••&x=1"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_on_a_low_screen_the_field_and_its_refusal_are_in_sight(language: str) -> None:
    async with learner(FakeHost(language), (60, 20)) as me:
        await begin(me)
        await me.paste("nowhere-at-all")
        await me.press("enter")
        await me.until(lambda: "nowhere-at-all" in me.seen and "✗" in me.seen and " esc " in me.seen)
