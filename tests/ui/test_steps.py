"""Working through steps, by keyboard and by mouse."""

from __future__ import annotations

from tests.ui.helpers import at, learner
from tutor.session import commands as ask
from tutor.ui.widgets.area import Area, CodeArea
from tutor.ui.widgets.checklist import TickList
from tutor.ui.widgets.choices import Options
from tutor.ui.widgets.code_panel import CodePanel
from tutor.ui.widgets.fields import TextLine
from tutor.ui.widgets.step_card import StepCard


async def test_the_lit_key_leads_from_reading_to_running_to_the_next_step() -> None:
    async with learner(size=(80, 24)) as me:
        await me.until(lambda: me.has_more_to_read)
        while me.has_more_to_read:
            await me.read_on("enter")
        assert me.lit == "r"
        await me.press("enter")
        await me.until_said("Right as far as this computer can tell")
        await me.until(lambda: me.lit == "n")
        await me.press("enter")
        await me.until_at("brackets")


async def test_running_shows_code_output_and_verdict_once() -> None:
    async with learner() as me:
        await me.press("r")
        await me.until_said("Right as far as this computer can tell")
        assert me.said.count("2.13.0+cpu") == 1
        assert me.said.count("print(torch.__version__)") == 1
        assert "✓ PyTorch is installed" in me.said
        assert "● PyTorch sees the CUDA device" in me.said
        assert "0.9 s" in me.said
        assert not me.screen.query(CodePanel)
        assert isinstance(me.focused, StepCard)


async def test_running_by_mouse() -> None:
    async with learner() as me:
        await me.click_chip("run")
        await me.until_said("2.13.0+cpu")
        await me.click_chip("next")
        await me.until_at("brackets")


async def test_edit_miss_hint_solution_fill_and_pass() -> None:
    async with learner(at("brackets")) as me:
        await me.press("e")
        await me.until(lambda: isinstance(me.focused, CodeArea))
        await me.type("#x")
        await me.press("enter")
        await me.press("ctrl+r")
        await me.until_said("Not yet.")
        assert "expected  True or False" in me.said
        ran = [command for command in me.session.sent if isinstance(command, ask.Run)]
        assert ran[-1].code is not None
        assert ran[-1].code.startswith("import torch#x\n")
        assert isinstance(me.focused, StepCard)
        await me.press("h")
        await me.until_said("Print on_gpu itself.")
        assert "Hint 1 of 2" in me.said
        await me.press("s")
        await me.until_said("Solution")
        await me.press("f")
        await me.until(lambda: me.card.code.endswith("bool(on_gpu))") and "is_available()" in me.card.code)
        await me.until(lambda: me.lit == "r")
        await me.press("enter")
        await me.until_said("✓ Passed.")
        assert me.lit == "n"


async def test_every_change_of_the_editor_is_handed_on() -> None:
    async with learner(at("brackets")) as me:
        await me.click_chip("edit")
        await me.until(lambda: isinstance(me.focused, CodeArea))
        await me.type("ab")
        await me.until(lambda: sum(isinstance(command, ask.Edit) for command in me.session.sent) == 2)
        last = [command for command in me.session.sent if isinstance(command, ask.Edit)][-1]
        assert last.text is not None
        assert last.text.startswith("import torchab")
        await me.press("escape")
        await me.until(lambda: isinstance(me.focused, StepCard))
        assert me.screen.query_one(CodePanel).code.startswith("import torchab")
        assert me.lit == "r"
        await me.press("o")
        await me.until(lambda: me.screen.query_one(CodePanel).code.startswith("import torch"))


async def test_an_echo_of_older_text_does_not_overwrite_the_editor() -> None:
    async with learner(at("brackets")) as me:
        await me.press("e")
        await me.until(lambda: isinstance(me.focused, CodeArea))
        await me.type("a")
        echo = me.card
        await me.type("b")
        await me.screen.step_card.show(echo, me.screen.words)
        assert me.screen.query_one(CodeArea).text.startswith("import torchab")


async def test_quiz_by_keyboard_and_the_question_stays_above_the_answer() -> None:
    async with learner(at("slow")) as me:
        assert isinstance(me.focused, Options)
        await me.press("down", "enter")
        await me.until_said("✓ Passed.")
        assert ask.Answer(("2",)) in me.session.sent
        assert me.said.index("What happens?") < me.said.index("› 2")
        assert isinstance(me.focused, StepCard)


async def test_quiz_by_digit_then_by_mouse() -> None:
    async with learner(at("slow")) as me:
        await me.press("1", "enter")
        await me.until_said("Not yet.")
        options = me.screen.query_one(Options)
        await me.pilot.click(options, offset=(6, 1))
        await me.until(lambda: options.cursor == 1)
        await me.click_chip("answer")
        await me.until_said("✓ Passed.")


async def test_single_keys_act_while_a_question_is_asked() -> None:
    async with learner(at("slow")) as me:
        assert isinstance(me.focused, Options)
        await me.press("k")
        await me.until_at("how-many")


async def test_what_stands_below_the_screen_is_not_answered_by_accident() -> None:
    async with learner(at("by-hand"), size=(60, 11)) as me:
        await me.until(lambda: me.has_more_to_read)
        while me.has_more_to_read:
            await me.read_on("space")
            assert not me.session.sent
        await me.press("space")
        await me.until(lambda: ask.Tick(0, done=True) in me.session.sent)


async def test_a_number_is_typed_after_one_key() -> None:
    async with learner(at("how-many")) as me:
        assert isinstance(me.focused, StepCard)
        await me.press("enter")
        await me.until(lambda: isinstance(me.focused, TextLine))
        await me.type("4")
        await me.press("enter")
        await me.until_said("✓ Passed.")
        assert ask.Answer(("4",)) in me.session.sent


async def test_a_form_masks_its_secret() -> None:
    async with learner(at("names")) as me:
        await me.press("a")
        await me.type("demo")
        await me.press("enter")
        await me.type("ghp_very_secret")
        assert "ghp_very_secret" not in me.seen
        await me.press("enter")
        await me.until_said("✓ Passed.")
        assert ask.Answer(("demo", "ghp_very_secret")) in me.session.sent
        assert "ghp_very_secret" not in me.said
        assert "ghp_very_secret" not in str(me.screen.conductor and me.screen.conductor.stage.first_screen())


async def test_a_paste_keeps_its_lines_and_loses_its_escapes() -> None:
    async with learner(at("colab")) as me:
        await me.press("a")
        await me.until(lambda: isinstance(me.focused, Area))
        await me.paste("first\r\nDriver \x1b[31mVersion: 550\x1b[0m")
        await me.click_chip("hand in")
        await me.until_said("✓ Passed.")
        assert ask.Answer(("first\nDriver Version: 550",)) in me.session.sent


async def test_a_checklist_by_keyboard_and_mouse() -> None:
    async with learner(at("by-hand")) as me:
        ticks = me.screen.query_one(TickList)
        assert me.focused is ticks
        await me.press("space")
        await me.until(lambda: ask.Tick(0, done=True) in me.session.sent)
        await me.pilot.click(ticks, offset=(6, 1))
        await me.until_said("✓ Passed.")


async def test_input_is_asked_in_the_conversation() -> None:
    async with learner(at("ask-name")) as me:
        await me.press("r")
        await me.until(lambda: isinstance(me.focused, TextLine))
        assert "Your name?" in me.seen
        await me.type("Ada")
        await me.press("enter")
        await me.until_said("Hello, Ada")
        await me.until(lambda: isinstance(me.focused, StepCard))


async def test_a_password_is_masked_and_its_prompt_is_no_markup() -> None:
    async with learner(at("ask-name")) as me:
        me.session.asks_secretly = True
        me.session.prompt = "[red]Token[/red]: "
        await me.press("r")
        await me.until(lambda: isinstance(me.focused, TextLine))
        await me.type("hush-hush")
        assert "[red]Token[/red]:" in me.seen
        assert "hush" not in me.seen


async def test_skip_back_goto_and_restart() -> None:
    async with learner(at("brackets")) as me:
        await me.press("k")
        await me.until_at("slow")
        await me.press("b")
        await me.until_at("brackets")
        await me.press("x")
        await me.until_said("The runtime is fresh.")
        await me.command("/goto bye")
        await me.until_at("bye")


async def test_a_key_that_does_nothing_here_says_so() -> None:
    async with learner(at("bye")) as me:
        await me.press("s")
        await me.until(lambda: "Not possible" in me.seen)
        assert not me.session.sent
