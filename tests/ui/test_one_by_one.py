"""Keys that come in one read: each acts where it was meant to."""

from __future__ import annotations

import pytest
from textual import events

from tests.ui.helpers import Learner, at, learner
from tutor.session import commands as ask
from tutor.ui import one_by_one
from tutor.ui.widgets.area import CodeArea
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.step_card import StepCard

NAMES = {"\n": "ctrl+j", "\r": "enter", "/": "slash", " ": "space"}


def burst(me: Learner, *keys: str) -> None:
    """All of them in one read; text is taken letter by letter."""
    for key in keys:
        for each in [key] if key in ("left", "up", "down", "backspace", "escape", "ctrl+r") else key:
            me.app.post_message(events.Key(NAMES.get(each, each), each if len(each) == 1 else None))


def prompt(me: Learner) -> Prompt:
    return me.screen.query_one(Prompt)


async def test_new_lines_do_not_overtake_letters() -> None:
    async with learner() as me:
        await me.press("t")
        burst(me, "aa = 1\nprint(aa)\r")
        await me.until(lambda: ask.Say("aa = 1\nprint(aa)") in me.session.sent)


async def test_new_lines_do_not_overtake_letters_in_the_editor() -> None:
    async with learner(at("brackets")) as me:
        await me.press("e")
        await me.until(lambda: isinstance(me.focused, CodeArea))
        await me.press("end")
        burst(me, "\na = 1\nb = 2", "ctrl+r")
        await me.until(lambda: any(isinstance(sent, ask.Run) for sent in me.session.sent))
        sent = next(sent for sent in me.session.sent if isinstance(sent, ask.Run))
        assert str(sent.code).startswith("import torch\na = 1\nb = 2")


async def test_keys_that_move_the_cursor_do_not_fall_behind_letters() -> None:
    async with learner() as me:
        await me.press("t")
        burst(me, "prinr", "backspace", "t(2)", "left", "left", "1")
        await me.until(lambda: prompt(me).text == "print(12)")


async def test_up_does_not_overtake_letters() -> None:
    async with learner() as me:
        await me.command("1 + 1")
        await me.until_said("ran 1 + 1")
        await me.until(lambda: isinstance(me.focused, Prompt))
        burst(me, "abc", "up", "0", "down")
        await me.until(lambda: prompt(me).text == "abc")


async def test_esc_does_not_overtake_letters() -> None:
    async with learner() as me:
        await me.press("t")
        burst(me, "abc", "escape")
        await me.until(lambda: isinstance(me.focused, StepCard))
        assert prompt(me).text == "abc"


async def test_a_key_is_not_lost_before_the_one_that_goes_to_the_prompt() -> None:
    async with learner() as me:
        burst(me, "rt1+1")
        await me.until(lambda: ask.Run(None) in me.session.sent)
        await me.until(lambda: prompt(me).text == "1+1")


async def test_a_choice_is_not_lost_before_a_command() -> None:
    async with learner(at("slow")) as me:
        await me.until(lambda: me.lit == "enter")
        burst(me, "2\r/hint")
        await me.until(lambda: ask.Answer(("2",)) in me.session.sent)
        await me.until(lambda: prompt(me).text == "/hint")


async def test_keys_behind_a_typed_command_are_for_the_step() -> None:
    async with learner(at("brackets")) as me:
        burst(me, "/hint\rn")
        await me.until_at("slow")
        assert ask.Hint() in me.session.sent


async def test_a_paste_waits_for_the_keys_before_it() -> None:
    async with learner() as me:
        await me.press("t")
        burst(me, "ac", "left")
        me.app.post_message(events.Paste("b"))
        await me.until(lambda: prompt(me).text == "abc")


async def test_a_key_whose_widget_has_gone_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_by_one, "PATIENCE", 0.01)
    async with learner() as me:
        # What is sent after it never arrives.
        monkeypatch.setattr(one_by_one.OneByOne, "_send", lambda *_: None)
        burst(me, "rt")
        await me.until(lambda: ask.Run(None) in me.session.sent and isinstance(me.focused, Prompt))
