"""The last word of a lesson: what was passed, what stays open and what would close it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.i18n import Words
from tutor.lesson.model import Lesson, Step
from tutor.session.wants import accounts_in, lacking, need_in_words
from tutor.text.sentences import in_a_row


def closing(
    lesson: Lesson,
    state: str,
    passed: int,
    open_steps: Sequence[tuple[Step, Sequence[str]]],
    left: Sequence[Step],
    *,
    rehearsed: int = 0,
) -> dict[str, Any]:
    """What a front end needs to draw it.

    Args:
        state: of the lesson.
        open_steps: with what each lacked.
        left: neither passed nor open.
        rehearsed: how many of those that are not passed were passed in practice.
    """
    return {
        "finished": state,
        "title": lesson.front.title,
        "passed": passed,
        "total": len(lesson.steps),
        "open": [{"title": step.title, "needs": list(lacking(unmet))} for step, unmet in open_steps],
        "minutes": sum(lesson.minutes_of(step) for step, _ in open_steps),
        "left": [step.title for step in left],
        "rehearsed": rehearsed,
    }


def needs_of(data: Mapping[str, Any], words: Words) -> str:
    """What closes the open steps, each thing once."""
    needs = dict.fromkeys(need for step in data["open"] for need in step["needs"])
    return words("session.joint").join(need_in_words(need, words) for need in needs)


def in_one_text(data: Mapping[str, Any], words: Words) -> str:
    """All of it as plain sentences, for front ends without a drawing of their own."""
    accounts = accounts_in(need for step in data["open"] for need in step["needs"])
    told = words(
        f"session.lesson_{data['finished']}" + ("_accounts" if accounts and data["finished"] == "done_here" else ""),
        title=data["title"],
        passed=data["passed"],
        total=data["total"],
        open=words("session.joint").join(step["title"] for step in data["open"]),
        needs=needs_of(data, words),
        minutes=data["minutes"],
        left=words("session.joint").join(data["left"]),
    )
    if count := data.get("rehearsed"):
        told = in_a_row(told, words("session.lesson_rehearsed", count=count))
    return told
