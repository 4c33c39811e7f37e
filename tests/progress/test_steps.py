from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.progress.samples import attempt, entry
from tutor.progress.model import Attempt, GoodRun, StepState, Verdict
from tutor.progress.store import Store

LESSON = "check-device"


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.PASSED, StepState.PASSED),
        (Verdict.NOT_YET, StepState.NOT_YET),
        (Verdict.COULD_NOT_CHECK, StepState.OPEN),
    ],
)
def test_an_attempt_moves_its_step(store: Store, verdict: Verdict, state: StepState) -> None:
    store.record(attempt(verdict))
    assert store.steps(LESSON)["ask"].state is state


def test_what_an_open_step_lacked_is_kept_until_its_next_verdict(store: Store) -> None:
    store.record(attempt(Verdict.COULD_NOT_CHECK, unmet=("cuda", "network:github.com:443")))
    assert store.steps(LESSON)["ask"].unmet == ("cuda", "network:github.com:443")
    store.record(attempt(Verdict.NOT_YET))
    assert store.all_steps()[LESSON]["ask"].unmet == ()


def test_passed_is_kept_with_its_hash_and_code_after_a_later_miss(store: Store) -> None:
    store.record(attempt(code="right"))
    store.record(attempt(Verdict.NOT_YET, step_hash="h2", code="wrong"))
    record = store.steps(LESSON)["ask"]
    assert (record.state, record.passed_hash, record.hash) == (StepState.PASSED, "h1", "h2")
    assert record.code == "right"
    assert record.attempts == 2


def test_passing_the_changed_step_moves_the_passed_hash(store: Store) -> None:
    store.record(attempt(code="old"))
    store.record(attempt(step_hash="h2", code="new"))
    record = store.steps(LESSON)["ask"]
    assert (record.passed_hash, record.code) == ("h2", "new")


def test_a_miss_then_a_pass(store: Store) -> None:
    store.record(attempt(Verdict.NOT_YET))
    store.record(attempt(time=datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)))
    record = store.steps(LESSON)["ask"]
    assert (record.state, record.passed_hash) == (StepState.PASSED, "h1")
    assert record.time == datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)


def test_practice_never_moves_the_live_step(store: Store) -> None:
    store.record(attempt(practice=True))
    assert store.steps(LESSON) == {}
    assert store.all_steps() == {}
    assert store.steps(LESSON, practice=True)["ask"].state is StepState.PASSED


def test_skipping_moves_an_unfinished_step_only(store: Store) -> None:
    store.set_state(LESSON, "ask", StepState.SKIPPED, "h1")
    assert store.steps(LESSON)["ask"].state is StepState.SKIPPED
    store.record(attempt())
    store.set_state(LESSON, "ask", StepState.SKIPPED, "h1")
    assert store.steps(LESSON)["ask"].state is StepState.PASSED


def test_a_step_passed_by_reading_has_its_hash_and_no_attempt(store: Store) -> None:
    said = store.set_state(LESSON, "ask", StepState.PASSED, "h1", [entry()])
    record = store.steps(LESSON)["ask"]
    assert (record.state, record.passed_hash, record.attempts) == (StepState.PASSED, "h1", 0)
    assert store.entries(LESSON) == said


def test_all_steps_are_by_lesson_and_step(store: Store) -> None:
    store.record(attempt())
    store.record(attempt(lesson_id="other", step_id="gone"))
    assert {lesson: list(steps) for lesson, steps in store.all_steps().items()} == {LESSON: ["ask"], "other": ["gone"]}


def test_an_attempt_and_its_entries_are_kept_together_or_not_at_all(store: Store) -> None:
    with pytest.raises(TypeError):
        store.record(attempt(), [entry(data={"x": object()})])
    assert store.steps(LESSON) == {}
    assert [kept.body for kept in store.record(attempt(), [entry("a"), entry("b")])] == ["a", "b"]


def test_good_runs_keep_the_newest_of_each_hash_and_language(store: Store) -> None:
    def run(day: int, language: str = "en") -> GoodRun:
        time = datetime.datetime(2026, 11, day, tzinfo=datetime.UTC)
        return GoodRun(LESSON, "ask", "h1", language, time)

    for good in (run(1), run(3), run(2, "zh")):
        store.good_run(good)
    kept = store._read("SELECT language, time FROM good_run ORDER BY time")
    assert kept == [(good.language, good.time.isoformat()) for good in (run(2, "zh"), run(3))]
    assert store.steps(LESSON) == {}


def by_receipt(**changes: Any) -> Attempt:
    return attempt(runtime="receipt", device="Tesla T4 · Colab", **changes)


def test_a_receipt_passes_a_step_and_says_where(store: Store) -> None:
    store.record(attempt(Verdict.COULD_NOT_CHECK, code="mine", unmet=("cuda",)))
    store.record_receipt([by_receipt()], [entry("passed there")])
    record = store.steps(LESSON)["ask"]
    assert (record.state, record.passed_hash, record.receipt) == (StepState.PASSED, "h1", "Tesla T4 · Colab")
    assert (record.code, record.attempts, record.unmet) == ("mine", 1, ())
    assert [each.body for each in store.entries(LESSON)] == ["passed there"]


def test_a_pass_of_ones_own_is_not_overwritten_by_a_receipt_but_by_the_next_pass(store: Store) -> None:
    store.record(attempt())
    store.record_receipt([by_receipt()])
    assert store.steps(LESSON)["ask"].receipt == ""
    store.record_receipt([by_receipt(step_hash="h2")])
    assert (store.steps(LESSON)["ask"].passed_hash, store.steps(LESSON)["ask"].receipt) == ("h2", "Tesla T4 · Colab")
    store.record(attempt(Verdict.NOT_YET, step_hash="h2"))
    assert store.all_steps()[LESSON]["ask"].receipt == "Tesla T4 · Colab", "a miss here takes nothing back"
    store.record(attempt(step_hash="h2"))
    assert store.steps(LESSON)["ask"].receipt == ""
