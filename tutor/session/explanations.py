"""Explains errors in the conversation: of a step, of code at the prompt, pasted, and asked for."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from tutor.lesson.model import RunCode, Step
from tutor.progress.model import Entry, EntryKind, Verdict
from tutor.runtime.base import Ending, Execution, Raised
from tutor.session import verdict
from tutor.session.desk import Desk
from tutor.session.events import Outcome
from tutor.session.explaining import (
    MOST_EXPLAINED,
    MOST_PASTED,
    OF_PROGRAMS,
    OF_THE_ENVIRONMENT,
    Fault,
    as_data,
    as_text,
    error_text,
    is_code,
    is_error,
    looks_like_error,
    runs_programs,
)
from tutor.session.scribe import newest, newest_error
from tutor.session.visit import failure_texts

log = logging.getLogger(__name__)

DIED = "The kernel appears to have died."
"""What a notebook says when a signal has ended its kernel; the rules of faults know it."""


class Explanations:
    """Looks at errors for one desk, and says what is known of them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of_attempt(self, step: Step, outcome: Outcome, execution: Execution, code: str) -> Entry | None:
        """What the error of a step means.

        Where the lesson has a hint for it that comes first, and alone: only when the same error comes again was it not enough.
        """
        if outcome.verdict is not Verdict.NOT_YET or self._desk.interrupted:
            return None
        missed = [text for text in failure_texts(outcome) if outcome.error is None and looks_like_error(text)]
        printed = [newest(execution.output)] if _exited(step, execution) else []
        texts = (*_shown_by(execution, code, _raised(step, outcome, execution)), *missed, *printed)
        has_hint = verdict.hint_of(outcome, step) is not None
        return await self._of_error(texts, only_again=has_hint)

    async def of_prompt(self, execution: Execution, code: str) -> Entry | None:
        """What the error of code from the prompt means."""
        return (
            None
            if self._desk.interrupted
            else await self._of_error(_shown_by(execution, code, newest_error(execution.output)))
        )

    async def pasted(self, text: str) -> bool:
        """Explain what stands at the prompt if it is an error; False if it is code, with a slip in it or not."""
        if is_code(text):
            return False
        faults = await self._faults((text[-MOST_PASTED:],))
        if not is_error(text, is_known=bool(faults)):
            return False
        await self._tell(faults, text)
        return True

    async def asked(self, text: str) -> None:
        """Say what that error means, or the newest one; it is said, too, when nobody knows."""
        desk = self._desk
        if text.strip():
            await self._tell(await self._faults((text[-MOST_PASTED:],)), text)
        elif desk.newest_error:
            await self._tell(await self._faults(desk.newest_error))
        else:
            await desk.note(desk.words("faults.nothing_to_explain"))

    async def _of_error(self, texts: Sequence[str], *, only_again: bool = False) -> Entry | None:
        texts = tuple(text[-MOST_EXPLAINED:] for text in texts if text.strip())
        if not texts:
            return None
        desk = self._desk
        desk.newest_error = texts
        faults = await self._faults(texts)
        if not faults:
            return None
        again = faults[0].code in desk.visit.faults
        desk.visit = replace(desk.visit, faults=(*desk.visit.faults, faults[0].code))
        return None if only_again and not again else self._entry(faults, again=again)

    async def _faults(self, texts: Sequence[str]) -> Sequence[Fault]:
        """Of the first text that shows any."""
        desk = self._desk
        for text in texts:
            try:
                faults = await asyncio.to_thread(desk.options.explain, text, desk.words.language)
            except Exception:
                # What is handed in looks at the computer: no verdict may depend on whether that succeeds.
                log.exception("an error could not be explained")
                return ()
            if faults:
                return faults
        return ()

    async def _tell(self, faults: Sequence[Fault], pasted: str = "") -> None:
        desk = self._desk
        asked = [desk.scribe.pasted_error(desk.step, pasted)] if pasted.strip() else []
        await desk.say([*asked, self._entry(faults, pasted=pasted)])

    def _entry(self, faults: Sequence[Fault], *, again: bool = False, pasted: str = "") -> Entry:
        desk = self._desk
        told = as_data(faults, here=f"{desk.lesson.id}#{desk.step.id}", pasted=pasted)
        body = as_text(told, desk.words) if told else desk.words("faults.unknown_here")
        doctor = again and faults[0].code in OF_THE_ENVIRONMENT
        return desk.scribe.entry(desk.step, EntryKind.EXPLANATION, body, {"faults": told, "doctor": doctor})


def _shown_by(execution: Execution, code: str, raised: Raised | None) -> list[str]:
    """The error of code that ran, and behind it what else may show what went wrong. Args: `raised`: by which it ended."""
    finished = execution.finished
    if finished is not None and finished.ending is Ending.DIED:
        by_signal = finished.exit_status is not None and finished.exit_status < 0
        return [newest(execution.output), *([DIED] if by_signal else [])]
    if raised is not None:
        return [error_text(raised), *([newest(execution.output)] if raised.type in OF_PROGRAMS else [])]
    printed = newest(execution.output) if runs_programs(code) else ""
    return [printed] if looks_like_error(printed) else []


def _raised(step: Step, outcome: Outcome, execution: Execution) -> Raised | None:
    """The error by which the step ended, with its traceback as far as there is one; none if it is the one that the step wants."""
    if outcome.error is None:
        return None
    kind, message = outcome.error["type"], outcome.error["message"]
    wanted = step.work.raises if isinstance(step.work, RunCode) else None
    if wanted is not None and re.search(wanted, f"{kind}: {message}"):
        return None
    shown = newest_error(execution.output)
    return shown if shown is not None and shown.type == kind else Raised(kind, message)


def _exited(step: Step, execution: Execution) -> bool:
    """Whether it was a program that ended with another exit status than the step wants."""
    judged = (execution.finished.judged if execution.finished is not None else None) or {}
    seen = judged.get("exit_code")
    return isinstance(step.work, RunCode) and seen is not None and seen != step.work.exit
