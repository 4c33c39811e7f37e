from __future__ import annotations

import asyncio
import io
import os
from dataclasses import replace
from pathlib import Path

from tests.support.waiting import wait_for_async
from tests.ui.fake.host import FakeHost
from tests.ui.helpers import at
from tests.ui.plain.conversing import converse
from tutor.progress.model import EntryKind, StepState
from tutor.session import commands as ask
from tutor.ui.plain.front import PlainConversation
from tutor.ui.plain.reader import LineReader


async def test_a_step_is_told_run_and_judged_in_words() -> None:
    said = await converse(FakeHost(), ["r"])
    assert "Step 1 of" in said
    assert "    torch.cuda.is_available()" in said
    assert "2.13.0+cpu\nFalse\n" in said
    assert "Passed: PyTorch is installed" in said
    assert "Could not check here: PyTorch sees the CUDA device" in said
    assert "│" not in said
    assert "\x1b" not in said


async def test_output_is_printed_once() -> None:
    said = await converse(FakeHost(), ["r"])
    assert said.count("2.13.0+cpu") == 1


async def test_an_empty_line_does_what_is_named_first() -> None:
    host = FakeHost()
    await converse(host, [""])
    assert host.session is not None
    assert isinstance(host.session.sent[0], ask.Run)


async def test_lines_wait_until_the_step_before_them_is_done() -> None:
    said = await converse(FakeHost(), ["r", "n", "r"])
    assert said.index("Could not check here") < said.index("Step 2 of") < said.index("Not yet: on_gpu is an answer")


async def test_a_miss_says_what_was_expected_and_seen() -> None:
    said = await converse(at("brackets"), ["r"])
    assert "    expected: True or False\n    seen: <built-in function is_available>" in said


async def test_a_hint_says_which_it_is() -> None:
    said = await converse(at("brackets"), ["h", "h"])
    assert "Hint 1 of 2:\nPrint" in said
    assert "Hint 2 of 2:\n" in said


async def test_the_solution_is_shown_when_it_is_asked_for() -> None:
    said = await converse(at("brackets"), ["h", "s", "f"])
    assert "is_available()" in said
    assert "Not possible at this step now" not in said


async def test_code_is_changed_by_line_numbers() -> None:
    host = at("brackets")
    said = await converse(host, ["e", "3: on_gpu = torch.cuda.is_available()", "nonsense", "", ""])
    assert "No line was changed by this: nonsense" in said
    assert host.states["brackets"] is StepState.PASSED


async def test_after_a_miss_the_next_thing_is_said_without_keys_of_a_screen_and_without_marks() -> None:
    said = await converse(at("brackets"), ["r"])
    assert "Next: e changes the code, then r runs it again." in said
    assert "*" not in said
    assert "ctrl+r" not in said


async def test_a_key_that_does_nothing_here_says_so_and_is_not_taken_for_code() -> None:
    host = FakeHost()
    said = await converse(host, ["f"])
    assert "Not possible at this step now" in said
    assert host.session is not None
    assert host.session.sent == []


async def test_the_end_of_a_lesson_names_the_next() -> None:
    said = await converse(at("noise"), ["n", "n"])
    assert "The next lesson is “Your first hour on a GPU”." in said


async def test_a_question_is_answered_by_number() -> None:
    host = at("slow")
    said = await converse(host, ["2"])
    assert "2. An error: Expected all tensors to be on the same device" in said
    assert host.states["slow"] is StepState.PASSED


async def test_a_number_with_full_width_digits_is_handed_on_as_typed() -> None:
    host = at("how-many")
    await converse(host, ["４"])
    assert host.session is not None
    assert host.session.sent == [ask.Answer(("４",))]


async def test_a_command_behind_the_slash_of_an_input_method_is_one() -> None:
    host = at("brackets")
    await converse(host, ["／hint"])
    assert host.session is not None
    assert isinstance(host.session.sent[0], ask.Hint)


async def test_a_checklist_is_ticked_by_number() -> None:
    host = at("by-hand")
    said = await converse(host, ["1", "2"])
    assert host.states["by-hand"] is StepState.PASSED
    assert "1. done:" in said


async def test_a_form_asks_field_by_field() -> None:
    host = at("names")
    said = await converse(host, ["", "octocat", "ghp_very_secret"])
    assert host.states["names"] is StepState.PASSED
    assert "not shown and not stored" in said
    assert "ghp_very_secret" not in said


async def test_a_paste_ends_with_a_dot() -> None:
    host = at("colab")
    await converse(host, ["| NVIDIA-SMI", "| Driver Version: 550", "."])
    assert host.states["colab"] is StepState.PASSED


async def test_a_program_that_asks_gets_the_next_line() -> None:
    host = at("ask-name")
    said = await converse(host, ["r", "Ada"])
    assert "Your name?" in said
    assert "Hello, Ada" in said


async def test_blocks_of_code_end_with_an_empty_line() -> None:
    host = FakeHost()
    said = await converse(host, ["for i in range(2):", "    print(i)", "", "x = 1"])
    assert "ran for i in range(2):\n    print(i)" in said
    assert host.typed == ["for i in range(2):\n    print(i)", "x = 1"]


async def test_lessons_are_chosen_by_number_and_a_broken_one_says_why() -> None:
    host = FakeHost()
    said = await converse(host, ["l", "6", "2"])
    assert "The lesson is broken: line 3 has no id. Run tutor check." in said
    assert host.opened == ["check-device", "first-gpu"]


async def test_the_language_changes_in_the_middle() -> None:
    said = await converse(FakeHost(), ["/lang zh"])
    assert "还可以" in said


async def test_an_unknown_command_names_the_nearest() -> None:
    said = await converse(FakeHost(), ["/hnit", "/palette"])
    assert "/hnit is no command. Did you mean /hint?" in said


async def test_text_from_outside_has_no_escapes() -> None:
    said = await converse(at("noise"), ["r"])
    assert "[bold]not markup[/bold]" in said
    assert "\x1b" not in said
    assert "line 999" in said


async def test_a_returning_learner_hears_the_present_step_again() -> None:
    host = FakeHost()
    await converse(host, ["n", "q"])
    said = await converse(host, ["q"])
    assert "Step 2 of" in said
    assert "Step 1 of" not in said


async def test_a_returning_learner_hears_the_step_also_when_much_was_said_since_its_beginning() -> None:
    host = FakeHost()
    await converse(host, ["n", "q"])
    for number in range(60):
        host.keep(replace(host.stored[-1], kind=EntryKind.NOTE, body=f"note {number}"))
    said = await converse(host, ["q"])
    assert said.index("note 59") < said.index("Step 2 of") < said.index("This program says that it runs on the GPU")


async def test_lines_are_read_from_a_file_as_well(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes("一\r\nlast".encode())
    descriptor = os.open(file, os.O_RDONLY)
    reader = LineReader(descriptor)
    assert [await reader.line() for _ in range(3)] == ["一", "last", None]
    os.close(descriptor)


async def test_an_endless_program_is_stopped() -> None:
    reading, writing = os.pipe()
    out = io.StringIO()
    reader = LineReader(reading)
    front = PlainConversation(at("endless"), reader, out)
    os.write(writing, b"r\n")
    talk = asyncio.create_task(front.converse())
    await wait_for_async(lambda: "tick" in out.getvalue())
    assert await front.interrupt()
    await wait_for_async(lambda: "it was interrupted" in out.getvalue())
    assert not await front.interrupt()
    os.close(writing)
    await talk
    os.close(reading)


TRACEBACK = ["Traceback (most recent call last):", '  File "train.py", line 3', "AssertionError: no CUDA here"]


async def test_a_traceback_that_is_pasted_is_taken_whole_and_explained() -> None:
    host = at("brackets")
    said = await converse(host, [*TRACEBACK, "."])
    assert host.session is not None
    assert ask.Explain("\n".join(TRACEBACK)) in host.session.sent
    assert not any(isinstance(command, ask.Say) for command in host.session.sent)
    assert "paste the rest" in said


async def test_explain_takes_what_is_pasted_behind_it() -> None:
    host = at("brackets")
    await converse(host, [f"/explain {TRACEBACK[0]}", *TRACEBACK[1:], ".", "/explain"])
    assert host.session is not None
    explained = [command for command in host.session.sent if isinstance(command, ask.Explain)]
    assert explained == [ask.Explain("\n".join(TRACEBACK)), ask.Explain()]


async def test_code_with_a_slip_is_no_pasted_error() -> None:
    host = at("brackets")
    await converse(host, ["print('Traceback (most recent call last)')"])
    assert host.session is not None
    assert any(isinstance(command, ask.Say) for command in host.session.sent)


async def test_a_step_of_another_lesson_is_opened_by_its_name() -> None:
    host = at("brackets")
    await converse(host, ["/lesson first-gpu#brackets"])
    assert host.opened[-1] == "first-gpu"
