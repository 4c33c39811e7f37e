"""Answering: each kind with the keyboard only and with the mouse only, in both languages, pasted, and through an input method."""

from __future__ import annotations

from functools import partial

from textual.events import Key, Paste

from tests.ui.helpers import Learner, at, learner
from tutor.session import commands as ask
from tutor.session.commands import Command
from tutor.ui.widgets.area import Area, PasteBox
from tutor.ui.widgets.checklist import TickList
from tutor.ui.widgets.choices import Options
from tutor.ui.widgets.fields import TextLine
from tutor.ui.widgets.prompt import Prompt


def answers(me: Learner) -> list[tuple[str, ...]]:
    return [command.values for command in me.session.sent if isinstance(command, ask.Answer)]


def sent(me: Learner, kind: type[Command]) -> list[Command]:
    return [command for command in me.session.sent if isinstance(command, kind)]


def fits(me: Learner) -> list[str]:
    """What stands under the fields."""
    return [
        line.rstrip() for line in me.seen.split("\n") if "✓" in line or "looks like" in line or "characters" in line
    ]


async def compose(me: Learner, text: str) -> None:
    """A candidate and the Enter that accepted it, as a terminal sends them in one piece."""
    assert me.focused is not None
    for key in [*(Key(character, character) for character in text), Key("enter", "\r")]:
        me.focused.post_message(key)
    await me.pilot.pause()


# -- choices


async def test_a_choice_by_digit_in_full_width() -> None:
    async with learner(at("slow", "zh")) as me:
        assert isinstance(me.focused, Options)
        await me.press("２")
        assert me.focused.cursor == 1
        await me.press("enter")
        await me.until(lambda: answers(me) == [("2",)])


async def test_a_choice_by_mouse_only() -> None:
    async with learner(at("slow")) as me:
        options = me.screen.query_one(Options)
        await me.pilot.click(options, offset=(6, 1))
        assert options.cursor == 1
        assert answers(me) == [], "a click only chooses"
        await me.click_chip("answer")
        await me.until(lambda: answers(me) == [("2",)])


async def test_a_question_stands_once_while_it_is_asked_and_once_above_the_answer() -> None:
    async with learner(at("slow")) as me:
        assert me.seen.count("The data is on the CPU") == 1
        await me.press("down", "enter")
        await me.until_said("✓ Passed.")
        assert me.seen.count("The data is on the CPU") == 1


# -- numbers and text


async def test_a_number_is_recognised_as_it_is_typed_and_only_blamed_once_left() -> None:
    async with learner(at("how-many")) as me:
        await me.press("enter")
        await me.until(lambda: isinstance(me.focused, TextLine))
        await me.type("a lot")
        assert "✗" not in me.seen
        await me.press("escape")
        await me.until(lambda: "✗ A number, in MB" in me.seen)
        await me.press("enter")
        await me.press(*["backspace"] * 5)
        await me.type("４")
        await me.until(lambda: "✓ A number, in MB" in me.seen)
        await me.press("enter")
        await me.until(lambda: answers(me) == [("４",)])


async def test_a_number_by_mouse_and_paste() -> None:
    async with learner(at("how-many", "zh")) as me:
        await me.pilot.click(TextLine)
        await me.paste("4\r\n")
        await me.click_chip("提交")
        await me.until(lambda: answers(me) == [("4",)])


# -- forms


async def test_a_form_by_keyboard() -> None:
    async with learner(at("names")) as me:
        await me.press("a")
        await me.until(lambda: isinstance(me.focused, TextLine))
        await me.type("mine")
        await me.press("enter")
        await me.type("1234")
        assert "4 of at least 8 characters" in me.seen
        await me.type("5678")
        await me.until(lambda: "✓ fits" in me.seen)
        await me.press("enter")
        await me.until(lambda: answers(me) == [("mine", "12345678")])


async def test_a_form_by_mouse() -> None:
    async with learner(at("names")) as me:
        first, second = me.screen.query(TextLine)
        await me.pilot.click(second)
        await me.paste("secret-token")
        await me.pilot.click(first)
        await me.paste("mine")
        await me.click_chip("hand in")
        await me.until(lambda: answers(me) == [("mine", "secret-token")])


async def test_a_secret_is_shown_on_request_masked_again_elsewhere_and_never_kept() -> None:
    async with learner(at("names")) as me:
        first, second = me.screen.query(TextLine)
        second.focus()
        await me.type("12345678")
        assert "12345678" not in me.seen
        await me.press("f3")
        await me.until(lambda: "12345678" in me.seen)
        first.focus()
        await me.until(lambda: "12345678" not in me.seen)
        await me.type("mine")
        await me.press("f3", "enter")
        await me.until(lambda: answers(me))
        await me.until_said("✓ Passed.")
        assert all("12345678" not in entry.body for entry in me.host.stored)


# -- a paste, a checklist


async def test_a_paste_of_many_lines_by_keyboard_and_by_mouse() -> None:
    text = "\r\n".join([f"line {number}" for number in range(10_000)] + ["Driver Version: 550.54"])
    for key in (True, False):
        async with learner(at("colab")) as me:
            box = me.screen.query_one(PasteBox).query_one(Area)
            if key:
                await me.press("a")
            else:
                await me.pilot.click(box)
            await me.until(partial(getattr, box, "has_focus"))
            await me.paste(text)
            if key:
                await me.press("ctrl+r")
            else:
                await me.click_chip("hand in")
            await me.until_said("✓ Passed.")
            assert answers(me)[0][0].endswith("line 9999\nDriver Version: 550.54")


async def test_a_checklist_by_digits_in_full_width_and_by_mouse() -> None:
    async with learner(at("by-hand")) as me:
        assert isinstance(me.focused, TickList)
        await me.press("１")
        await me.until(lambda: ask.Tick(0, done=True) in me.session.sent)
        await me.until(lambda: "[x] Open the menu" in me.seen)
        await me.pilot.click(me.screen.query_one(TickList), offset=(6, 1))
        await me.until_said("✓ Passed.")


# -- input methods


async def test_an_enter_that_accepts_a_candidate_hands_nothing_in() -> None:
    async with learner(at("how-many", "zh")) as me:
        await me.press("enter")
        await me.until(lambda: isinstance(me.focused, TextLine))
        await compose(me, "四")
        assert answers(me) == []
        line = me.focused
        assert isinstance(line, TextLine)
        assert line.value == "四"
        await me.until(lambda: True)
        await me.press("enter")
        await me.until(lambda: answers(me) == [("四",)])


async def test_nor_does_it_send_what_stands_at_the_prompt_or_begin_a_line() -> None:
    async with learner(at("brackets", "zh")) as me:
        await me.press("t")
        await me.until(lambda: isinstance(me.focused, Prompt))
        await compose(me, "打印")
        assert isinstance(me.focused, Prompt)
        assert me.focused.text == "打印"
        me.focused.post_message(Paste("训练"))
        me.focused.post_message(Key("enter", "\r"))
        await me.pilot.pause()
        assert me.focused.text == "打印训练"
        assert not sent(me, ask.Say)
        await me.press("escape", "e")
        await me.until(lambda: isinstance(me.focused, Area) and not isinstance(me.focused, Prompt))
        area = me.focused
        assert isinstance(area, Area)
        lines = area.document.line_count
        await compose(me, "注释")
        assert area.document.line_count == lines


async def test_ten_thousand_lines_pasted_at_the_prompt_are_one_piece_of_code() -> None:
    async with learner(at("brackets")) as me:
        await me.press("t")
        await me.until(lambda: isinstance(me.focused, Prompt))
        await me.paste("\n".join(f"x{number} = {number}" for number in range(10_000)) + "\n")
        await me.press("enter")
        await me.until(lambda: len(sent(me, ask.Say)) == 1)
        (said,) = sent(me, ask.Say)
        assert isinstance(said, ask.Say)
        assert said.text.count("\n") == 9_999
