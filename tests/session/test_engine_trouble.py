from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.fakes import (
    FakeExecution,
    always,
    judged,
    line,
    talk,
)
from tests.session.samples import BRING, CHOOSE, COUNT, FILL_IN, LOOK, MEND, TICK, lesson
from tutor.errors import LessonError, RuntimeStartError
from tutor.harness import TIDY_CODE
from tutor.lesson.model import Lesson
from tutor.progress.model import StepState, Verdict
from tutor.runtime.base import Ending, Late, RuntimeInfo, RuntimeState
from tutor.session import commands as ask
from tutor.session.events import (
    Action,
    Added,
    CardChanged,
    RuntimeChanged,
    StoreFailed,
)
from tutor.session.keeper import Keep

PASSES = always(judged(line("it is there")), "hello\n")
MISSES = always(judged(line("it is there", "not_yet", "NameError: name 'x' is not defined")))


async def test_a_running_step_can_be_interrupted() -> None:
    async def script(execution: FakeExecution) -> None:
        await execution.interrupted.wait()
        error = {"type": "KeyboardInterrupt", "message": ""}
        execution.end(judged(line("", "not_yet") | {"kind": "code"}, error=error))

    conversation = await talk(lesson(COUNT), script)
    await conversation.session.send(ask.Run())
    await conversation.until(lambda event: isinstance(event, CardChanged) and event.card.running)
    finished = await conversation.verdict(ask.Interrupt())
    (told,) = finished.outcome.lines
    assert (told.label, told.message) == ("The code runs", "it was interrupted")


@pytest.mark.parametrize(
    ("ending", "status", "told"),
    [
        (Ending.TIMEOUT, None, "ran longer than 600 s"),
        (Ending.KILLED, None, "did not stop"),
        (Ending.DIED, 3, "exit status 3"),
        (Ending.DIED, -9, "SIGKILL"),
    ],
)
async def test_a_runtime_that_ends_badly_is_a_miss_and_the_tutor_works_on(
    ending: Ending, status: int | None, told: str
) -> None:
    async def script(execution: FakeExecution) -> None:
        execution.end(None, ending, status)

    conversation = await talk(lesson(COUNT), script)
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.verdict is Verdict.NOT_YET
    assert told in finished.outcome.lines[0].message
    conversation.runtime.script = PASSES
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert (await conversation.verdict(ask.Run())).outcome.verdict is Verdict.PASSED


async def test_a_runtime_that_does_not_start_is_told_and_can_be_tried_again() -> None:
    conversation = await talk(lesson(COUNT), PASSES)
    conversation.runtime.state = RuntimeState.OFF
    conversation.runtime.start_error = RuntimeStartError("no ipykernel there", "pip install ipykernel")
    await conversation.session.send(ask.Run())
    told = await conversation.until(lambda event: isinstance(event, RuntimeChanged) and bool(event.message))
    assert isinstance(told, RuntimeChanged)
    assert told.message == "no ipykernel there pip install ipykernel"
    conversation.runtime.start_error = None
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert (await conversation.verdict(ask.Run())).outcome.verdict is Verdict.PASSED


async def test_after_a_restart_names_can_be_brought_back() -> None:
    after = replace(COUNT, id="after", title="After")
    conversation = await talk(lesson(COUNT, after), PASSES)
    await conversation.idle(ask.Run())
    card = await conversation.idle(ask.Next())
    assert not card.names_lost
    card = await conversation.idle(ask.Restart())
    assert (card.names_lost, card.suggested) == (True, Action.BRING_BACK)
    card = await conversation.idle(ask.BringBack())
    (request,) = conversation.runtime.sent[-1]
    assert (request.tutor["op"], request.code) == ("replay", "x = 1")
    assert request.tutor["environment"]["TUTOR_ASKS"] == "", "nobody can answer while names come back"
    assert not card.names_lost


async def test_what_says_replay_no_is_passed_over_and_named() -> None:
    upload = replace(COUNT, id="upload", title="Upload", replay=False)
    after = replace(COUNT, id="after")
    conversation = await talk(lesson(COUNT, upload, after), PASSES)
    for _ in range(2):
        await conversation.idle(ask.Run())
        await conversation.idle(ask.Next())
    await conversation.idle(ask.Restart())
    await conversation.idle(ask.BringBack())
    assert [requests[0].tutor["op"] for requests in conversation.runtime.sent].count("replay") == 1
    assert any("Upload" in note for note in conversation.said("note"))


async def test_a_store_that_fails_is_said_once_and_the_conversation_goes_on() -> None:
    conversation = await talk(lesson(COUNT), PASSES)
    conversation.store.broken = True
    await conversation.idle(ask.Run())
    card = await conversation.idle(ask.Run())
    assert card.state is StepState.PASSED
    failures = [event for event in conversation.events if isinstance(event, StoreFailed)]
    assert [failure.message for failure in failures] == ["the disk is full"]


class ChangingSource:
    def __init__(self, result: Lesson | LessonError) -> None:
        self.result = result
        self.is_changed = True

    def changed(self) -> bool:
        return self.is_changed

    def reload(self) -> Lesson:
        self.is_changed = False
        if isinstance(self.result, LessonError):
            raise self.result
        return self.result


async def test_a_lesson_whose_file_changes_goes_on_in_its_new_form() -> None:
    source = ChangingSource(lesson(LOOK, replace(COUNT, title="Count again")))
    conversation = await talk(lesson(COUNT), PASSES, source=source)
    card = await conversation.idle(ask.Run())
    assert (card.step.title, card.index) == ("Count again", 1)


async def test_a_lesson_whose_file_breaks_goes_on_as_it_was_and_says_so() -> None:
    source = ChangingSource(LessonError("en.md:3: E004 …"))
    conversation = await talk(lesson(COUNT), PASSES, source=source)
    assert (await conversation.verdict(ask.Run())).outcome.verdict is Verdict.PASSED
    assert any("en.md:3" in note for note in conversation.said("note"))


async def test_what_a_thread_prints_after_its_step_is_told_with_the_step_it_came_from() -> None:
    conversation = await talk(lesson(COUNT), PASSES)
    await conversation.idle(ask.Run())
    assert conversation.runtime.hear is not None
    conversation.runtime.hear(Late("sample#count", "stdout", "late words\n"))
    await conversation.until(lambda event: isinstance(event, Added) and event.entry.body == "late words\n")
    assert "“Count”" in conversation.said("note")[-1]


async def test_a_missing_name_that_an_earlier_step_binds_is_told() -> None:
    missing = always(judged(line("it is there", "not_yet", "NameError: name 'x' is not defined"), unbound="x"))
    after = replace(COUNT, id="after")
    conversation = await talk(lesson(COUNT, after), missing, step="after")
    finished = await conversation.verdict(ask.Run())
    assert "“Count” (count)" in finished.outcome.lines[0].message


async def test_headless_a_step_that_needs_a_person_could_not_be_checked() -> None:
    for step in (CHOOSE, FILL_IN, BRING, TICK, MEND):
        conversation = await talk(lesson(step), PASSES, headless=True, keep=Keep.PROGRESS)
        finished = await conversation.verdict(ask.Run())
        assert (step.id, finished.outcome.verdict) == (step.id, Verdict.COULD_NOT_CHECK)


async def test_headless_the_first_request_for_input_interrupts_the_step() -> None:
    async def script(execution: FakeExecution) -> None:
        asked = asyncio.create_task(execution.input("Name? "))
        await execution.interrupted.wait()
        asked.cancel()
        execution.end(
            judged(line("", "not_yet") | {"kind": "code"}, error={"type": "KeyboardInterrupt", "message": ""})
        )

    conversation = await talk(lesson(COUNT), script, headless=True, keep=Keep.PROGRESS)
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.verdict is Verdict.COULD_NOT_CHECK
    assert "input" in finished.outcome.reason


async def test_a_run_with_solutions_keeps_only_the_date_of_good_runs() -> None:
    conversation = await talk(lesson(COUNT), PASSES, headless=True, keep=Keep.GOOD_RUNS)
    await conversation.verdict(ask.Run())
    store = conversation.store
    assert ([run.step_id for run in store.runs], store.attempts, store.said) == (["count"], [], [])


async def test_restart_can_empty_the_working_folder(tmp_path: Path) -> None:
    conversation = await talk(lesson(COUNT), PASSES, folder=tmp_path)
    await conversation.idle(ask.Restart(empty_folder=True))
    (request,) = conversation.runtime.sent[-1]
    assert request.code == TIDY_CODE
    assert request.tutor["lesson"]["folder"] == str(tmp_path)


@pytest.mark.parametrize("command", [ask.Run(), ask.Say("x = 1")])
async def test_an_interrupt_while_the_kernel_starts_keeps_the_code_from_running(command: ask.Command) -> None:
    conversation = await talk(lesson(COUNT), PASSES)
    conversation.runtime.state = RuntimeState.OFF
    released = asyncio.Event()
    start = conversation.runtime.start

    async def slow() -> RuntimeInfo:
        await released.wait()
        return await start()

    conversation.runtime.start = slow  # type: ignore[method-assign]
    await conversation.session.send(command)
    await conversation.until(lambda event: isinstance(event, CardChanged) and event.card.running)
    await conversation.session.send(ask.Interrupt())
    await conversation.session.send(ask.Interrupt())
    await asyncio.sleep(0)
    released.set()
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert conversation.runtime.sent == []


async def test_what_the_learner_types_is_kept_without_secrets() -> None:
    secret = "ghp_verysecret"
    conversation = await talk(lesson(FILL_IN, COUNT), PASSES)
    await conversation.idle(ask.Answer(("me/work", secret)))
    await conversation.idle(ask.Next())
    await conversation.session.send(ask.Edit(f"token = '{secret}'"))
    await conversation.idle(ask.Say(f"print('{secret}')"))
    await conversation.idle(ask.Run(f"token = '{secret}'"))
    kept = f"{conversation.store.said}{conversation.store.drafts}{conversation.store.attempts}"
    assert secret not in kept
    assert "{{token}}" in kept


async def test_a_token_in_a_verdict_line_is_hidden_though_no_form_asked_for_it() -> None:
    token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"
    script = always(judged(line("it is there", "not_yet", f"saw {token}", seen=repr(token))))
    conversation = await talk(lesson(COUNT), script)
    finished = await conversation.verdict(ask.Run())
    assert token not in f"{finished}{conversation.store.said}{conversation.store.attempts}"
