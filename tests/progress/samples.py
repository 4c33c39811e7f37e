"""Attempts and entries for the tests of the store."""

from __future__ import annotations

from typing import Any

from tutor.progress.model import Attempt, Entry, EntryKind, Speaker, Verdict


def attempt(verdict: Verdict = Verdict.PASSED, **changes: Any) -> Attempt:
    values: dict[str, Any] = {
        "lesson_id": "check-device",
        "step_id": "ask",
        "step_hash": "h1",
        "verdict": verdict,
        "language": "en",
        "attempt": 1,
        "seconds": 0.5,
        **changes,
    }
    return Attempt(**values)


def entry(body: str = "hello", **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "lesson_id": "check-device",
        "step_id": "ask",
        "speaker": Speaker.TUTOR,
        "kind": EntryKind.PROSE,
        "body": body,
        **changes,
    }
    return Entry(**values)
