"""Makes transcript entries from what happened. Pure; what is kept of outputs is capped here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tutor.i18n import Words
from tutor.lesson.model import Lesson, Quiz, Step
from tutor.progress.model import Entry, EntryKind, Speaker
from tutor.runtime.base import Cleared, Late, Output, OutputLog, Raised, Rich, Text
from tutor.session.events import Outcome
from tutor.session.explaining import MOST_EXPLAINED
from tutor.text.plain import strip

KEPT_CHARACTERS = 32_768
"""Of the beginning and of the end of an output, each; the whole stands in the output's file."""
KEPT_RICH = 1 << 20
"""Characters of one MIME representation; of a larger one the transcript keeps only that it was there."""
KEPT_DISPLAYS = 1 << 23
"""Characters of all displays of an output together: of those after that, the plain text and what else there was by name."""


class Scribe:
    """Writes for one lesson."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson_id = lesson.id

    def entry(
        self,
        step: Step | None,
        kind: EntryKind,
        body: str,
        data: Mapping[str, Any] | None = None,
        *,
        speaker: Speaker = Speaker.TUTOR,
    ) -> Entry:
        """One message; the tutor speaks unless said otherwise."""
        return Entry(self._lesson_id, step.id if step else "", speaker, kind, body, data or {})

    def heading(self, step: Step, index: int, total: int) -> Entry:
        """A step begins."""
        data = {"position": index + 1, "total": total, "minutes": step.minutes}
        return self.entry(step, EntryKind.HEADING, step.title, data)

    def code(self, step: Step | None, code: str, language: str, attempt: int) -> Entry:
        """The learner runs code; `attempt` is 0 at the prompt."""
        data = {"language": language, "attempt": attempt}
        return self.entry(step, EntryKind.CODE, code, data, speaker=Speaker.YOU)

    def answer(self, step: Step, text: str, question: str = "") -> Entry:
        """The learner answers; `question` (markdown) is what was asked."""
        return self.entry(step, EntryKind.ANSWER, text, {"question": question}, speaker=Speaker.YOU)

    def pasted_error(self, step: Step, text: str) -> Entry:
        """The learner wants to know what an error means."""
        return self.entry(step, EntryKind.ANSWER, text, {"error": True}, speaker=Speaker.YOU)

    def late(self, lesson: Lesson, late: Late, words: Words) -> list[Entry]:
        """What something of an earlier step printed after that step had ended."""
        step = lesson.step(late.step.rpartition("#")[2])
        told = self.entry(step, EntryKind.NOTE, words("session.late", step=step.title if step else late.step))
        return [told, self.entry(step, EntryKind.OUTPUT, plain([late]), {"outputs": [kept(late)]})]

    def output(self, step: Step | None, log: OutputLog, seconds: float) -> Entry | None:
        """What the code printed and showed, or None if there was nothing."""
        first, left_out, last = log.ends(KEPT_CHARACTERS)
        if not first and not last:
            return None
        room = Room(KEPT_DISPLAYS)
        # The newest displays are what the learner looks for, should there be too many.
        end = [kept(output, room) for output in reversed(last)]
        outputs = [kept(output, room) for output in first]
        if left_out:
            outputs.append({"kind": "left_out", "characters": left_out})
        outputs += reversed(end)
        data = {"outputs": outputs, "seconds": round(seconds, 3), "file": str(log.path) if log.path else ""}
        return self.entry(step, EntryKind.OUTPUT, plain([*first, *last]), data)

    def verdict(self, step: Step, outcome: Outcome) -> Entry:
        """The verdict with its lines."""
        data = json.loads(json.dumps(asdict(outcome)))
        if isinstance(step.work, Quiz):
            # The label of its line; on a screen the question stands above the answer already.
            data["asked"] = step.work.question
        return self.entry(step, EntryKind.VERDICT, outcome.reason, data)


class Room:
    """What is left of the characters that displays may take."""

    def __init__(self, characters: int) -> None:
        self._characters = characters

    def takes(self, size: int) -> bool:
        """Take that much of it, if there is so much."""
        if size > min(self._characters, KEPT_RICH):
            return False
        self._characters -= size
        return True


def kept(output: Output, room: Room | None = None) -> dict[str, Any]:
    """One output as JSON for the transcript."""
    match output:
        case Text(stream, text):
            return {"kind": "text", "stream": stream, "text": text}
        case Rich(data):
            return {
                "kind": "rich",
                "data": _small(data, room or Room(KEPT_DISPLAYS)),
                "display_id": output.display_id,
                "update": output.update,
            }
        case Raised(type_, message, traceback):
            return {"kind": "raised", "type": type_, "message": message, "traceback": list(traceback)}
        case Cleared(wait):
            return {"kind": "cleared", "wait": wait}
        case Late(step, stream, text):
            return {"kind": "late", "step": step, "stream": stream, "text": text}


def _small(data: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """A picture without room becomes None: what shows it can say so. Of anything else there is the plain text, if that has room."""
    small = {mime: value if room.takes(len(str(value))) else None for mime, value in data.items()}
    return {mime: value for mime, value in small.items() if value is not None or mime.startswith("image/")}


def restored(data: Mapping[str, Any]) -> Output | None:
    """The output that `kept` wrote; None for a kind that this version does not know."""
    match data.get("kind"):
        case "text":
            return Text(str(data["stream"]), str(data["text"]))
        case "rich":
            return Rich(dict(data["data"]), data.get("display_id"), bool(data.get("update")))
        case "raised":
            return Raised(str(data["type"]), str(data["message"]), tuple(data["traceback"]))
        case "cleared":
            return Cleared(bool(data.get("wait")))
        case "late":
            return Late(str(data["step"]), str(data["stream"]), str(data["text"]))
        case _:
            return None


def plain(outputs: Sequence[Output]) -> str:
    """Outputs as plain text, for searching and copying."""
    parts = []
    for output in outputs:
        match output:
            case Text(_, text) | Late(_, _, text):
                parts.append(text)
            case Rich(data):
                parts.append(str(data.get("text/plain", "")) + "\n")
            case Raised(type_, message):
                parts.append(f"{type_}: {message}\n")
    return strip("".join(parts))


def newest(log: OutputLog) -> str:
    """The end of an output as plain text: where an error stands."""
    first, _, last = log.ends(MOST_EXPLAINED)
    return plain([*first, *last])[-MOST_EXPLAINED:]


def newest_error(log: OutputLog) -> Raised | None:
    """What code raised, as far as it did."""
    first, _, last = log.ends(MOST_EXPLAINED)
    return next((output for output in reversed([*first, *last]) if isinstance(output, Raised)), None)
