"""The prompt stays the learner's: while its code runs, when that asks for a line, and after it."""

from __future__ import annotations

from textual.widgets import Input

from tests.ui.helpers import Learner, at, learner
from tutor.session import commands as ask
from tutor.session.events import Asking
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.step_card import StepCard


def typed(me: Learner) -> str:
    return me.screen.query_one(Prompt).text


async def test_what_is_typed_while_code_of_the_prompt_runs_stays_text() -> None:
    async with learner() as me:
        await me.command("wait")
        await me.until(lambda: me.card.running)
        await me.type("abc")
        assert typed(me) == "abc"
        assert me.lit == "ctrl+c"
        me.session.gate.set()
        await me.until(lambda: not me.card.running)
        assert (typed(me), isinstance(me.focused, Prompt)) == ("abc", True)
        assert ask.Check() not in me.session.sent


async def test_code_sent_while_other_code_runs_has_its_turn() -> None:
    async with learner() as me:
        await me.command("wait")
        await me.until(lambda: me.card.running)
        await me.type("1 + 1")
        await me.press("enter")
        await me.until(lambda: "Runs as soon as" in me.seen)
        assert "ran 1 + 1" not in me.said
        me.session.gate.set()
        await me.until_said("ran 1 + 1")


async def test_ctrl_c_stops_code_of_the_prompt_and_the_learner_stays_there() -> None:
    async with learner() as me:
        await me.command("while True: pass")
        await me.until(lambda: me.card.running)
        await me.press("ctrl+c")
        await me.until_said("it was interrupted")
        assert isinstance(me.focused, Prompt)


async def test_a_line_that_the_code_asks_for_takes_the_focus_and_gives_it_back() -> None:
    async with learner() as me:
        await me.command("input()")
        await me.until(lambda: isinstance(me.focused, Input))
        await me.type("Ada")
        await me.press("enter")
        await me.until(lambda: ask.Answer(("Ada",)) in me.session.sent and not me.card.running)
        assert isinstance(me.focused, Prompt)


async def test_stopped_at_its_line_the_code_gives_the_focus_back() -> None:
    async with learner() as me:
        await me.command("input()")
        await me.until(lambda: isinstance(me.focused, Input))
        await me.press("ctrl+c")
        await me.until_said("it was interrupted")
        await me.until(lambda: isinstance(me.focused, Prompt))


async def test_whoever_is_typing_is_told_how_to_get_to_the_line() -> None:
    async with learner() as me:
        await me.command("wait; input()")
        await me.until(lambda: me.card.running)
        await me.type("abc")
        me.session.gate.set()
        await me.until(lambda: me.card.asking is Asking.INPUT)
        await me.until(lambda: me.lit == "esc")
        assert (typed(me), isinstance(me.focused, Prompt)) == ("abc", True)
        assert "answer the running code" in me.seen
        await me.press("escape")
        await me.until(lambda: isinstance(me.focused, Input))
        await me.type("Ada")
        await me.press("enter")
        await me.until(lambda: ask.Answer(("Ada",)) in me.session.sent and not me.card.running)
        assert (typed(me), isinstance(me.focused, Prompt)) == ("abc", True)


async def test_whoever_is_typing_gets_to_the_line_by_mouse() -> None:
    async with learner(at("brackets")) as me:
        await me.command("wait; input()")
        await me.until(lambda: me.card.running)
        await me.type("abc")
        me.session.gate.set()
        await me.until(lambda: me.lit == "esc")
        await me.click_chip("answer the running code")
        await me.until(lambda: isinstance(me.focused, Input))


async def test_whoever_went_to_the_step_meanwhile_stays_there() -> None:
    async with learner() as me:
        await me.command("wait")
        await me.until(lambda: me.card.running)
        await me.press("escape")
        await me.until(lambda: isinstance(me.focused, StepCard))
        me.session.gate.set()
        await me.until(lambda: not me.card.running)
        assert isinstance(me.focused, StepCard)


async def test_what_is_pasted_where_nothing_takes_text_stands_at_the_prompt() -> None:
    async with learner(at("brackets")) as me:
        assert me.focused is me.screen.step_card
        await me.paste("Traceback (most recent call last):\r\nKeyError: 'x'")
        await me.until(lambda: me.screen.prompt_bar.has_focus_within)
        prompt = me.focused
        assert isinstance(prompt, Prompt)
        assert prompt.text == "Traceback (most recent call last):\nKeyError: 'x'"
        assert ask.Run() not in me.session.sent
