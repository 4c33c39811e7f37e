"""The conversation as a whole: output, interrupting, quitting, languages, typed commands, lessons, coming back."""

from __future__ import annotations

import asyncio

import pytest

from tests.ui.fake.host import FakeHost
from tests.ui.fake.session import FakeSession
from tests.ui.helpers import Learner, at, learner
from tutor.progress.model import Entry, EntryKind, Speaker
from tutor.session import commands as ask
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.quit import QuitScreen
from tutor.ui.widgets.lesson_list import LessonList
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.step_card import StepCard
from tutor.ui.widgets.transcript import HIGH_LINES, MOST_LINES


async def start_endless(me: Learner) -> None:
    await me.press("r")
    await me.until(lambda: me.lit == "ctrl+c" and "tick" in me.said)


async def test_ctrl_c_stops_what_runs() -> None:
    async with learner(at("endless")) as me:
        await start_endless(me)
        await me.press("ctrl+c")
        await me.until_said("it was interrupted")
        assert ask.Interrupt() in me.session.sent


async def test_an_impatient_enter_does_not_stop_what_runs() -> None:
    async with learner(at("endless")) as me:
        await start_endless(me)
        await me.press("enter", "enter")
        assert me.card.running
        assert ask.Interrupt() not in me.session.sent


async def test_ctrl_c_twice_asks_and_quitting_leaves_nothing_running() -> None:
    async with learner(at("endless")) as me:
        me.session.ignores_interrupt = True
        await start_endless(me)
        await me.press("ctrl+c")
        await me.press("ctrl+c")
        await me.until(lambda: isinstance(me.app.screen, QuitScreen))
        assert "still running" in me.seen
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)
        assert not me.session.closed
        await me.press("q")
        await me.until(lambda: isinstance(me.app.screen, QuitScreen))
        await me.press("enter")
        await me.until(lambda: me.session.closed and not me.app.is_running)


async def test_ctrl_c_when_nothing_runs_asks_before_quitting() -> None:
    async with learner() as me:
        await me.press("ctrl+c")
        await me.until(lambda: isinstance(me.app.screen, QuitScreen))
        await me.press("ctrl+c")
        await me.until(lambda: me.session.closed and not me.app.is_running)


async def test_q_quits_at_once_when_nothing_runs_and_keeps_the_screen() -> None:
    async with learner() as me:
        await me.press("q")
        await me.until(lambda: not me.app.is_running)
        assert me.session.closed
        assert me.host.kept is not None
        assert me.app.return_value == 0


async def test_quitting_by_mouse() -> None:
    async with learner(at("endless")) as me:
        await start_endless(me)
        await me.command("/quit")
        await me.until(lambda: isinstance(me.app.screen, QuitScreen))
        await me.pilot.click("QuitScreen ActionRow", offset=(3, 0))
        await me.until(lambda: me.session.closed and not me.app.is_running)


async def test_the_language_changes_at_any_moment() -> None:
    async with learner(at("brackets")) as me:
        await me.press("e")
        await me.press("f2")
        await me.until(lambda: "回到步骤" in [chip.label for chip in me.chips])
        assert me.card.lesson.language == "zh"
        assert "我的代码跑在" in me.seen.replace(" ", "")
        await me.press("escape")
        await me.command("/lang en")
        await me.until(lambda: me.card.lesson.language == "en" and "hint" in [chip.label for chip in me.chips])


async def test_output_is_never_markup_and_carries_no_escapes() -> None:
    async with learner(at("noise")) as me:
        await me.press("r")
        await me.until_said("✓ Passed.")
        assert "[bold]not markup[/bold] [/nothing] [link=x" in me.said
        assert "red plain" in me.said
        assert "\x1b" not in me.said
        assert "\x07" not in me.said
        assert "lines in between" in me.said
        assert "line 999" in me.said
        assert "line 600" not in me.said


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("/hint", ask.Hint()),
        ("/run", ask.Run(None)),
        ("/skip", ask.Skip()),
        ("/restart empty", ask.Restart(empty_folder=True)),
        ("print(1)", ask.Say("print(1)")),
    ],
)
async def test_typed_lines(line: str, sent: ask.Command) -> None:
    async with learner(at("brackets")) as me:
        await me.command(line)
        await me.until(lambda: sent in me.session.sent, f"{sent}")
        after = Prompt if isinstance(sent, ask.Say) else StepCard
        await me.until(lambda: isinstance(me.focused, after) or me.card.step.id != "brackets")


async def test_a_command_that_is_none_names_the_nearest() -> None:
    async with learner() as me:
        await me.command("/hnit")
        await me.until_said("/hnit is no command. Did you mean /hint?")
        assert not me.session.sent


async def test_code_at_the_prompt_runs_and_is_not_judged() -> None:
    async with learner() as me:
        await me.command("1 + 1")
        await me.until_said("ran 1 + 1")
        assert "Passed" not in me.said


async def test_code_at_the_prompt_is_stopped_like_any_other() -> None:
    async with learner() as me:
        await me.command("while True: pass")
        await me.until(lambda: me.lit == "ctrl+c")
        await me.press("ctrl+c")
        await me.until(lambda: ask.Interrupt() in me.session.sent)


async def test_the_prompt_remembers_and_keeps_pasted_lines_together() -> None:
    host = FakeHost()
    host.typed = ["old = 1"]
    async with learner(host) as me:
        await me.press("t")
        await me.paste("a = 1\nb = 2\n")
        prompt = me.screen.query_one(Prompt)
        assert prompt.text == "a = 1\nb = 2"
        await me.press("enter")
        await me.until(lambda: ask.Say("a = 1\nb = 2") in me.session.sent)
        await me.until(lambda: isinstance(me.focused, Prompt))
        await me.type("unsent")
        await me.press("up")
        assert prompt.text == "a = 1\nb = 2"
        await me.press("up", "up")
        assert prompt.text == "old = 1"
        await me.press("down", "down", "down")
        assert prompt.text == "unsent"
        assert host.typed[-1] == "a = 1\nb = 2"
        await me.press("escape")
        await me.until(lambda: isinstance(me.focused, StepCard))


async def test_help_lists_the_keys() -> None:
    async with learner() as me:
        await me.press("question_mark")
        await me.until(lambda: isinstance(me.app.screen, HelpScreen))
        assert "Typed commands" in me.seen or "Keys" in me.seen
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)


async def test_another_lesson_is_opened_from_the_list() -> None:
    async with learner(at("bye")) as me:
        first = me.session
        await me.press("L")
        await me.until(lambda: isinstance(me.focused, LessonList))
        await me.press("end", "up", "enter")
        await me.until(lambda: me.host.opened[-1] == "memory" and me.session is not first)
        assert first.closed
        await me.until(lambda: me.card.lesson.id == "memory")


async def test_going_elsewhere_while_a_lesson_opens_leaves_no_session_behind() -> None:
    async with learner() as me:
        first = me.session
        opened: list[FakeSession] = []
        real = me.host.open

        async def slowly(lesson_id: str, step_id: str = "") -> FakeSession:
            await asyncio.sleep(0)
            opened.append(await real(lesson_id, step_id))
            await asyncio.sleep(0)
            return opened[-1]

        me.host.open = slowly  # type: ignore[method-assign]
        screen = me.screen
        assert screen.conductor is not None
        await screen.conductor.go_to("memory", "")
        await screen.conductor.go_to("first-gpu", "")
        await me.until(lambda: me.card.lesson.id == "first-gpu")
        assert first.closed
        assert all(session.closed for session in opened[:-1])


async def test_a_step_is_chosen_in_the_list_by_mouse() -> None:
    async with learner() as me:
        await me.pilot.click("#lessons", offset=(6, 4))
        await me.until_at("slow")


async def test_the_list_covers_a_narrow_screen_only_while_it_is_wanted() -> None:
    async with learner(size=(80, 24)) as me:
        assert not me.screen.list.display
        await me.press("L")
        await me.until(lambda: me.screen.list.region.width > 60)
        await me.press("escape")
        await me.until(lambda: not me.screen.list.display and isinstance(me.focused, StepCard))


async def test_a_lesson_that_cannot_be_opened_says_why() -> None:
    async with learner() as me:
        await me.command("/lesson broken")
        await me.until_said("line 3 has no id")


async def test_the_end_of_a_lesson_leads_to_the_next() -> None:
    async with learner(at("bye")) as me:
        await me.press("n")
        await me.until_said("Next lesson: “Your first hour on a GPU”")
        await me.press("n")
        await me.until(lambda: me.card.lesson.id == "first-gpu")


async def test_coming_back_paints_what_was_there_before_anything_is_opened() -> None:
    host = FakeHost()
    async with learner(host) as me:
        await me.press("n")
        await me.until_at("brackets")
        await me.press("r")
        await me.until_said("Not yet.")
        await me.press("q")
        await me.until(lambda: not me.app.is_running)
    again = FakeHost()
    again.kept, again.stored, again.states = host.kept, host.stored, host.states
    async with learner(again) as me:
        assert "Not yet." in me.said
        assert me.card.step.id == "brackets"
        assert me.said.count("Not yet.") == 1
        assert "on_gpu = torch.cuda.is_available" in me.seen


async def test_a_damaged_snapshot_is_left_aside() -> None:
    host = FakeHost()
    host.kept = {"format": 1, "language": "en", "lesson": 3, "said": [[1]]}
    async with learner(host) as me:
        assert me.card.step.id == "ask-pytorch"


async def test_older_messages_come_when_the_learner_scrolls_up() -> None:
    host = FakeHost()
    for number in range(1, 301):
        body = f"message {number}\n\n" + "\n\n".join(f"line {line}" for line in range(8))
        host.keep(Entry("check-device", "brackets", Speaker.TUTOR, EntryKind.PROSE, body))
    async with learner(host) as me:
        transcript = me.screen.transcript
        assert "message 300" in me.said
        assert "message 200\n" not in me.said

        async def go_up() -> None:
            while "message 200\n" not in me.said:
                await me.press("home")

        await go_up()
        assert transcript.virtual_size.height > HIGH_LINES
        await me.press("end")
        await me.until(lambda: transcript.virtual_size.height <= HIGH_LINES)
        assert "message 300" in me.said


async def test_thousands_of_messages_are_never_mounted_at_once() -> None:
    host = FakeHost()
    for number in range(1, 2001):
        body = f"message {number}\n\n" + "\n\n".join(f"line {line}" for line in range(20))
        host.keep(Entry("check-device", "brackets", Speaker.TUTOR, EntryKind.PROSE, body))
    async with learner(host) as me:
        transcript = me.screen.transcript
        while not transcript.is_cut_off:
            first = transcript.messages[0]
            await me.press("home")
            await me.until(lambda first=first: transcript.messages[0] is not first)  # type: ignore[misc]
        assert transcript.virtual_size.height < MOST_LINES + 2 * 30 * 42
        assert "message 2000" not in me.said
        me.session.say(EntryKind.NOTE, "said far below")
        await me.press("r")
        await me.until_said("Not yet.")
        assert "message 2000" in me.said
        assert me.said.count("said far below") == 1
        assert transcript.at_end


async def test_what_is_read_stays_in_place_while_more_is_said() -> None:
    async with learner(at("noise"), size=(80, 24)) as me:
        await me.press("r")
        await me.until_said("✓ Passed.")
        await me.press("pageup")
        transcript = me.screen.transcript
        await me.until(lambda: me.lit == "space")
        top = transcript.scroll_y
        me.session.say(EntryKind.NOTE, "said meanwhile")
        await me.until_said("said meanwhile")
        assert transcript.scroll_y == top
        await me.press("end")
        await me.until(lambda: transcript.at_end)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_size_shows_the_lit_key_and_the_status(size: tuple[int, int], language: str) -> None:
    async with learner(FakeHost(language), size=size) as me:
        await me.until(lambda: me.lit)
        row, status = me.screen.row.region, me.screen.status.region
        assert row.bottom <= status.y < size[1]
        assert row.right <= size[0]
        for message in me.screen.transcript.messages:
            assert all(
                line.cell_length <= message.content_size.width for line in message.lines(message.content_size.width)
            )
        await me.pilot.resize_terminal(*size[::-1])
        await me.until(lambda: me.screen.size.width == size[1])


async def test_a_failing_worker_is_told_and_the_tutor_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with learner() as me:

        async def fails(language: str) -> None:
            raise OSError("[bold]disk[/bold] gone")

        monkeypatch.setattr(me.host, "set_language", fails)
        await me.press("f2")
        await me.until(lambda: "disk" in me.seen)
        await me.press("r")
        await me.until_said("2.13.0+cpu")


async def test_a_hint_is_in_sight_also_where_the_card_fills_the_screen() -> None:
    host = at("brackets")
    async with learner(host, size=(80, 12)) as me:
        await me.press("h")
        await me.until(lambda: "Print on_gpu itself" in me.seen)


async def test_a_miss_is_in_sight_also_where_the_card_fills_the_screen() -> None:
    host = at("brackets")
    async with learner(host, size=(80, 14)) as me:
        await me.press("r")
        await me.until(lambda: "Not yet" in me.seen and "read on" in me.seen)


async def test_copy_says_so() -> None:
    async with learner(at("brackets")) as me:
        await me.press("c")
        await me.until(lambda: "Copied" in me.seen)
        assert me.app.clipboard.startswith("import torch")
