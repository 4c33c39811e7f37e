from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from tests.session.fakes import always, judged, line, talk
from tests.session.samples import CHOOSE, COUNT, MEND, lesson
from tutor.errors import ExitCode, LessonError, StoreError, UsageError
from tutor.i18n import Words
from tutor.lesson.model import Lesson
from tutor.lesson.receipts import LessonClaim, LineClaim, Receipt, StepClaim
from tutor.progress.model import StepRecord, StepState
from tutor.session import commands as ask
from tutor.session.events import Added, CardChanged, Failed, ReceiptTaken
from tutor.session.receipts import Fate, attempts, exit_code, told, weigh
from tutor.session.taking import Received

HERE = lesson(COUNT, MEND, CHOOSE)
WORDS = Words("en")


def claim(step_id: str, hash_: str, verdict: str = "passed", reason: str = "") -> StepClaim:
    return StepClaim(step_id, hash_, verdict, reason, () if reason else (LineClaim("it is", verdict, "x is 2"),))


def receipt(*steps: StepClaim, lesson_id: str = "sample") -> Receipt:
    time = datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.UTC)
    return Receipt(time, "Tesla T4 · Colab", "3.13", (LessonClaim(lesson_id, "l1", steps),))


def lesson_of(lesson_id: str) -> Lesson:
    if lesson_id != "sample":
        raise LessonError("There is no such lesson.", "Name its folder in TUTOR_LESSONS.")
    return HERE


@pytest.mark.parametrize(
    ("one", "fate", "code"),
    [
        (claim("count", "h-count"), Fate.RECORDED, ExitCode.PASSED),
        (claim("count", "another"), Fate.CHANGED, ExitCode.COULD_NOT_CHECK),
        (claim("count", "h-count", "not_yet"), Fate.NOT_YET, ExitCode.NOT_YET),
        (claim("count", "h-count", "could_not_check", "no GPU"), Fate.COULD_NOT_CHECK, ExitCode.COULD_NOT_CHECK),
        (claim("nowhere", "h"), Fate.GONE, ExitCode.USAGE),
        (claim("choose", "h-choose"), Fate.NOT_BY_RECEIPT, ExitCode.USAGE),
    ],
)
def test_each_step_has_its_fate(one: StepClaim, fate: Fate, code: ExitCode) -> None:
    found = weigh(receipt(one), lesson_of, {})
    assert [each for *_, each in found[0].fates] == [fate]
    assert exit_code(found) == code
    assert len(attempts(receipt(one), found)) == (fate is Fate.RECORDED)


def test_a_pass_of_ones_own_stays_and_an_older_receipt_makes_room() -> None:
    mine = StepRecord("sample", "count", StepState.PASSED, passed_hash="h-count")
    for record, fate in (
        (mine, Fate.KNOWN),
        (replace(mine, receipt="CPU"), Fate.RECORDED),
        (replace(mine, passed_hash="old"), Fate.RECORDED),
    ):
        found = weigh(receipt(claim("count", "h-count")), lesson_of, {"sample": {"count": record}})
        assert [each for *_, each in found[0].fates] == [fate]


def test_a_lesson_that_is_unknown_here_is_told_with_the_mend() -> None:
    found = weigh(receipt(claim("count", "h-count"), lesson_id="theirs"), lesson_of, {})
    assert exit_code(found) == ExitCode.USAGE
    assert "TUTOR_LESSONS" in told(receipt(), found, WORDS)
    assert attempts(receipt(), found) == []


def test_it_says_where_what_and_what_a_receipt_is_worth() -> None:
    one = receipt(claim("count", "h-count"), claim("mend", "h-mend", "not_yet"))
    text = told(one, weigh(one, lesson_of, {}), WORDS)
    assert text.splitlines() == [
        "Receipt of 2026-11-20 10:00 UTC, from: Tesla T4 · Colab",
        "Sample (sample)",
        "  ✓ Count: passed there, recorded by receipt.",
        "  ✗ Mend: not yet there; nothing changes here. it is: x is 2",
        WORDS("receipt.at_its_word"),
    ]


async def test_a_receipt_pasted_into_the_conversation_moves_its_steps_at_once() -> None:
    def receive(text: str, language: str, here: str) -> Received:
        assert (text, language, here) == ("TUTOR1:abc", "en", "sample")
        conversation.store.records["count"] = StepRecord("sample", "count", StepState.PASSED, passed_hash="h-count")
        return Received("Recorded: Count.", 0)

    conversation = await talk(HERE, always(judged(line("it is there"))), receive=receive)
    await conversation.session.send(ask.Receipt("TUTOR1:abc"))
    await conversation.until(lambda event: isinstance(event, CardChanged) and event.card.state is StepState.PASSED)
    assert conversation.said("note") == ["Recorded: Count."]
    assert any(isinstance(event, ReceiptTaken) for event in conversation.events)


@pytest.mark.parametrize(
    ("error", "kind"),
    [(UsageError("It is cut off.", "Copy it again."), Added), (StoreError("The disk is full."), Failed)],
)
async def test_one_that_cannot_be_taken_says_why_and_the_conversation_goes_on(error: Exception, kind: type) -> None:
    def receive(*_: str) -> Received:
        raise error

    conversation = await talk(HERE, always(judged(line("it is there"))), receive=receive)
    await conversation.session.send(ask.Receipt("TUTOR1:abc"))
    said = await conversation.until(lambda event: isinstance(event, kind) and str(error)[:6] in repr(event))
    assert said
    await conversation.verdict(ask.Run())
