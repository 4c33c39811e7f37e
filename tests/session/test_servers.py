"""A session over a runtime that outlives it, may be cut off, and may not be there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.session.fakes import FakeExecution, FakeRuntime, Talk, always, judged, line, talk
from tests.session.memory_store import MemoryStore
from tests.session.samples import COUNT, MEND, lesson
from tutor.errors import RuntimeStartError, ServerError
from tutor.progress.model import EntryKind, Verdict
from tutor.runtime.base import Ending, Resumed, RuntimeState
from tutor.session import commands as ask
from tutor.session.desk import Options
from tutor.session.engine import Session
from tutor.session.events import Added, CardChanged, RuntimeChanged, StepFinished
from tutor.session.runtimes import Runtimes
from tutor.session.wants import SERVER

PASSES = always(judged(line("it is there")))
GONE = ServerError("Nothing answers.", "Start it.")


async def over(runtime: FakeRuntime, *, headless: bool = False) -> Talk:
    """An open session over that runtime."""
    memory = MemoryStore()
    runtimes = Runtimes(runtime.name, lambda name: runtime)
    options = Options("key", Path("work/sample"), headless=headless)
    session = Session(lesson(COUNT, MEND), options, runtimes=runtimes, store=memory, secrets={})
    await session.open()
    return Talk(session, runtime, memory)


@pytest.mark.parametrize("headless", [True, False])
async def test_a_server_that_does_not_answer_makes_the_step_open(headless: bool) -> None:
    runtime = FakeRuntime(PASSES, name="http://x/", start_error=GONE)
    conversation = await over(runtime, headless=headless)
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.verdict is Verdict.COULD_NOT_CHECK
    assert finished.outcome.reason == "Nothing answers. Start it."
    assert finished.outcome.unmet == (SERVER,)
    assert not runtime.sent
    await conversation.session.aclose()


async def test_without_a_person_a_server_is_asked_once(tmp_path: Path) -> None:
    runtime = FakeRuntime(PASSES, name="http://x/", start_error=GONE)
    conversation = await over(runtime, headless=True)
    await conversation.verdict(ask.Run())
    runtime.start_error = None
    await conversation.session.send(ask.Goto("mend"))
    assert (await conversation.verdict(ask.Run("x = 1"))).outcome.verdict is Verdict.COULD_NOT_CHECK
    await conversation.session.aclose()


async def test_a_person_can_try_again() -> None:
    runtime = FakeRuntime(PASSES, name="http://x/", start_error=GONE)
    conversation = await over(runtime)
    await conversation.verdict(ask.Run())
    runtime.start_error = None
    assert (await conversation.verdict(ask.Run())).outcome.verdict is Verdict.PASSED
    await conversation.session.aclose()


async def test_what_became_of_code_when_the_connection_was_lost_is_not_known() -> None:
    async def lost(execution: FakeExecution) -> None:
        execution.end(None, Ending.LOST)

    conversation = await over(FakeRuntime(lost, name="http://x/"), headless=True)
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.verdict is Verdict.COULD_NOT_CHECK
    assert "what became of it is not known" in finished.outcome.reason
    await conversation.session.aclose()


async def test_the_verdict_says_where_it_came_from() -> None:
    conversation = await over(FakeRuntime(PASSES, name="http://x/"), headless=True)
    outcome = (await conversation.verdict(ask.Run())).outcome
    assert (outcome.runtime, outcome.place) == ("http://x/", "http://x/ (CPU, 2 cores)")
    await conversation.session.aclose()
    here = await talk(lesson(COUNT), PASSES, headless=True)
    assert (await here.verdict(ask.Run())).outcome.place == ""
    await here.session.aclose()


async def test_code_and_folder_are_where_the_runtime_is() -> None:
    runtime = FakeRuntime(PASSES, name="http://x/", outlives=True)
    conversation = await over(runtime, headless=True)
    await conversation.verdict(ask.Run())
    assert runtime.sent[0][0].tutor["lesson"]["folder"] == "~/sample"
    await conversation.session.remove_folder()
    assert "remove=True" in runtime.sent[-1][0].code
    await conversation.session.aclose()


async def test_names_that_a_kernel_brings_along_need_not_be_brought_back() -> None:
    facts = {"lesson": "key", "ran": ["sample#count", "other#step"]}
    runtime = FakeRuntime(PASSES, name="http://x/", outlives=True, facts=facts, notes=["Back."])
    conversation = await over(runtime)
    await conversation.until(lambda event: isinstance(event, RuntimeChanged) and runtime.generation == 1)
    await conversation.verdict(ask.Run())
    card = await conversation.idle(ask.Next())
    assert not card.names_lost
    assert conversation.session.made_here() == (1, False, False)
    assert "Back." in conversation.said(EntryKind.NOTE)
    await conversation.session.aclose()


async def test_code_that_goes_on_alone_is_not_stopped_when_the_session_ends() -> None:
    begun = asyncio.Event()

    async def long(execution: FakeExecution) -> None:
        begun.set()
        await execution.interrupted.wait()

    for outlives in (True, False):
        begun.clear()
        runtime = FakeRuntime(long, name="http://x/", outlives=outlives)
        conversation = await over(runtime)
        await conversation.session.send(ask.Run())
        await begun.wait()
        assert conversation.session.made_here()[2] is outlives
        await conversation.session.aclose()
        assert runtime._execution is not None
        assert runtime._execution.interrupted.is_set() is not outlives


async def test_an_attempt_that_an_earlier_tutor_began_gets_its_verdict() -> None:
    runtime = FakeRuntime(PASSES, name="http://x/", outlives=True)
    execution = FakeExecution([], None)
    runtime.resumed = Resumed(execution, "sample#count", "x = 1  # mine")
    conversation = await over(runtime)
    await conversation.until(lambda event: isinstance(event, Added) and event.entry.kind == EntryKind.CODE)
    execution.print("missed\n")
    execution.end(judged(line("it is there")))
    finished = await conversation.until(lambda event: isinstance(event, StepFinished))
    assert isinstance(finished, StepFinished)
    assert finished.outcome.verdict is Verdict.PASSED
    assert "x = 1  # mine" in conversation.said(EntryKind.CODE)
    assert any("still under way when you left" in said for said in conversation.said(EntryKind.NOTE))
    await conversation.session.aclose()


async def test_an_attempt_of_another_step_is_not_taken_for_this_one() -> None:
    runtime = FakeRuntime(PASSES, name="http://x/", outlives=True)
    runtime.resumed = Resumed(FakeExecution([], None), "sample#mend", "x = 1")
    conversation = await over(runtime)
    assert (await conversation.verdict(ask.Run())).step_id == "count"
    await conversation.session.aclose()


async def test_a_cut_is_told_and_so_is_its_end() -> None:
    runtime = FakeRuntime(PASSES, name="http://x/", outlives=True)

    async def cut(execution: FakeExecution) -> None:
        runtime.is_cut = True
        execution.print("before\n")
        await asyncio.sleep(0.05)
        runtime.is_cut = False
        execution.print("after\n")
        await asyncio.sleep(0.05)
        execution.end(judged(line("it is there")))

    runtime.script = cut
    conversation = await over(runtime)
    await conversation.verdict(ask.Run())
    told = [note for note in conversation.said(EntryKind.NOTE) if "http://x/" in note]
    assert told == ["The connection to http://x/ is cut; trying to get it back.", "Back on http://x/."]
    await conversation.session.aclose()


async def test_moving_to_where_nothing_starts_leaves_everything_as_it_was() -> None:
    runtimes = {"local": FakeRuntime(PASSES), "http://x/": FakeRuntime(PASSES, name="http://x/", start_error=GONE)}
    memory = MemoryStore()
    several = Runtimes("local", lambda name: runtimes[name])
    session = Session(lesson(COUNT), Options("key", Path("work")), runtimes=several, store=memory, secrets={})
    await session.open()
    conversation = Talk(session, runtimes["local"], memory)
    await conversation.verdict(ask.Run())
    with pytest.raises(RuntimeStartError):
        await session.move("http://x/")
    assert several.chosen_name == "local"
    runtimes["http://x/"].start_error = None
    await session.move("http://x/")
    assert (await conversation.verdict(ask.Run())).outcome.runtime == "http://x/"
    assert runtimes["local"].hear is None
    assert runtimes["http://x/"].hear is not None
    await session.aclose()


async def test_what_still_runs_there_is_waited_for_and_can_be_stopped() -> None:
    runtime = FakeRuntime(PASSES, name="http://x/", outlives=True)
    conversation = await over(runtime)
    await conversation.until(lambda event: isinstance(event, CardChanged) and runtime.generation == 1)
    left = FakeExecution([], None)
    runtime.resumed, runtime.state, runtime._execution = Resumed(left, "other#step", "…"), RuntimeState.BUSY, left
    await conversation.session.send(ask.Run())
    await conversation.until(
        lambda event: isinstance(event, Added) and "other#step still runs there" in event.entry.body
    )
    assert not runtime.sent
    await conversation.session.send(ask.Interrupt())
    await asyncio.wait_for(left.interrupted.wait(), 5)
    left.end(None)
    await conversation.until(lambda event: isinstance(event, StepFinished))
    await conversation.session.aclose()
