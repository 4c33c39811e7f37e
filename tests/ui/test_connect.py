"""The way to an account on the screen: each answer is looked at beside it, a secret is never shown, and what waits can be left."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.accounts import FILE, FOUND, PAGE, SECRET, TOKEN, WAIT, WAY, FakeGuide
from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, learner
from tests.ui.test_accounts import come_to, keys, lit
from tutor.accounts.model import Ask, GuideStep, Source
from tutor.ui.screens.accounts import AccountsScreen
from tutor.ui.screens.connect import ConnectScreen
from tutor.ui.widgets.fields import TextLine
from tutor.ui.widgets.message import Message
from tutor.ui.widgets.path_line import PathLine
from tutor.ui.wishes import Wish


def way(*steps: GuideStep, language: str = "en") -> FakeHost:
    host = FakeHost(language)
    host.by_service["google"].steps = steps
    return host


async def begin(me: Learner, sight: str) -> None:
    assert me.screen.conductor is not None
    await me.screen.conductor.grant(Wish.ACCOUNTS, "google")
    await come_to(me, ConnectScreen)
    await me.until(lambda: sight in me.seen, sight)


def guide(host: FakeHost) -> FakeGuide:
    return host.by_service["google"].guides[-1]


def field(me: Learner) -> TextLine:
    assert isinstance(me.focused, TextLine)
    return me.focused


async def test_the_whole_way_by_keys() -> None:
    host = way(WAY, PAGE, TOKEN)
    async with learner(host, size=(80, 24)) as me:
        await begin(me, "How would you like to sign in?")
        assert "step 1 of 3" in me.seen
        assert (keys(me), lit(me)) == (["enter", "esc"], ["enter"])
        await me.press("1", "enter")
        await me.until(lambda: "Make a token" in me.seen and "all is well" in me.seen)
        assert "https://github.com/settings/personal-access-tokens/new" in me.seen
        assert (keys(me), lit(me)) == (["enter", "c", "esc", "ctrl+c"], ["enter"])
        await me.press("enter")
        await me.until(lambda: "Hand it over" in me.seen)
        await me.press("enter")
        await me.until(lambda: "Paste it first." in me.seen)
        await me.paste("ghp_wrong")
        await me.until(lambda: "Paste it first." not in me.seen)
        await me.press("enter")
        await me.until(lambda: "✗ GitHub refuses it." in me.seen and "✓ It is there." in me.seen)
        await me.paste(SECRET)
        assert field(me).value == SECRET
        await me.press("enter")
        await me.until(lambda: "Google Drive is connected" in me.seen)
        assert (keys(me), lit(me)) == (["enter"], ["enter"])
        assert guide(host).answers == ["token", "", "ghp_wrong", SECRET]
        await me.press("enter")
        await me.until(lambda: me.app.screen is me.screen)
    assert guide(host).closed.wait(5)


async def test_a_secret_is_seen_by_nobody() -> None:
    host = way(TOKEN, PAGE)
    async with learner(host) as me:
        await begin(me, "Hand it over")
        await me.paste(SECRET)
        await me.press("f3")
        assert "••••" in me.seen
        await me.press("ctrl+a", "ctrl+c")
        await me.until(lambda: isinstance(me.app.screen, AccountsScreen))
        assert me.app.clipboard == ""
        await me.press("escape")
        await begin(me, "Hand it over")
        assert field(me).value == ""
        await me.paste(SECRET)
        await me.press("ctrl+x", "enter")
        await me.until(lambda: "Make a token" in me.seen)
        await me.press("escape")
        await me.until(lambda: "Hand it over" in me.seen)
        assert field(me).value == ""
        await me.press("escape", "escape")
        await me.until(lambda: me.app.screen is me.screen)
        assert me.screen.conductor is not None
        await me.screen.conductor._keep()
        assert me.app.clipboard == ""
        assert SECRET not in me.said + me.seen + json.dumps(host.kept) + repr(host.typed) + repr(host.stored)


async def test_the_screen_goes_on_while_an_answer_is_looked_at_and_it_can_be_left() -> None:
    host = way(WAY, TOKEN)
    host.by_service["google"].gate.clear()
    async with learner(host) as me:
        await begin(me, "How would you like to sign in?")
        await me.press("enter")
        await me.until(lambda: "Looking whether it is right …" in me.seen)
        assert keys(me) == ["esc"]
        await me.press("enter", "1")
        assert guide(host).answers == ["tool"]
        await me.press("escape")
        await come_to(me, AccountsScreen)
        assert guide(host).closed.wait(5)
        host.by_service["google"].gate.set()


async def test_what_waits_in_a_browser_shows_it_and_goes_on_by_itself() -> None:
    host = way(WAIT, PAGE)
    async with learner(host, size=(80, 24)) as me:
        await begin(me, "Waiting for you to finish in the browser")
        assert "ABCD-EFGH" in me.seen
        assert (keys(me), lit(me)) == (["c", "y", "esc"], ["c"])
        await me.press("c")
        await me.until(lambda: me.app.clipboard == WAIT.url)
        await me.press("y")
        await me.until(lambda: me.app.clipboard == WAIT.code)
        host.by_service["google"].allowed.set()
        await me.until(lambda: "Make a token" in me.seen)


async def test_what_waits_can_be_gone_back_from_and_left() -> None:
    host = way(PAGE, WAIT)
    async with learner(host) as me:
        await begin(me, "Make a token")
        for _ in range(2):
            await me.press("enter")
            await me.until(lambda: "Waiting for you" in me.seen)
            assert keys(me) == ["c", "y", "esc", "ctrl+c"]
            await me.press("escape")
            await me.until(lambda: "Make a token" in me.seen and lit(me) == ["enter"])
            assert "Nobody waits." not in me.seen
        assert not guide(host).closed.is_set()
        await me.press("enter")
        await me.until(lambda: "Waiting for you" in me.seen)
        await me.press("ctrl+c")
        await come_to(me, AccountsScreen)
        assert guide(host).closed.wait(5)
        assert host.by_service["google"].found is None


async def test_what_was_not_allowed_can_be_waited_for_again() -> None:
    host = way(WAIT)
    host.by_service["google"].right["wait"] = "never"
    host.by_service["google"].allowed.set()
    async with learner(host) as me:
        await begin(me, "GitHub refuses it.")
        assert lit(me) == ["enter"]
        del host.by_service["google"].right["wait"]
        await me.press("enter")
        await me.until(lambda: "Google Drive is connected" in me.seen)


async def test_a_page_is_opened_where_there_is_a_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    opened = tmp_path / "opened"
    async with learner(way(PAGE, TOKEN)) as me:
        await begin(me, "Make a token")
        assert keys(me) == ["enter", "o", "c", "esc"]
        await me.press("o")
        await me.until(lambda: opened.exists() and opened.read_text() == f"{PAGE.url}\n")
        await me.press("enter")
        await me.until(lambda: "Hand it over" in me.seen)
        assert keys(me) == ["enter", "ctrl+o", "ctrl+y", "esc", "ctrl+c"]
        await me.press("ctrl+o")
        await me.until(lambda: opened.read_text() == f"{PAGE.url}\n{TOKEN.url}\n")
        # In the field these are letters.
        await me.press("o", "c")
        assert field(me).value == "oc"


async def test_without_a_browser_a_click_on_the_address_copies_it() -> None:
    async with learner(way(PAGE), size=(80, 24)) as me:
        await begin(me, "Make a token")
        message = next(one for one in me.app.screen.query(Message) if PAGE.url in "".join(b.plain for b in one.blocks))
        line = next(y for y, row in enumerate(message.lines(74)) if PAGE.url in row.plain)
        await me.pilot.click(message, offset=(5, line))
        await me.until(lambda: me.app.clipboard == PAGE.url)
        assert "No browser can be opened from here." in me.seen
        await me.click_chip_of_screen("done, go on")
        await me.until(lambda: "Google Drive is connected" in me.seen)


async def test_a_path_is_completed_as_in_a_shell(tmp_path: Path) -> None:
    for name in ("client_secret_1.json", "client_secret_2.json", "other"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    host = way(FILE)
    async with learner(host) as me:
        await begin(me, "Download it as JSON.")
        assert keys(me) == ["enter", "tab", "esc"]
        await me.press("enter")
        await me.until(lambda: "The path of the file first." in me.seen)
        await me.paste(f"{tmp_path}/cl")
        await me.press("tab")
        await me.until(lambda: field(me).value == f"{tmp_path}/client_secret_")
        await me.press("tab")
        await me.until(lambda: "client_secret_1.json   client_secret_2.json" in me.seen)
        await me.type("2")
        await me.press("tab")
        await me.until(lambda: field(me).value.endswith("client_secret_2.json"))
        assert isinstance(me.focused, PathLine)
        await me.press("enter")
        await me.until(lambda: guide(host).answers == [f"{tmp_path}/client_secret_2.json"])


async def test_on_a_low_screen_the_text_scrolls_and_what_is_asked_for_stays() -> None:
    long = replace(TOKEN, text="\n".join(f"Line {number} of the text." for number in range(20)))
    async with learner(way(long), size=(80, 24)) as me:
        await begin(me, "Line 0 of")
        await me.until(lambda: "pgdn" in keys(me))
        assert "The token" in me.seen
        assert "check it" in me.seen
        for _ in range(5):
            await me.press("pagedown")
        await me.until(lambda: TOKEN.url in me.seen and "pgdn" not in keys(me))
        await me.pilot.resize_terminal(80, 60)
        await me.until(lambda: "Line 0 of" in me.seen and TOKEN.url in me.seen)


async def test_where_a_variable_decides_there_is_no_way() -> None:
    host = FakeHost()
    host.by_service["google"].found = replace(FOUND, source=Source.VARIABLE, place="TUTOR_DRIVE_TOKEN")
    async with learner(host) as me:
        await begin(me, "unset TUTOR_DRIVE_TOKEN")
        assert lit(me) == ["enter"]
        await me.press("enter")
        await come_to(me, AccountsScreen)


async def test_a_fault_of_a_services_room_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: str) -> None:
        raise ZeroDivisionError

    host = way(WAY)
    async with learner(host) as me:
        await begin(me, "How would you like to sign in?")
        monkeypatch.setattr(FakeGuide, "answer", fail)
        await me.press("enter")
        await me.until(lambda: "Something in tutor itself failed: ZeroDivisionError()" in me.seen)
        assert lit(me) == ["enter"]
        monkeypatch.undo()
        await me.press("enter")
        await me.until(lambda: "Google Drive is connected" in me.seen)


async def test_the_way_speaks_chinese() -> None:
    step = GuideStep("zh", "生成令牌", "打开网页，点「**Generate new token**」。", Ask.SECRET, label="令牌")
    async with learner(way(step, language="zh"), size=(80, 24)) as me:
        await begin(me, "生成令牌")
        assert "连接 Google 云端硬盘" in me.seen
        assert "第 1 步，共 1 步" in me.seen
