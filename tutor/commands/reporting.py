"""How a headless run is told: a front end takes session events and writes them. The JSON one is a contract (lesson-format.md)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from tutor.commands.explaining import fault_lines
from tutor.i18n import Words
from tutor.lesson.model import Lesson
from tutor.progress.model import Entry, EntryKind, Verdict
from tutor.runtime.base import Cleared, Late, Output, OutputLog, Raised, Rich, Text
from tutor.session.events import (
    Added,
    Event,
    Line,
    Outcome,
    OutputChanged,
    StepFinished,
    StepStarted,
)
from tutor.text.plain import Stripper, strip
from tutor.text.terminal import Line as StyledLine
from tutor.text.terminal import Terminal

RICHEST = (
    "application/vnd.tutor.live+json",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
    "text/html",
    "text/markdown",
    "text/latex",
    "application/json",
)
"""MIME types from the richest on: what a program can read most from. The state of a live display comes first, since it has the numbers of
which a curve would be drawn; then pictures, then marked up text. Any other type comes after these and before plain text.
"""


class Reporter(Protocol):
    """Writes what happens in a run, line by line, each flushed at once."""

    def lesson_started(self, lesson: Lesson) -> None: ...
    def take(self, event: Event) -> None: ...
    def lesson_finished(self, lesson: Lesson, counts: Mapping[str, int]) -> None: ...
    def run_finished(self, counts: Mapping[str, int], exit_code: int) -> None: ...


class OutputReader:
    """Follows the output log of the execution under way from where it stopped."""

    def __init__(self) -> None:
        self._log: OutputLog | None = None
        self._cursor = 0

    def new(self, log: OutputLog) -> list[Output]:
        """What came since the last call."""
        if log is not self._log:
            self._log, self._cursor = log, 0
        found: list[Output] = []
        while True:
            outputs, cursor = log.read(self._cursor)
            if cursor == self._cursor:
                return found
            found += outputs
            self._cursor = cursor


def richest(data: Mapping[str, Any]) -> tuple[str, Any]:
    """The representation that says most."""
    others = [mime for mime in data if mime not in RICHEST and mime != "text/plain"]
    for mime in (*RICHEST, *others, "text/plain"):
        if mime in data:
            return mime, data[mime]
    return "text/plain", ""


class JsonReporter:
    """One JSON object a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._reader = OutputReader()
        self._strippers: dict[str, Stripper] = {}
        self._step = ""
        """The step that was started last: what earlier steps print while names are brought back is not told."""

    def _write(self, event: str, **more: Any) -> None:
        time = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._out.write(json.dumps({"event": event, "time": time, **more}, ensure_ascii=False) + "\n")
        self._out.flush()

    def lesson_started(self, lesson: Lesson) -> None:
        self._write("lesson_started", lesson=lesson.id, title=lesson.front.title, language=str(lesson.language))

    def take(self, event: Event) -> None:
        match event:
            case StepStarted(lesson_id, step_id):
                self._strippers.clear()
                self._step = step_id
                self._write("step_started", lesson=lesson_id, step=step_id)
            case OutputChanged(lesson_id, step_id, log) if step_id == self._step:
                for output in self._reader.new(log):
                    self._output(lesson_id, step_id, output)
            case StepFinished(lesson_id, step_id, outcome):
                self._write("step_finished", lesson=lesson_id, step=step_id, **outcome_json(outcome))
            case _:
                pass

    def _output(self, lesson_id: str, step_id: str, output: Output) -> None:
        match output:
            case Text(stream, text) | Late(_, stream, text):
                stripper = self._strippers.setdefault(stream, Stripper(keeps_movements=True))
                if clean := stripper.feed(text):
                    self._write("output", lesson=lesson_id, step=step_id, stream=stream, text=clean)
            case Rich(data):
                mime, value = richest(data)
                value = strip(value) if isinstance(value, str) and mime.startswith("text/") else value
                self._write("output", lesson=lesson_id, step=step_id, mime=mime, data=value)
            case Raised(_, _, traceback):
                text = strip("\n".join(traceback))
                self._write("output", lesson=lesson_id, step=step_id, stream="stderr", text=text + "\n")
            case Cleared():
                pass

    def lesson_finished(self, lesson: Lesson, counts: Mapping[str, int]) -> None:
        self._write("lesson_finished", lesson=lesson.id, counts=dict(counts))

    def run_finished(self, counts: Mapping[str, int], exit_code: int) -> None:
        self._write("run_finished", counts=dict(counts), exit_code=exit_code)


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The fields of `step_finished`."""
    return {
        "verdict": str(outcome.verdict),
        "checks": [line_json(line) for line in outcome.lines],
        "reason": outcome.reason or None,
        "error": dict(outcome.error) if outcome.error else None,
        "hint": outcome.hint,
        "attempt": outcome.attempt,
        "seconds": round(outcome.seconds, 3),
        "runtime": outcome.runtime,
        "practice": outcome.practice,
    }


def line_json(line: Line) -> dict[str, Any]:
    """One line of `checks`."""
    return {
        "label": line.label,
        "verdict": str(line.verdict),
        "message": line.message,
        "expected": line.expected,
        "seen": line.seen,
    }


def _plain(line: StyledLine) -> str:
    return "".join(run.text for run in line)


MARKS = {Verdict.PASSED: "✓", Verdict.NOT_YET: "✗", Verdict.COULD_NOT_CHECK: "●"}


@dataclass(slots=True)
class Display:
    """Something that a step shows and changes."""

    told: str
    newest: str


class TextReporter:
    """For a person who reads a terminal or a log: no colour, progress bars in their last state."""

    def __init__(self, out: TextIO, words: Words) -> None:
        self._out = out
        self._words = words
        self._reader = OutputReader()
        self._terminal = Terminal()
        self._displays: dict[str, Display] = {}
        self._step = ""
        self._rehearsed = 0
        """Steps of this lesson that were passed in practice."""
        self._faults: Sequence[Mapping[str, Any]] = ()
        """What the error of this step means; it comes before the verdict and is told after it."""

    def _line(self, text: str = "") -> None:
        self._out.write(text + "\n")
        self._out.flush()

    def lesson_started(self, lesson: Lesson) -> None:
        self._rehearsed = 0
        self._line(f"{lesson.front.title} ({lesson.id})")

    def take(self, event: Event) -> None:
        match event:
            case Added(Entry(kind=EntryKind.HEADING) as entry):
                position, total = entry.data["position"], entry.data["total"]
                self._line()
                self._line(f"{position}/{total} {strip(entry.body)}")
            case Added(Entry(kind=EntryKind.EXPLANATION) as entry):
                self._faults = entry.data.get("faults") or ()
            case StepStarted(step_id=step_id):
                self._terminal = Terminal()
                self._displays.clear()
                self._faults = ()
                self._step = step_id
            case OutputChanged(_, step_id, log) if step_id == self._step:
                for output in self._reader.new(log):
                    self._output(output)
            case StepFinished(_, _, outcome):
                for rest in self._terminal.close():
                    self._line("    " + _plain(rest))
                self._tell_displays()
                self._outcome(outcome)
            case _:
                pass

    def _output(self, output: Output) -> None:
        match output:
            case Text(_, text) | Late(_, _, text):
                pass
            case Rich(data, display_id):
                text = str(data.get("text/plain", "")) + "\n"
                if display_id is not None and (shown := self._displays.get(display_id)) is not None:
                    shown.newest = text
                    return
                if display_id is not None:
                    self._displays[display_id] = Display(text, text)
            case Raised(_, _, traceback):
                text = "\n".join(traceback) + "\n"
            case Cleared():
                return
        for line in self._terminal.feed(text):
            self._line("    " + _plain(line))

    def _tell_displays(self) -> None:
        """What each display shows in the end, if that is not what it showed at first: a thousand updates are two lines."""
        for shown in self._displays.values():
            if shown.newest != shown.told:
                for row in strip(shown.newest).splitlines():
                    self._line("    " + row)

    def _outcome(self, outcome: Outcome) -> None:
        words = self._words
        for line in outcome.lines:
            told = f": {line.message}" if line.message and line.verdict is not Verdict.PASSED else ""
            self._line(f"    {MARKS[line.verdict]} {line.label}{told}")
            if line.verdict is Verdict.NOT_YET and line.expected is not None:
                self._line("        " + words("commands.expected", text=line.expected))
                self._line("        " + words("commands.seen", text=line.seen))
        said = words(f"commands.{outcome.verdict}")
        if outcome.practice:
            said = words("commands.in_practice", said=said)
            self._rehearsed += outcome.verdict is Verdict.PASSED
        self._line(f"  {MARKS[outcome.verdict]} {said}" + (f": {outcome.reason}" if outcome.reason else ""))
        if outcome.hint:
            self._line("  " + words("commands.hint"))
            for row in strip(outcome.hint).splitlines():
                self._line("    " + row)
        for fault in self._faults:
            for row in fault_lines(strip(fault["cause"]), strip(fault["mend"]), fault["lesson"], words):
                self._line("  " + row)

    def lesson_finished(self, lesson: Lesson, counts: Mapping[str, int]) -> None:
        self._line()
        told = self._counts(counts)
        if self._rehearsed:
            told = self._words("commands.counts_practice", told=told, count=self._rehearsed)
        self._line(f"{lesson.id}: {told}")

    def run_finished(self, counts: Mapping[str, int], exit_code: int) -> None:
        pass

    def _counts(self, counts: Mapping[str, int]) -> str:
        return self._words("commands.counts", **counts)
