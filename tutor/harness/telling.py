"""What the harness judged, in the learner's words: the same sentences in the conversation and in an exported notebook. Pure.

`say` is what turns a key and its values into a sentence: `tutor.i18n.Words`, or in a notebook the sentences that it brought along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Say = Callable[..., str]

PASSED, NOT_YET, COULD_NOT_CHECK = "passed", "not_yet", "could_not_check"
INTERRUPTS = ("KeyboardInterrupt", "CancelledError")
"""What an interrupt raises in code that computes, and in code that awaits."""
NEEDS = ("gpu", "cuda", "module", "command", "network", "account", "env", "posix", "ram", "disk")
"""Kinds of needs that have a sentence of their own."""
NAMES = {"colab": "Colab", "github": "GitHub", "google": "Google", "kaggle": "Kaggle"}
"""As those who make it write it."""
SENTENCES = (
    *("session.code_runs", "session.code_raises", "session.did_not_raise", "session.exit_status"),
    *("session.not_reached", "session.interrupted", "session.timeout", "session.name_from_step"),
    *("session.unmet_torch", "session.unmet_cuda_other", "session.unmet_other"),
    *(f"session.unmet_{kind}" for kind in NEEDS),
)
"""All that is ever said here."""


@dataclass(frozen=True)
class Wanted:
    """What the step wants of its code, as far as sentences name it."""

    raises: str | None = None
    exit: int = 0
    timeout: float = 0
    """Seconds."""


def verdict_of(verdicts: Sequence[str]) -> str:
    """Of the verdicts of lines: any not yet makes it so; else any could not check; else passed."""
    if NOT_YET in verdicts:
        return NOT_YET
    return COULD_NOT_CHECK if COULD_NOT_CHECK in verdicts else PASSED


def unmet_reason(need: str, detail: str, say: Say) -> str:
    """Why a step (or a line) could not be checked here, and the way on."""
    kind, _, argument = need.partition(":")
    key = f"session.unmet_{kind}" if kind in NEEDS else "session.unmet_other"
    if need in ("module:torch", "torch"):
        key = "session.unmet_torch"
    elif kind == "cuda" and detail:
        key = "session.unmet_cuda_other"
    argument = NAMES.get(argument, argument) if kind in ("account", "env") else argument
    return say(key, argument=argument, need=need, detail=detail)


def unmet_reasons(needs: Sequence[Mapping[str, Any]], say: Say) -> str:
    """The same for all that was not there."""
    return " ".join(unmet_reason(str(need["need"]), str(need["detail"]), say) for need in needs)


def told(
    item: Mapping[str, Any],
    judged: Mapping[str, Any],
    wanted: Wanted,
    say: Say,
    *,
    interrupted: bool,
    ran_out: bool = False,
) -> tuple[str, str]:
    """Label and message of one line of a `JUDGED_MIME` object.

    Args:
        interrupted: the learner asked for it to stop.
        ran_out: it was stopped because its time was over.
    """
    label, message = str(item.get("label") or ""), str(item.get("message") or "")
    match item.get("kind"):
        case "code":
            label = say("session.code_runs")
            error = judged.get("error")
            if interrupted and error and error.get("type") in INTERRUPTS:
                message = say("session.interrupted")
            elif not error and judged.get("exit_code") is not None:
                message = say("session.exit_status", seen=judged["exit_code"], wanted=wanted.exit)
        case "raises":
            label = say("session.code_raises")
            message = say("session.did_not_raise", wanted=wanted.raises)
        case "not_reached":
            message = say("session.not_reached")
        case "interrupted":
            message = say("session.timeout", seconds=wanted.timeout) if ran_out else say("session.interrupted")
    if item["verdict"] == COULD_NOT_CHECK:
        message = unmet_reasons(item.get("unmet") or (), say)
    return label, message


def names_lost(message: str, name: str) -> bool:
    """Whether a missed line is about that name, which was looked up in vain."""
    return f"'{name}'" in message


def fitting(patterns: Sequence[str | None], texts: Sequence[str]) -> int | None:
    """The first of a step's hints whose `when` is found in any of the texts."""
    for index, pattern in enumerate(patterns):
        if pattern is not None and any(re.search(pattern, text) for text in texts):
            return index
    return None
