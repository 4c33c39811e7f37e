"""Whole flows with the mouse only; the keyboard types letters where letters are wanted, and nothing else."""

from __future__ import annotations

from functools import partial

from textual import events
from textual.command import CommandInput, CommandList

from tests.ui.helpers import Learner, at, learner
from tutor.session import commands as ask
from tutor.ui.screens.help import HelpScreen
from tutor.ui.widgets.area import CodeArea
from tutor.ui.widgets.fields import TextLine
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.status_line import StatusLine
from tutor.ui.widgets.step_card import StepCard
from tutor.ui.wrap import cells


async def click_status(me: Learner, word: str) -> None:
    """Click a word of the status line."""
    line = me.screen.query_one(StatusLine)
    before, _, _ = line.render().plain.partition(word)
    await me.pilot.click(line, offset=(cells(before) + 1, 0))


def has_gone_on(me: Learner, top: float) -> bool:
    return me.screen.transcript.scroll_y != top and not me.card.running


async def test_help_through_a_miss_to_the_solution_and_a_pass() -> None:
    async with learner(at("brackets")) as me:
        await me.click_chip("run")
        await me.until_said("Not yet.")
        await me.click_chip("hint")
        await me.until_said("Print on_gpu itself.")
        await me.click_chip("solution")
        await me.until_said("Solution")
        await me.click_chip("fill in")
        await me.until(lambda: ask.Solution(fill=True) in me.session.sent)
        await me.until(lambda: me.lit == "r")
        await me.click_chip("run")
        await me.until_said("✓ Passed.")
        await me.click_chip("next")
        await me.until_at("slow")


async def test_skipped_gone_back_to_and_restarted() -> None:
    async with learner(at("brackets")) as me:
        await me.click_chip("skip")
        await me.until_at("slow")
        await me.click_chip("back")
        await me.until_at("brackets")
        await me.click_chip("restart")
        await me.until_said("The runtime is fresh.")


async def test_code_is_written_and_run() -> None:
    async with learner(at("brackets")) as me:
        await me.click_chip("edit")
        await me.until(lambda: isinstance(me.focused, CodeArea))
        await me.type("# is_available()")
        await me.click_chip("run")
        await me.until_said("✓ Passed.")


async def test_the_editor_is_left_for_the_step() -> None:
    async with learner(at("brackets")) as me:
        await me.click_chip("edit")
        await me.until(lambda: isinstance(me.focused, CodeArea))
        await me.click_chip("back to the step")
        await me.until(lambda: isinstance(me.focused, StepCard))


async def test_a_program_that_asks_is_answered() -> None:
    async with learner(at("ask-name")) as me:
        await me.click_chip("run")
        await me.until(lambda: isinstance(me.focused, TextLine))
        await me.type("Ada")
        await me.click_chip("hand in")
        await me.until_said("Hello, Ada")


async def test_code_at_the_prompt() -> None:
    async with learner() as me:
        await me.pilot.click(me.screen.query_one(Prompt))
        await me.until(lambda: isinstance(me.focused, Prompt))
        await me.type("x = 1")
        await me.click_chip("send")
        await me.until_said("ran x = 1")


async def test_what_runs_is_stopped() -> None:
    async with learner(at("endless")) as me:
        await me.click_chip("run")
        await me.until_said("tick")
        await me.click_chip("stop")
        await me.until_said("Not yet.")


async def test_the_palette_is_searched_and_a_row_clicked() -> None:
    async with learner() as me:
        await me.press("ctrl+p")  # the one way in that has no place on the screen
        await me.until(lambda: isinstance(me.focused, CommandInput))
        await me.type("contrast")
        rows = me.app.screen.query_one(CommandList)
        await me.until(lambda: rows.option_count == 1)
        await me.pilot.click(rows, offset=(4, 0))
        await me.until(lambda: me.app.theme.endswith("contrast"))


async def test_help_is_opened_and_left() -> None:
    async with learner() as me:
        await click_status(me, "? help")
        await me.until(lambda: isinstance(me.app.screen, HelpScreen))
        await me.pilot.click(me.app.screen, offset=(0, 0))
        await me.until(lambda: not isinstance(me.app.screen, HelpScreen))


async def test_the_other_language_and_back() -> None:
    async with learner() as me:
        await click_status(me, "f2")
        await me.until(lambda: me.screen.words.language == "zh")
        await click_status(me, "f2")
        await me.until(lambda: me.screen.words.language == "en")


async def test_the_lit_chip_leads_through_reading_to_the_next_step() -> None:
    async with learner(size=(80, 24)) as me:
        await me.until(lambda: me.has_more_to_read)
        while me.card.step.id == "ask-pytorch":
            (lit,) = [chip.label for chip in me.chips if chip.suggested]
            top = me.screen.transcript.scroll_y
            await me.click_chip(lit)
            await me.until(partial(has_gone_on, me, top))
        await me.until_at("brackets")


async def test_a_click_beyond_the_screen_leaves_the_keys_to_the_step() -> None:
    async with learner() as me:
        me.screen.set_focus(None)  # as Textual does then
        await me.until(lambda: isinstance(me.focused, StepCard))
        await me.press("n")
        await me.until_at("brackets")


async def test_the_focus_that_the_window_takes_along_comes_back_to_what_had_it() -> None:
    async with learner() as me:
        await me.pilot.click(me.screen.query_one(Prompt))
        me.app.post_message(events.AppBlur())
        await me.until(lambda: me.focused is None)
        me.app.post_message(events.AppFocus())
        await me.until(lambda: isinstance(me.focused, Prompt))
