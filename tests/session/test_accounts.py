"""Steps that need an account: signed in while they run, for real or in practice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.session.fakes import FakeRuntime, Script, Talk, always, judged, line, talk
from tests.session.memory_store import MemoryStore
from tests.session.samples import CHECK, CHOOSE, COUNT, LOOK, TICK, lesson
from tutor.errors import AccountError
from tutor.lesson.model import Check, Checklist, Need, NeedKind
from tutor.progress.model import StepRecord, StepState, Verdict
from tutor.session import commands as ask
from tutor.session.accounts import NotConnected, Signed
from tutor.session.desk import Options
from tutor.session.engine import Session
from tutor.session.events import Action, CardChanged, LessonFinished
from tutor.session.runtimes import Runtimes

TOKEN = "a-token-that-nobody-may-see"
PASSES: Script = always(judged(line("it is there")))
GITHUB = (Need(NeedKind.ACCOUNT, "github"),)
WITH_ACCOUNT = replace(COUNT, needs=GITHUB)
BY_HAND = replace(TICK, work=Checklist(("first", "second"), 61, practice="by_hand.do()"), needs=GITHUB, checks=(CHECK,))


@dataclass
class FakeAccounts:
    """Some are connected, and practice always works."""

    connected: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    trouble: AccountError | None = None
    asked: list[tuple[str, bool]] = field(default_factory=list)

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        self.asked.append((service, practice))
        if practice:
            return Signed({"GITHUB_TOKEN": "practice", "GITHUB_API_URL": "http://127.0.0.1:1"}, {"service": service})
        if self.trouble is not None:
            raise self.trouble
        if service not in self.connected:
            raise NotConnected(service)
        return Signed(self.connected[service])

    @property
    def secrets(self) -> Sequence[tuple[str, str]]:
        return [("GITHUB_TOKEN", TOKEN)]


CONNECTED = {"github": {"GITHUB_TOKEN": TOKEN}}


def environments(conversation: Talk, execution: int = -1) -> list[Mapping[str, str]]:
    return [request.tutor["environment"] for request in conversation.runtime.sent[execution]]


async def test_code_and_checks_are_signed_in_and_no_other_step_is() -> None:
    conversation = await talk(lesson(WITH_ACCOUNT, COUNT), PASSES, accounts=FakeAccounts(CONNECTED))
    finished = await conversation.verdict(ask.Run())
    assert finished.outcome.verdict is Verdict.PASSED
    assert [one.get("GITHUB_TOKEN") for one in environments(conversation)] == [TOKEN, TOKEN]
    await conversation.idle(ask.Next())
    await conversation.verdict(ask.Run())
    assert [one.get("GITHUB_TOKEN") for one in environments(conversation)] == [None, None]


@pytest.mark.parametrize("end", ["removed", "emptied"])
async def test_no_credential_goes_to_a_server_with_what_ends_the_lesson_there(end: str) -> None:
    server, home = FakeRuntime(PASSES, "http://x/", outlives=True), FakeRuntime(PASSES)
    runtimes = Runtimes("local", {"local": home, "http://x/": server}.__getitem__)
    accounts = FakeAccounts(CONNECTED)
    # Signed in only for a check: such a step runs where the learner chooses.
    step = replace(COUNT, checks=(CHECK, Check("assert x", 12, needs=GITHUB)))
    options = Options("key", Path("work/sample"), accounts=accounts)
    session = Session(lesson(step), options, runtimes=runtimes, store=MemoryStore(), secrets={})
    await session.open()
    conversation = Talk(session, home, MemoryStore())
    await conversation.verdict(ask.Run())
    assert environments(conversation)[0]["GITHUB_TOKEN"] == TOKEN
    await session.move("http://x/")
    if end == "removed":
        await session.remove_folder()
    else:
        await session.send(ask.Restart(empty_folder=True))
        await conversation.until(lambda _: bool(server.sent))
    (request,) = server.sent[-1]
    assert TOKEN not in str(request)
    assert request.tutor["lesson"]["folder"] == "~/sample"
    await session.aclose()


async def test_what_is_no_code_is_not_signed_in() -> None:
    fails = always(judged(line("it is there", "not_yet")))
    conversation = await talk(lesson(WITH_ACCOUNT, LOOK), fails, accounts=FakeAccounts(CONNECTED))
    await conversation.idle(ask.Run())
    await conversation.idle(ask.Next())
    (request,) = conversation.runtime.sent[-1]
    assert request.tutor["op"] == "leave"
    assert "GITHUB_TOKEN" not in request.tutor["environment"]


async def test_the_need_is_settled_before_and_the_kernel_does_not_hear_of_it() -> None:
    conversation = await talk(lesson(WITH_ACCOUNT), PASSES, accounts=FakeAccounts(CONNECTED))
    await conversation.verdict(ask.Run())
    assert [request.tutor["needs"] for request in conversation.runtime.sent[-1]] == [[], []]


async def test_a_service_that_refuses_leaves_the_step_open_with_its_reason() -> None:
    accounts = FakeAccounts(CONNECTED, AccountError("GitHub refused the token.", "Make a new one."))
    conversation = await talk(lesson(WITH_ACCOUNT), PASSES, accounts=accounts)
    outcome = (await conversation.verdict(ask.Run())).outcome
    assert (outcome.verdict, outcome.reason) == (
        Verdict.COULD_NOT_CHECK,
        "GitHub refused the token. Make a new one.",
    )
    assert (outcome.unmet, conversation.runtime.sent) == (("account:github",), [])


async def test_the_account_that_is_missing_is_called_by_its_name() -> None:
    conversation = await talk(lesson(WITH_ACCOUNT), PASSES, accounts=FakeAccounts())
    outcome = (await conversation.verdict(ask.Run())).outcome
    assert outcome.reason == "This needs a GitHub account, and none is connected."


async def test_a_token_that_the_code_prints_is_never_seen() -> None:
    prints = always(judged(line("it is there", seen=TOKEN)), f"the token is {TOKEN}")
    conversation = await talk(lesson(WITH_ACCOUNT), prints, accounts=FakeAccounts(CONNECTED))
    finished = await conversation.verdict(ask.Run())
    assert TOKEN not in str(finished) + str(conversation.store.said) + str(conversation.store.attempts)
    assert conversation.said("output") == ["the token is {{GITHUB_TOKEN}}"]


async def test_what_only_some_checks_need_does_not_keep_the_step_from_running() -> None:
    both = replace(COUNT, checks=(CHECK, Check("assert x", 12, needs=GITHUB)))
    conversation = await talk(lesson(both), PASSES, accounts=FakeAccounts())
    await conversation.verdict(ask.Run())
    checks = conversation.runtime.sent[-1][1].tutor["checks"]
    assert [check["needs"] for check in checks] == [[], ["account:github"]]
    again = await talk(lesson(both), PASSES, accounts=FakeAccounts(CONNECTED))
    await again.verdict(ask.Run())
    assert [check["needs"] for check in again.runtime.sent[-1][1].tutor["checks"]] == [[], []]


class Silent(FakeAccounts):
    """A service that never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked = asyncio.Event()

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        self.is_asked.set()
        await asyncio.Event().wait()
        raise AssertionError


async def asked(conversation: Talk, accounts: Silent, command: ask.Command) -> None:
    """Send it, and wait until the service is asked."""
    await conversation.session.send(command)
    async with asyncio.timeout(5):
        await accounts.is_asked.wait()


@pytest.mark.parametrize("command", [ask.Run(), ask.Say("x = 1")])
async def test_an_interrupt_ends_the_waiting_for_a_service_and_the_code_does_not_run(command: ask.Command) -> None:
    accounts = Silent()
    conversation = await talk(lesson(WITH_ACCOUNT), PASSES, accounts=accounts)
    await asked(conversation, accounts, command)
    await conversation.session.send(ask.Interrupt())
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert conversation.said("note")[-1] == "Stopped before it began."
    assert conversation.runtime.sent == []
    assert conversation.store.attempts == []


async def test_an_answer_whose_service_was_not_waited_for_could_not_be_checked() -> None:
    accounts = Silent()
    conversation = await talk(lesson(replace(CHOOSE, needs=GITHUB)), PASSES, accounts=accounts)
    await asked(conversation, accounts, ask.Answer(("2",)))
    outcome = (await conversation.verdict(ask.Interrupt())).outcome
    assert (outcome.verdict, outcome.reason) == (Verdict.COULD_NOT_CHECK, "Stopped before it began.")


async def test_bringing_names_back_ends_where_the_service_was_not_waited_for() -> None:
    store, accounts = MemoryStore(), Silent()
    store.records["count"] = StepRecord("sample", "count", StepState.PASSED, "h-count", "h-count", code="x = 1")
    steps = lesson(WITH_ACCOUNT, replace(COUNT, id="use", hash="h-use"))
    conversation = await talk(steps, PASSES, accounts=accounts, store=store, step="use")
    await asked(conversation, accounts, ask.BringBack())
    await conversation.session.send(ask.Interrupt())
    await conversation.until(lambda event: isinstance(event, CardChanged) and not event.card.running)
    assert "stopped" in conversation.said("note")[-1].lower()
    assert conversation.runtime.sent == []


async def test_a_quiz_that_needs_an_account_is_not_asked_without_one() -> None:
    quiz = replace(CHOOSE, needs=GITHUB)
    conversation = await talk(lesson(quiz), PASSES, accounts=FakeAccounts())
    assert (await conversation.verdict(ask.Answer(("2",)))).outcome.verdict is Verdict.COULD_NOT_CHECK
    again = await talk(lesson(quiz), PASSES, accounts=FakeAccounts(CONNECTED))
    assert (await again.verdict(ask.Answer(("2",)))).outcome.verdict is Verdict.PASSED


async def test_names_are_brought_back_signed_in_and_without_an_account_the_step_is_passed_over() -> None:
    steps = lesson(WITH_ACCOUNT, replace(COUNT, id="use", hash="h-use"))
    store = MemoryStore()
    store.records["count"] = StepRecord("sample", "count", StepState.PASSED, "h-count", "h-count", code="x = 1")
    again = await talk(steps, PASSES, accounts=FakeAccounts(CONNECTED), store=store, step="use")
    await again.idle(ask.BringBack())
    assert environments(again)[0]["GITHUB_TOKEN"] == TOKEN
    await again.verdict(ask.Run())
    assert "GITHUB_TOKEN" not in environments(again)[0]
    without = await talk(steps, PASSES, accounts=FakeAccounts(), store=store, step="use")
    await without.idle(ask.BringBack())
    assert without.runtime.sent == []


# -- practice


async def test_in_practice_the_stand_in_is_used_and_the_verdict_is_kept_apart() -> None:
    accounts = FakeAccounts(CONNECTED)
    conversation = await talk(lesson(WITH_ACCOUNT), PASSES, accounts=accounts, practice=True)
    outcome = (await conversation.verdict(ask.Run())).outcome
    assert (outcome.verdict, outcome.practice, accounts.asked) == (Verdict.PASSED, True, [("github", True)])
    assert environments(conversation)[0]["GITHUB_API_URL"].startswith("http://127.0.0.1")
    assert conversation.store.attempts[-1].practice


async def test_by_hand_is_lent_to_the_practice_fence_and_to_nothing_else() -> None:
    conversation = await talk(lesson(BY_HAND, WITH_ACCOUNT), PASSES, accounts=FakeAccounts(), practice=True)
    await conversation.verdict(ask.Run())
    attempt, judge = conversation.runtime.sent[-1]
    assert (attempt.code, attempt.tutor["lend"]["by_hand"]["with"]) == ("by_hand.do()", {"service": "github"})
    assert "lend" not in judge.tutor
    await conversation.idle(ask.Next())
    await conversation.verdict(ask.Run())
    assert all("lend" not in request.tutor for request in conversation.runtime.sent[-1])


@pytest.mark.parametrize("others", [(WITH_ACCOUNT,), ()])
async def test_hands_without_an_account_belong_to_the_service_that_the_lesson_is_about(
    others: tuple[object, ...],
) -> None:
    alone = replace(BY_HAND, needs=())
    accounts = FakeAccounts()
    steps = (alone, *(replace(WITH_ACCOUNT, id="other") for _ in others))
    conversation = await talk(lesson(*steps), PASSES, accounts=accounts, practice=True)
    await conversation.verdict(ask.Run())
    assert accounts.asked == [("github", True) for _ in others]


async def test_the_learner_goes_over_to_practice_and_back() -> None:
    accounts = FakeAccounts()
    conversation = await talk(lesson(WITH_ACCOUNT), PASSES, accounts=accounts)
    card = await conversation.idle(ask.Run())
    assert (card.suggested, card.practice) == (Action.PRACTISE, False)
    card = await conversation.idle(ask.Practise())
    assert (card.suggested, card.practice, card.outcome) == (Action.RUN, True, None)
    card = await conversation.idle(ask.Run())
    assert card.outcome is not None
    assert (card.outcome.verdict, card.outcome.practice, card.suggested) == (Verdict.PASSED, True, Action.NEXT)
    card = await conversation.idle(ask.Practise())
    assert (card.practice, card.state) == (False, StepState.OPEN)


async def test_what_was_made_in_practice_does_no_work_of_a_real_step() -> None:
    store = MemoryStore()
    store.records["count"] = StepRecord("sample", "count", StepState.PASSED, "h-count", "h-count", code="x = 1")
    steps = lesson(COUNT, replace(WITH_ACCOUNT, id="use", hash="h-use"))
    conversation = await talk(steps, PASSES, accounts=FakeAccounts(CONNECTED), store=store, practice=True)
    await conversation.idle(ask.Run())
    await conversation.idle(ask.Next())
    await conversation.idle(ask.Run())
    assert [request.tutor["lesson"]["signed"] for request in conversation.runtime.sent[-1]] == [True, True]
    card = await conversation.idle(ask.Practise())
    assert card.names_lost, "names of the first step can be brought back"
    assert "Names from before are gone" in conversation.said("note")[-1]
    await conversation.idle(ask.Run())
    (lesson_, _) = [request.tutor["lesson"] for request in conversation.runtime.sent[-1]]
    assert (lesson_["practice"], lesson_["signed"]) == (False, True)
    card = await conversation.idle(ask.Practise())
    assert "Names from before are gone" in conversation.said("note")[-1]


async def test_where_nothing_was_signed_in_names_outlive_the_change() -> None:
    conversation = await talk(lesson(COUNT, replace(WITH_ACCOUNT, id="use")), PASSES, accounts=FakeAccounts())
    await conversation.idle(ask.Run())
    await conversation.idle(ask.Next())
    card = await conversation.idle(ask.Practise())
    assert not card.names_lost
    assert "gone" not in conversation.said("note")[-1]


async def test_what_was_only_rehearsed_stays_open_for_want_of_the_account() -> None:
    conversation = await talk(lesson(WITH_ACCOUNT, LOOK), PASSES, accounts=FakeAccounts(), practice=True)
    await conversation.idle(ask.Run())
    await conversation.idle(ask.Next())
    record = conversation.store.records["count"]
    assert (record.state, record.unmet) == (StepState.OPEN, ("account:github",))


async def test_only_steps_that_can_be_rehearsed_offer_it() -> None:
    conversation = await talk(lesson(COUNT), PASSES, accounts=FakeAccounts())
    card = await conversation.idle(ask.Run())
    assert Action.PRACTISE not in card.actions


async def test_what_is_done_by_hand_is_done_for_the_learner_in_practice() -> None:
    conversation = await talk(lesson(BY_HAND), PASSES, accounts=FakeAccounts(), practice=True)
    card = await conversation.idle(ask.Tick(0))
    assert (card.suggested, card.practice) == (Action.RUN, True)
    card = await conversation.idle(ask.Run())
    assert card.suggested is Action.NEXT


async def test_practice_can_be_chosen_before_the_step_that_wants_it() -> None:
    conversation = await talk(lesson(LOOK, WITH_ACCOUNT), PASSES, accounts=FakeAccounts())
    card = await conversation.idle(ask.Practise())
    assert (card.practises, card.practice) == (True, False)
    card = await conversation.idle(ask.Next())
    assert (card.practises, card.practice) == (True, True)


async def test_the_end_of_a_lesson_that_lacks_only_an_account_says_how_one_is_connected() -> None:
    conversation = await talk(lesson(WITH_ACCOUNT), PASSES, accounts=FakeAccounts())
    await conversation.idle(ask.Run())
    await conversation.session.send(ask.Next())
    await conversation.until(lambda event: isinstance(event, LessonFinished))
    assert "/accounts" in conversation.said("note")[-1]
    assert "run --open" not in conversation.said("note")[-1]


async def test_names_of_steps_that_were_rehearsed_come_back_in_practice_and_only_there() -> None:
    store = MemoryStore()
    store.rehearsed["count"] = StepRecord("sample", "count", StepState.PASSED, "h-count", "h-count", code="x = 1")
    use = replace(WITH_ACCOUNT, id="use", hash="h-use")
    conversation = await talk(lesson(WITH_ACCOUNT, use), PASSES, accounts=FakeAccounts(), store=store, step="use")
    assert not [event for event in conversation.events if isinstance(event, CardChanged) and event.card.names_lost]
    card = await conversation.idle(ask.Practise())
    assert (card.names_lost, card.suggested) == (True, Action.BRING_BACK)
    await conversation.idle(ask.BringBack())
    assert conversation.runtime.sent[-1][0].code == "x = 1"


async def test_what_was_rehearsed_is_done_as_long_as_one_practises() -> None:
    conversation = await talk(lesson(WITH_ACCOUNT, LOOK), PASSES, accounts=FakeAccounts(), practice=True)
    await conversation.idle(ask.Run())
    await conversation.idle(ask.Next())
    card = await conversation.idle(ask.Back())
    assert (card.state, card.suggested) == (StepState.PASSED, Action.NEXT)
    card = await conversation.idle(ask.Practise())
    assert (card.state, card.suggested) == (StepState.OPEN, Action.RUN)
    assert conversation.store.records["count"].state is StepState.OPEN
