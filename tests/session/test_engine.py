from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.session.fakes import (
    FakeExecution,
    always,
    judged,
    line,
    talk,
)
from tests.session.memory_store import MemoryStore
from tests.session.samples import BRING, CHOOSE, COUNT, FILL_IN, LOOK, MEND, TICK, USE, lesson
from tutor.lesson.model import Language, Need, NeedKind
from tutor.progress.model import StepState, Verdict
from tutor.session import commands as ask
from tutor.session.events import (
    Action,
    Added,
    Asking,
    CardChanged,
    Failed,
    LessonFinished,
    OutputChanged,
    SaidFinished,
)

PASSES = always(judged(line("it is there")), "hello\n")
MISSES = always(judged(line("it is there", "not_yet", "NameError: name 'x' is not defined")))


async def test_a_new_learner_is_greeted_and_stands_at_the_first_step() -> None:
    conversation = await talk(lesson(LOOK, COUNT), PASSES)
    assert conversation.said("prose") == ["Welcome.", "Read this."]
    assert conversation.said("heading") == ["Look"]


async def test_running_a_step_stores_output_and_verdict_before_they_are_told() -> None:
    conversation = await talk(lesson(COUNT), PASSES)
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.verdict is Verdict.PASSED
    assert [attempt.verdict for attempt in conversation.store.attempts] == [Verdict.PASSED]
    assert conversation.said("output") == ["hello\n"]
    assert any(isinstance(event, OutputChanged) for event in conversation.events)


async def test_a_step_costs_two_requests_sent_together() -> None:
    conversation = await talk(lesson(COUNT), PASSES)
    await conversation.verdict(ask.Run())
    (requests,) = conversation.runtime.sent
    assert [request.tutor["op"] for request in requests] == ["attempt", "judge"]


@pytest.mark.parametrize(("headless", "asks"), [(False, ["1", ""]), (True, ["", ""])])
async def test_the_kit_hears_the_language_and_whether_it_may_ask(headless: bool, asks: list[str]) -> None:
    conversation = await talk(lesson(COUNT), PASSES, headless=headless)
    await conversation.verdict(ask.Run())
    heard = [request.tutor["environment"] for request in conversation.runtime.sent[0]]
    assert heard == [{"TUTOR_LANG": "en", "TUTOR_ASKS": one} for one in asks], "nobody can answer while checks run"


async def test_the_second_attempt_rewinds_and_the_first_does_not() -> None:
    conversation = await talk(lesson(COUNT), MISSES)
    for _ in range(2):
        await conversation.verdict(ask.Run())
        await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert [requests[0].tutor["fresh"] for requests in conversation.runtime.sent] == [True, False]


async def test_a_miss_brings_the_hint_that_fits() -> None:
    conversation = await talk(lesson(MEND), MISSES)
    finished = await conversation.verdict(ask.Run("x = y"))
    assert finished.outcome.hint == "It says NameError."


async def test_hint_and_solution_are_said_and_the_solution_can_be_filled_in() -> None:
    conversation = await talk(lesson(MEND), MISSES)
    card = await conversation.idle(ask.Run())
    assert card.hints_left == 1  # the one that fits came with the verdict
    card = await conversation.idle(ask.Hint())
    assert (conversation.said("hint"), card.hints_left) == (["Think."], 0)
    (entry,) = (entry for entry in conversation.store.said if entry.kind == "hint")
    assert entry.data == {"number": 2, "total": 2}
    await conversation.idle(ask.Solution())
    card = await conversation.idle(ask.Solution(fill=True))
    assert conversation.said("solution") == ["x = 1"]
    assert (card.code, card.is_draft, card.suggested) == ("x = 1", True, Action.RUN)


async def test_what_is_typed_is_saved_at_once_and_survives() -> None:
    store = MemoryStore()
    conversation = await talk(lesson(MEND), MISSES, store=store)
    await conversation.session.send(ask.Edit("x = 41"))
    await conversation.idle(ask.Hint())
    await conversation.session.aclose()
    again = await talk(lesson(MEND), MISSES, store=store)
    first = again.events[-1]
    assert isinstance(first, CardChanged)
    assert first.card.code == "x = 41"


async def test_the_learner_comes_back_to_the_step_where_they_stopped_and_is_not_told_twice() -> None:
    store = MemoryStore()
    conversation = await talk(lesson(LOOK, COUNT), PASSES, store=store)
    await conversation.idle(ask.Next())
    said = len(store.said)
    await conversation.session.aclose()
    again = await talk(lesson(LOOK, COUNT), PASSES, store=store)
    card = again.events[-1]
    assert isinstance(card, CardChanged)
    assert card.card.step.id == "count"
    assert len(store.said) == said


async def test_whoever_left_at_the_end_comes_back_to_the_end_which_is_not_told_again() -> None:
    conversation = await talk(lesson(LOOK), PASSES)
    await conversation.idle(ask.Next())
    told = len(conversation.store.said)
    again = await talk(lesson(LOOK), PASSES, store=conversation.store)
    assert any(isinstance(event, LessonFinished) for event in again.events)
    await again.session.send(ask.Next())
    await again.until(lambda event: isinstance(event, LessonFinished))
    assert len(conversation.store.said) == told


async def test_reading_on_passes_a_step_without_work_and_skips_one_with_work() -> None:
    conversation = await talk(lesson(LOOK, COUNT, CHOOSE), PASSES)
    await conversation.idle(ask.Next())
    card = await conversation.idle(ask.Next())
    assert card.states["look"] is StepState.PASSED
    assert card.states["count"] is StepState.SKIPPED


async def test_a_step_that_could_not_be_checked_stays_open_and_the_lesson_is_done_here() -> None:
    unmet = always(judged(unmet=[{"need": "module:torch", "detail": "/the/python"}]))
    conversation = await talk(lesson(COUNT), unmet)
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.verdict is Verdict.COULD_NOT_CHECK
    assert "/the/python -m pip install torch" in finished.outcome.reason
    await conversation.session.send(ask.Next())
    ended = await conversation.until(lambda event: isinstance(event, LessonFinished))
    assert isinstance(ended, LessonFinished)
    assert ended.state == "done_here"
    (told,) = [e.entry for e in conversation.events if isinstance(e, Added) and "finished" in e.entry.data]
    assert told.data["open"] == [{"title": told.data["open"][0]["title"], "needs": ["module:torch"]}]
    assert (told.data["passed"], told.data["total"]) == (0, 1)
    assert "Needed for that: PyTorch" in told.body


async def test_an_edited_step_is_changed_since_it_was_passed() -> None:
    store = MemoryStore()
    await store.set_state("sample", "count", StepState.PASSED, "another hash")
    conversation = await talk(lesson(COUNT), PASSES, store=store)
    card = conversation.events[-1]
    assert isinstance(card, CardChanged)
    assert card.card.state is StepState.CHANGED


async def test_input_is_asked_and_answered_and_a_password_is_never_shown() -> None:
    async def script(execution: FakeExecution) -> None:
        name = await execution.input("Name? ")
        secret = await execution.input("Token: ", password=True)
        execution.print(f"{name} {len(secret)}")
        execution.end(judged(line("it is there")))

    conversation = await talk(lesson(COUNT), script)
    await conversation.session.send(ask.Run())

    def asks(event: object, prompt: str) -> bool:
        return (
            isinstance(event, CardChanged) and event.card.asking is Asking.INPUT and event.card.input_prompt == prompt
        )

    await conversation.until(lambda event: asks(event, "Name? "))
    await conversation.session.send(ask.Answer(("Ada",)))
    await conversation.until(lambda event: asks(event, "Token: "))
    finished = await conversation.verdict(ask.Answer(("hunter2hunter2",)))
    assert finished.outcome.verdict is Verdict.PASSED
    assert conversation.said("answer") == ["Ada", "••••••••"]
    assert conversation.said("output") == ["Ada 14"]


async def test_quiz_form_and_paste_take_answers() -> None:
    conversation = await talk(lesson(CHOOSE, FILL_IN, BRING), PASSES)
    wrong = await conversation.verdict(ask.Answer(("1",)))
    assert (wrong.outcome.verdict, wrong.outcome.lines[0].message) == (Verdict.NOT_YET, "too small")
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert (await conversation.verdict(ask.Answer(("2",)))).outcome.verdict is Verdict.PASSED
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    await conversation.idle(ask.Next())
    filled = await conversation.verdict(ask.Answer(("me/work", "ghp_verysecret")))
    assert filled.outcome.verdict is Verdict.PASSED
    assert conversation.store.values == {"repo": "me/work"}
    assert "ghp_verysecret" not in str(conversation.store.said)
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    await conversation.idle(ask.Next())
    pasted = await conversation.verdict(ask.Answer(("here: GPU T4",)))
    assert pasted.outcome.verdict is Verdict.PASSED
    assert conversation.runtime.sent[-1][0].tutor["names"] == {"gpu": "T4"}


async def test_what_is_no_answer_at_all_is_a_slip_and_no_attempt() -> None:
    predicted = replace(COUNT, predict=CHOOSE.work)  # type: ignore[arg-type]
    for step, asking in ((CHOOSE, Asking.QUIZ), (predicted, Asking.PREDICT)):
        conversation = await talk(lesson(step), PASSES)
        card = await conversation.idle(ask.Answer(("９",)))
        assert (card.asking, card.attempt, card.outcome) == (asking, 0, None)
        assert conversation.said("note") == ["Please answer with a number from 1 to 2."]
        assert conversation.store.attempts == []


async def test_a_secret_is_scrubbed_from_what_is_printed_stored_and_judged() -> None:
    secret = "ghp_verysecret"

    async def script(execution: FakeExecution) -> None:
        execution.print(f"token {secret}\n")
        execution.end(judged(line("it is there", "not_yet", f"saw {secret}", seen=secret)))

    conversation = await talk(lesson(FILL_IN, COUNT), script)
    await conversation.idle(ask.Answer(("me/work", secret)))
    await conversation.idle(ask.Next())
    finished = await conversation.verdict(ask.Run())
    assert secret not in str(finished) + str(conversation.store.said) + str(conversation.store.attempts)
    assert finished.outcome.lines[0].seen == "{{token}}"


async def test_code_whose_value_is_not_known_does_not_run_and_names_it() -> None:
    conversation = await talk(lesson(FILL_IN, USE), PASSES, step="use")
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.verdict is Verdict.COULD_NOT_CHECK
    assert "repo" in finished.outcome.reason
    assert conversation.runtime.sent == []


async def test_an_account_that_is_not_connected_is_said_before_anything_runs() -> None:
    step = replace(COUNT, needs=(Need(NeedKind.ACCOUNT, "github"),))
    conversation = await talk(lesson(step), PASSES)
    finished = await conversation.verdict(ask.Run())
    assert (finished.outcome.verdict, conversation.runtime.sent) == (Verdict.COULD_NOT_CHECK, [])


async def test_a_prediction_is_not_judged_and_its_why_comes_with_the_answer() -> None:
    step = replace(COUNT, predict=CHOOSE.work)  # type: ignore[arg-type]
    conversation = await talk(lesson(step), PASSES)
    card = await conversation.idle(ask.Answer(("1",)))
    assert (card.asking, card.suggested, card.attempt) == (Asking.NOTHING, Action.RUN, 0)
    assert "too small" not in conversation.said("prose")
    await conversation.idle(ask.Run())
    assert conversation.said("prose")[-1] == "too small"


async def test_a_checklist_passes_once_all_is_ticked() -> None:
    conversation = await talk(lesson(TICK), PASSES)
    card = await conversation.idle(ask.Tick(0))
    assert card.ticked == (0,)
    assert (await conversation.verdict(ask.Tick(1))).outcome.verdict is Verdict.PASSED


async def test_code_at_the_prompt_runs_unjudged() -> None:
    conversation = await talk(lesson(COUNT), always({}, "7\n"))
    await conversation.session.send(ask.Say("print(7)"))
    await conversation.until(lambda event: isinstance(event, SaidFinished))
    assert [request.tutor["op"] for request in conversation.runtime.sent[-1]] == ["free"]
    assert conversation.store.attempts == []
    assert conversation.said("output") == ["7\n"]


async def test_full_width_characters_in_code_at_the_prompt_are_named_as_in_a_step() -> None:
    conversation = await talk(lesson(COUNT), always({}))
    await conversation.session.send(ask.Say("x = １６"))
    await conversation.until(lambda event: isinstance(event, SaidFinished))
    assert conversation.said("note")[-1] == "Line 1: “１６” is full-width; 16 is probably meant."


async def test_an_unknown_step_is_refused_by_name() -> None:
    conversation = await talk(lesson(COUNT), PASSES)
    await conversation.session.send(ask.Goto("nowhere"))
    told = await conversation.until(lambda event: isinstance(event, Failed))
    assert isinstance(told, Failed)
    assert "nowhere" in told.message


async def test_the_language_changes_at_the_same_step_which_is_told_again() -> None:
    chinese = replace(lesson(replace(LOOK, title="看", body="读这个。"), COUNT), language=Language.ZH)
    conversation = await talk(lesson(LOOK, COUNT), PASSES)
    await conversation.session.continue_in(chinese)
    assert conversation.said("prose")[-1] == "读这个。"
    assert conversation.said("heading") == ["Look", "看"]


async def test_code_typed_ahead_has_its_turn_in_order() -> None:
    gate = asyncio.Event()

    async def script(execution: FakeExecution) -> None:
        await gate.wait()
        execution.end({})

    conversation = await talk(lesson(COUNT), script)
    for code in ("a = 1", "b = 2", "c = 3"):
        await conversation.session.send(ask.Say(code))
    await conversation.until(lambda event: isinstance(event, CardChanged) and event.card.running)
    gate.set()
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert conversation.said("code") == ["a = 1", "b = 2", "c = 3"]


async def test_stopping_what_runs_forgets_what_was_typed_ahead() -> None:
    async def script(execution: FakeExecution) -> None:
        await execution.interrupted.wait()
        execution.end({})

    conversation = await talk(lesson(COUNT), script)
    await conversation.session.send(ask.Say("a = 1"))
    await conversation.until(lambda event: isinstance(event, Added) and event.entry.kind == "code")
    await conversation.session.send(ask.Say("b = 2"))
    await conversation.session.send(ask.Interrupt())
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert conversation.said("code") == ["a = 1"]


async def test_a_form_can_be_filled_in_once_more() -> None:
    store = MemoryStore()
    conversation = await talk(lesson(FILL_IN), PASSES, store=store)
    card = await conversation.idle(ask.Answer(("me/work", "a-long-secret")))
    assert (card.asking, card.suggested) == (Asking.NOTHING, Action.NEXT)
    assert Action.REFILL in card.actions
    card = await conversation.idle(ask.Refill())
    assert (card.asking, card.suggested, card.prefill) == (Asking.FORM, Action.ANSWER, ("me/work", ""))
    card = await conversation.idle(ask.Answer(("me/other", "a-long-secret")))
    assert (card.asking, store.values) == (Asking.NOTHING, {"repo": "me/other"})


async def test_a_value_that_does_not_fit_is_there_to_be_mended() -> None:
    conversation = await talk(lesson(FILL_IN), PASSES)
    card = await conversation.idle(ask.Answer(("no slash", "a-long-secret")))
    assert (card.asking, card.prefill) == (Asking.FORM, ("no slash", ""))
