"""From what the kernel said to the verdict of a step, in the learner's language. Pure."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tutor.harness import telling
from tutor.harness.telling import unmet_reason
from tutor.i18n import Words
from tutor.lesson.binding import binding_step
from tutor.lesson.model import Lesson, RunCode, Step
from tutor.progress.model import Verdict
from tutor.runtime.base import Ending, Finished
from tutor.session.events import Line, Outcome
from tutor.session.visit import failure_texts, matching_hint
from tutor.session.wants import SERVER
from tutor.text.plain import strip

__all__ = ["from_kernel", "hint_of", "line_in", "unmet_reason", "verdict_of"]


def verdict_of(lines: Sequence[Line]) -> Verdict:
    """Any not yet makes it so; else any could not check; else passed."""
    return Verdict(telling.verdict_of([line.verdict for line in lines]))


def from_kernel(finished: Finished, lesson: Lesson, step: Step, words: Words, *, interrupted: bool) -> Outcome:
    """The outcome of an execution that ended with a judge request."""
    if finished.ending is Ending.LOST:
        reason = words("session.lost")
        return Outcome(Verdict.COULD_NOT_CHECK, reason=reason, unmet=(SERVER,), seconds=finished.seconds)
    if finished.judged is None or not (finished.ending is Ending.DONE or _ran_out_in_checks(finished)):
        message = _ending_message(finished, step, words, interrupted=interrupted)
        return Outcome(
            Verdict.NOT_YET,
            (Line(words("session.code_runs"), Verdict.NOT_YET, message),),
            seconds=finished.seconds,
            error={"type": "RuntimeDied", "message": message} if finished.ending is Ending.DIED else None,
        )
    judged = finished.judged
    seconds = float(judged.get("seconds") or 0.0)
    unmet = judged.get("unmet") or ()
    if unmet:
        return Outcome(Verdict.COULD_NOT_CHECK, reason=_unmet(unmet, words), unmet=_needs(unmet), seconds=seconds)
    error = judged.get("error")
    ran_out = finished.ending is Ending.TIMEOUT
    lines = tuple(
        _line(item, judged, step, words, interrupted=interrupted, ran_out=ran_out) for item in judged.get("lines") or ()
    )
    lines = _with_lost_name(lines, judged.get("unbound"), lesson, step, words)
    return Outcome(
        verdict_of(lines),
        lines,
        unmet=_needs(need for item in judged.get("lines") or () for need in item.get("unmet") or ()),
        error={"type": str(error["type"]), "message": strip(str(error["message"]))} if error else None,
        error_line=judged.get("error_line"),
        seconds=seconds,
    )


def _ran_out_in_checks(finished: Finished) -> bool:
    """The code came to its end and the time ran out while it was judged: the lines judged so far stand."""
    judged = finished.judged or {}
    return finished.ending is Ending.TIMEOUT and not judged.get("error") and bool(judged.get("lines"))


def line_in(code: str, line: int | None) -> int | None:
    """The line of the learner's code: IPython counts without the empty lines at its beginning."""
    if line is None:
        return None
    empty = next((number for number, text in enumerate(code.splitlines()) if text.strip()), 0)
    return line + empty


def hint_of(outcome: Outcome, step: Step) -> int | None:
    """The hint that fits a miss."""
    return matching_hint(step, failure_texts(outcome)) if outcome.verdict is Verdict.NOT_YET else None


def _unmet(needs: Sequence[Mapping[str, Any]], words: Words) -> str:
    return strip(telling.unmet_reasons(needs, words))


def _needs(unmet: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(need["need"]) for need in unmet))


def _line(
    item: Mapping[str, Any], judged: Mapping[str, Any], step: Step, words: Words, *, interrupted: bool, ran_out: bool
) -> Line:
    run = step.work if isinstance(step.work, RunCode) else None
    wanted = telling.Wanted(run.raises if run else None, run.exit if run else 0, step.timeout)
    label, message = telling.told(item, judged, wanted, words, interrupted=interrupted, ran_out=ran_out)
    seen, expected = item.get("seen"), item.get("expected")
    return Line(
        strip(label),
        Verdict(item["verdict"]),
        strip(message),
        expected=None if expected is None else strip(str(expected)),
        seen=None if seen is None else strip(str(seen)),
    )


def _ending_message(finished: Finished, step: Step, words: Words, *, interrupted: bool) -> str:
    if interrupted:
        return words("session.interrupted_killed" if finished.ending is Ending.KILLED else "session.interrupted")
    match finished.ending:
        case Ending.TIMEOUT:
            return words("session.timeout", seconds=step.timeout)
        case Ending.KILLED:
            return words("session.timeout_killed", seconds=step.timeout)
        case Ending.DIED:
            return words("session.died", cause=_cause(finished.exit_status, words))
        case Ending.DONE | Ending.LOST:
            return words("session.no_judgement")


def _cause(exit_status: int | None, words: Words) -> str:
    if exit_status is None:
        return words("session.cause_unknown")
    if exit_status < 0:
        try:
            name = signal.Signals(-exit_status).name
        except ValueError:
            name = str(-exit_status)
        return words("session.cause_signal", name=name)
    return words("session.cause_exit", status=exit_status)


def _with_lost_name(
    lines: tuple[Line, ...], name: object, lesson: Lesson, step: Step, words: Words
) -> tuple[Line, ...]:
    """Say it when a missing name is one that an earlier step binds."""
    earlier = binding_step(lesson, step, name) if isinstance(name, str) else None
    if earlier is None:
        return lines
    told = words("session.name_from_step", name=name, step=earlier.title, id=earlier.id)
    result = list(lines)
    for index, line in enumerate(result):
        if line.verdict is Verdict.NOT_YET and telling.names_lost(line.message, str(name)):
            result[index] = Line(line.label, line.verdict, f"{line.message}. {told}", line.expected, line.seen)
            break
    return tuple(result)
