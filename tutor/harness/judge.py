"""Judges the last attempt of a step: what its code did, then the lines of its check fences, and publishes the verdict."""

from __future__ import annotations

import ast
import contextlib
import json
import re
import time
import traceback
from dataclasses import asdict, dataclass, field
from typing import Any

from tutor.harness import JUDGED_MIME, kernel, needs
from tutor.harness.attempt import Attempt, Error, unbound_name
from tutor.harness.checks import Statement, statements
from tutor.harness.compare import NAME, Instrument, Recorder, clip, describe, message_of
from tutor.harness.placeholders import replace_values
from tutor.harness.telling import COULD_NOT_CHECK, NOT_YET, PASSED

MESSAGE_LIMIT = 2000
RETRY_PAUSE = 1.0


@dataclass
class Line:
    """One line of the verdict; see `tutor.harness` for the kinds."""

    kind: str
    label: str
    verdict: str
    message: str = ""
    expected: str | None = None
    seen: str | None = None
    unmet: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Judged:
    """The `JUDGED_MIME` object."""

    lines: list[Line] = field(default_factory=list)
    unmet: list[dict[str, str]] = field(default_factory=list)
    error: dict[str, str] | None = None
    error_line: int | None = None
    exit_code: int | None = None
    seconds: float = 0.0
    interrupted: bool = False
    mutable: bool = False
    unbound: str | None = None


class Result:
    """The read-only name `result` in checks: the last run of this step."""

    __slots__ = ("_attempt", "error", "exit_code", "seconds", "value")

    error: Error | None
    exit_code: int | None
    seconds: float
    value: object

    def __init__(self, attempt: Attempt | None) -> None:
        for name in ("error", "exit_code", "value"):
            object.__setattr__(self, name, getattr(attempt, name, None))
        object.__setattr__(self, "seconds", attempt.seconds if attempt else 0.0)
        object.__setattr__(self, "_attempt", attempt)

    @property
    def text(self) -> str:
        """What the code printed, stdout and stderr in order; of very long output the first and the last MiB."""
        attempt: Attempt | None = self._attempt  # type: ignore[attr-defined]
        return attempt.source.capture.text() if attempt and attempt.source.capture else ""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("result is read-only")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<result: error={self.error!s}, exit_code={self.exit_code}, {self.seconds:.2f} s>"


def run() -> None:
    """Judge as the present request asks, and publish."""
    __tracebackhide__ = True
    harness = kernel.current()
    harness.publish(JUDGED_MIME, judge(harness))


def judge(harness: kernel.Harness) -> dict[str, Any]:
    """Judge as the present request asks, and end it; the `JUDGED_MIME` object."""
    __tracebackhide__ = True
    judged = Judged()
    publisher = harness.shell.display_pub
    publisher.register_hook(_drop)
    try:
        Judge(harness, judged).judge()
    except KeyboardInterrupt:
        judged.interrupted = True
    except Exception as error:  # noqa: BLE001 (the boundary of the learner's kernel: a fault of ours must end in a verdict)
        text = "".join(traceback.format_exception(error))[-MESSAGE_LIMIT:]
        judged.lines = [Line("line", "", COULD_NOT_CHECK, clip(f"the harness failed: {text}", MESSAGE_LIMIT))]
    finally:
        publisher.unregister_hook(_drop)
        request = str((harness.shell.get_parent().get("header") or {}).get("msg_id"))
        harness.end_silent()
    data = asdict(judged)
    _newest[:] = [{"request": request, "judged": data}]
    return data


_newest: list[dict[str, Any]] = []


def last() -> str:
    """The newest judgement as JSON of `request` (the id of the one that asked for it) and `judged`; empty if there was none.

    A server may drop messages for the screen when much is printed, but never the answer to a request.
    """
    return json.dumps(_newest[0]) if _newest else ""


def _drop(message: object) -> None:
    """What checks display is not output of the step."""


class Judge:
    """One judging; fills in `judged` as it goes, so that what an interrupt leaves is what was judged before it."""

    def __init__(self, harness: kernel.Harness, judged: Judged) -> None:
        assert harness.request is not None
        self._harness = harness
        self._judged = judged
        self._tutor = harness.request.tutor
        self._values = harness.request.values
        self._recorder = Recorder()
        attempt = harness.attempt
        is_ours = attempt is not None and attempt.step == harness.request.source.step
        self._attempt = attempt if is_ours and self._tutor.get("attempted", True) else None

    def judge(self) -> None:
        request = self._harness.request
        if request is not None and request.failure is not None:
            self._not_run(Error.of(request.failure))
        elif self._attempt is not None:
            self._judge_attempt(self._attempt)
        else:
            self._judged.unmet = needs.unmet(self._tutor.get("needs") or [])
            if not self._judged.unmet:
                self._judge_fences()

    def _not_run(self, error: Error, expected: str | None = None) -> None:
        self._judged.error = {"type": error.type, "message": error.message}
        self._judged.unbound, self._judged.error_line = error.unbound, error.line
        self._judged.lines = [Line("code", "", NOT_YET, clip(str(error), MESSAGE_LIMIT), expected)]

    def _judge_attempt(self, attempt: Attempt) -> None:
        judged = self._judged
        judged.unmet, judged.exit_code = attempt.unmet, attempt.exit_code
        judged.seconds, judged.mutable = round(attempt.seconds, 6), attempt.is_mutable
        if attempt.unmet:
            return
        raises, wanted = self._tutor.get("raises"), int(self._tutor.get("exit") or 0)
        if attempt.error is not None:
            if raises is None or not re.search(raises, str(attempt.error)):
                self._not_run(attempt.error, raises)
                return
            judged.error = {"type": attempt.error.type, "message": attempt.error.message}
        elif raises is not None:
            judged.lines = [Line("raises", "", NOT_YET, "", raises)]
            return
        if attempt.exit_code is not None and attempt.exit_code != wanted:
            message = f"exit status {attempt.exit_code}"
            judged.lines = [Line("code", "", NOT_YET, message, str(wanted), str(attempt.exit_code))]
            return
        self._judge_fences()

    def _judge_fences(self) -> None:
        """All fences; again once a second until all lines pass, as long as `retry` says."""
        fences = [(fence, needs.unmet(fence.get("needs") or [])) for fence in self._tutor.get("checks") or []]
        deadline = time.monotonic() + float(self._tutor.get("retry") or 0)
        while True:
            judgement: list[Line] = []
            self._judged.unbound = None
            try:
                self._judge_once(fences, judgement)
            except KeyboardInterrupt:  # the round before was complete
                self._judged.lines = self._judged.lines or judgement
                raise
            self._judged.lines = judgement
            left = deadline - time.monotonic()
            if left <= 0 or all(line.verdict != NOT_YET for line in judgement):
                return
            time.sleep(min(RETRY_PAUSE, left))

    def _judge_once(self, fences: list[tuple[dict[str, Any], list[dict[str, str]]]], lines: list[Line]) -> None:
        names = self._harness.names
        before = dict(names)
        waiting = iter(fences)
        try:
            names.update(self._tutor.get("names") or {})
            names[NAME] = self._recorder
            for fence, unmet in waiting:
                self._judge_fence(str(fence.get("code") or ""), unmet, lines)
        except KeyboardInterrupt:
            for fence, _ in waiting:
                lines += _not_reached(_statements(str(fence.get("code") or "")))
            raise
        finally:
            self._recorder.clear()
            for name in [name for name in names if name not in before]:
                del names[name]
            names.update(before)

    def _judge_fence(self, code: str, unmet: list[dict[str, str]], lines: list[Line]) -> None:
        try:
            found = statements(code)
        except (SyntaxError, ValueError, RecursionError) as error:
            lines.append(Line("line", _first_line(code), NOT_YET, clip(describe(error), MESSAGE_LIMIT)))
            return
        if unmet:
            lines += [Line("line", s.label, COULD_NOT_CHECK, unmet=unmet) for s in found if s.is_line]
            return
        result = Result(self._attempt)
        for place, statement in enumerate(found):
            if "result" in code:  # else a `result` of the learner's own stays what it is
                self._harness.names["result"] = result
            try:
                line = self._judge_statement(statement)
            except KeyboardInterrupt:
                lines.append(Line("interrupted", clip(statement.label, MESSAGE_LIMIT), NOT_YET, "interrupted"))
                lines += _not_reached(found[place + 1 :])
                raise
            if statement.is_line or line.verdict != PASSED:
                lines.append(line)
            if not statement.is_line and line.verdict != PASSED:
                lines += _not_reached(found[place + 1 :])
                return

    def _judge_statement(self, statement: Statement) -> Line:
        line = Line("line", clip(statement.label, MESSAGE_LIMIT), NOT_YET)
        self._recorder.clear()
        try:
            if statement.binds_result:
                raise TypeError("'result' is read-only in checks")
            exec(self._compile(statement), self._harness.names)  # noqa: S102 (checks are code of a trusted lesson)
        except KeyboardInterrupt:
            raise
        except AssertionError as error:
            line.message = message_of(error, MESSAGE_LIMIT)
            if statement.is_line:
                line.expected, line.seen = self._recorder.expected_and_seen()
            else:
                line.message = clip(describe(error), MESSAGE_LIMIT)
        except BaseException as error:  # noqa: BLE001 (whatever the learner's objects raise, SystemExit included)
            line.message = clip(describe(error), MESSAGE_LIMIT)
            self._judged.unbound = self._judged.unbound or unbound_name(error)
        else:
            line.verdict = PASSED
        self._recorder.clear()
        return line

    def _compile(self, statement: Statement) -> Any:
        tree = ast.Module([statement.node], [])
        replace_values(tree, self._values)
        Instrument().visit(tree)
        # Asserts must stay asserts under `python -O`, and the harness's own `__future__` is not the lesson's.
        return compile(tree, "<check>", "exec", dont_inherit=True, optimize=0)


def _not_reached(rest: list[Statement]) -> list[Line]:
    return [Line("not_reached", s.label, NOT_YET, "not reached") for s in rest if s.is_line]


def _statements(code: str) -> list[Statement]:
    """Of a fence that is not reached, and so whatever it is."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        return statements(code)
    return []


def _first_line(code: str) -> str:
    return next((line.strip() for line in code.splitlines() if line.strip()), "")[:200]
