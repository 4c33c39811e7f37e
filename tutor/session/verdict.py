"""From what the kernel said to the verdict of a step, in the learner's language. Pure."""

from __future__ import annotations

import ast
import signal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tutor.i18n import Words
from tutor.lesson.model import FixCode, Lesson, NeedKind, RunCode, Step
from tutor.progress.model import Verdict
from tutor.runtime.base import Ending, Finished
from tutor.session.events import Line, Outcome
from tutor.session.visit import failure_texts, matching_hint
from tutor.session.wants import SERVER
from tutor.text.plain import strip

INTERRUPTS = ("KeyboardInterrupt", "CancelledError")
"""What an interrupt raises in code that computes, and in code that awaits."""


def verdict_of(lines: Sequence[Line]) -> Verdict:
    """Any not yet makes it so; else any could not check; else passed."""
    verdicts = {line.verdict for line in lines}
    if Verdict.NOT_YET in verdicts:
        return Verdict.NOT_YET
    return Verdict.COULD_NOT_CHECK if Verdict.COULD_NOT_CHECK in verdicts else Verdict.PASSED


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


def unmet_reason(need: str, detail: str, words: Words) -> str:
    """Why a step (or a line) could not be checked here, and the way on."""
    kind, _, argument = need.partition(":")
    key = f"session.unmet_{kind}" if kind in set(NeedKind) else "session.unmet_other"
    if need in ("module:torch", "torch"):
        key = "session.unmet_torch"
    elif kind == NeedKind.CUDA and detail:
        key = "session.unmet_cuda_other"
    return words(key, argument=argument, need=need, detail=detail)


def _unmet(needs: Sequence[Mapping[str, Any]], words: Words) -> str:
    return " ".join(unmet_reason(str(need["need"]), strip(str(need["detail"])), words) for need in needs)


def _needs(unmet: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(need["need"]) for need in unmet))


def _line(
    item: Mapping[str, Any], judged: Mapping[str, Any], step: Step, words: Words, *, interrupted: bool, ran_out: bool
) -> Line:
    label, message = strip(str(item.get("label") or "")), strip(str(item.get("message") or ""))
    match item.get("kind"):
        case "code":
            label = words("session.code_runs")
            error = judged.get("error")
            if interrupted and error and error.get("type") in INTERRUPTS:
                message = words("session.interrupted")
            elif not error and judged.get("exit_code") is not None:
                wanted = step.work.exit if isinstance(step.work, RunCode) else 0
                message = words("session.exit_status", seen=judged["exit_code"], wanted=wanted)
        case "raises":
            label = words("session.code_raises")
            wanted_error = step.work.raises if isinstance(step.work, RunCode) else ""
            message = words("session.did_not_raise", wanted=wanted_error)
        case "not_reached":
            message = words("session.not_reached")
        case "interrupted":
            message = words("session.timeout", seconds=step.timeout) if ran_out else words("session.interrupted")
    verdict = Verdict(item["verdict"])
    if verdict is Verdict.COULD_NOT_CHECK:
        message = _unmet(item.get("unmet") or (), words)
    seen, expected = item.get("seen"), item.get("expected")
    return Line(
        label,
        verdict,
        message,
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


def binding_step(lesson: Lesson, before: Step, name: str) -> Step | None:
    """The last step ahead of `before` whose code binds that name."""
    found = None
    for step in lesson.steps:
        if step.id == before.id:
            break
        if name in _bound_names(step):
            found = step
    return found


def _bound_names(step: Step) -> set[str]:
    match step.work:
        case RunCode(language="python", code=code):
            source = code
        case FixCode(solution=code):
            source = code
        case _:
            return set()
    plain = "\n".join("" if line.lstrip().startswith(("!", "%")) else line for line in source.splitlines())
    try:
        tree = ast.parse(plain)
    except SyntaxError:
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return names


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
        if line.verdict is Verdict.NOT_YET and f"'{name}'" in line.message:
            result[index] = Line(line.label, line.verdict, f"{line.message}. {told}", line.expected, line.seen)
            break
    return tuple(result)
