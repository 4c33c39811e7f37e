from __future__ import annotations

import datetime

from tests.progress.samples import attempt, entry
from tutor.progress.desk import PROMPTS_KEPT, VERSIONS_KEPT
from tutor.progress.store import Store


def test_a_draft_is_kept_until_deleted(store: Store) -> None:
    assert store.draft("a", "s") is None
    store.set_draft("a", "s", "x")
    store.set_draft("a", "s", "")
    assert store.draft("a", "s") == ""
    store.delete_draft("a", "s")
    assert store.draft("a", "s") is None


def test_the_last_lesson_is_the_one_last_moved_in(store: Store) -> None:
    assert store.last_lesson() is None
    for lesson_id, step_id in (("a", "one"), ("b", "one"), ("a", "two")):
        store.set_position(lesson_id, step_id)
    assert store.last_lesson() == "a"
    assert (store.position("a"), store.position("b"), store.position("c")) == ("two", "one", None)


def test_ticks(store: Store) -> None:
    for item in (2, 0, 2):
        store.set_tick("a", "s", item)
    assert store.ticks("a", "s") == (0, 2)
    store.set_tick("a", "s", 2, done=False)
    assert store.ticks("a", "s") == (0,)


def test_form_values_are_kept_by_scope(store: Store) -> None:
    store.set_form_value("shipped", "bucket", "a")
    store.set_form_value("shipped", "bucket", "b")
    store.set_form_value("/lessons", "bucket", "c")
    assert store.form_values("shipped") == {"bucket": "b"}
    assert store.form_values("elsewhere") == {}


def test_prompt_history_is_bounded_and_without_repeats(store: Store) -> None:
    for number in range(PROMPTS_KEPT + 5):
        store.add_prompt(str(number))
    store.add_prompt(str(PROMPTS_KEPT + 4))
    prompts = store.prompts()
    assert len(prompts) == PROMPTS_KEPT
    assert (prompts[0], prompts[-1]) == ("5", str(PROMPTS_KEPT + 4))
    assert store.prompts(1) == prompts[-1:]


def test_trust_is_bound_to_a_digest(store: Store) -> None:
    assert store.trusted("/a") is None
    store.add_trust("/a", "1", "two files")
    store.add_trust("/a", "2", "three files")
    assert store.trusted("/a") == "2"


def test_reset_of_a_lesson_leaves_the_others(store: Store) -> None:
    for lesson_id in ("a", "b"):
        store.record(attempt(lesson_id=lesson_id), [entry(lesson_id=lesson_id)])
        store.set_draft(lesson_id, "ask", "x")
        store.set_position(lesson_id, "ask")
    store.reset("a")
    assert list(store.all_steps()) == ["b"]
    assert (store.entries("a"), store.draft("a", "ask"), store.position("a")) == ([], None, None)
    assert (len(store.entries("b")), store.draft("b", "ask"), store.last_lesson()) == (1, "x", "b")


def test_reset_of_all_keeps_trust_and_form_values(store: Store) -> None:
    store.record(attempt(), [entry()])
    store.add_trust("/a", "1", "")
    store.set_form_value("shipped", "bucket", "a")
    store.reset()
    assert (store.all_steps(), store.entries("check-device")) == ({}, [])
    assert (store.trusted("/a"), store.form_values("shipped")) == ("1", {"bucket": "a"})


def test_ids_of_entries_are_not_used_again_after_a_reset(store: Store) -> None:
    (before,) = store.add_entries([entry()])
    store.reset()
    (after,) = store.add_entries([entry()])
    assert after.id > before.id


def test_the_report_counts_and_tells_nothing(store: Store) -> None:
    store.record(attempt(code="my private code"), [entry("my private words")])
    report = store.export_report()
    assert (report["attempt"], report["entry"], report["step.passed"], report["attempt.passed"]) == (1, 1, 1, 1)
    assert report["journal"] == "wal"
    assert "private" not in str(report)


def test_versions_are_what_ran_and_what_was_given_up_newest_first_each_once(store: Store) -> None:
    store.record(
        attempt(lesson_id="a", step_id="s", code="one", time=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    )
    store.record(
        attempt(lesson_id="a", step_id="s", code="two", time=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC))
    )
    store.record(attempt(lesson_id="a", step_id="s", code=""))
    store.add_version("a", "s", "three")
    store.add_version("a", "s", "one")
    store.add_version("a", "other", "four")
    assert store.versions("a", "s") == ["one", "three", "two"]


def test_only_the_newest_versions_are_kept(store: Store) -> None:
    for number in range(VERSIONS_KEPT + 5):
        store.add_version("a", "s", str(number))
    assert store.versions("a", "s") == [str(number) for number in reversed(range(5, VERSIONS_KEPT + 5))]
