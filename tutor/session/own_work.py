"""The learner's own work in a lesson as a notebook: what they ran, what it printed and showed, what they answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from tutor.i18n import Words
from tutor.lesson.model import Lesson
from tutor.lesson.notebook import cells
from tutor.lesson.notebook.cells import Cell, cell_id
from tutor.progress.model import Entry, EntryKind, Speaker
from tutor.runtime.base import Late, Raised, Rich, Text
from tutor.session.scribe import restored
from tutor.text.plain import Stripper, strip
from tutor.text.scrub import Scrubber

Work = tuple[Lesson, Sequence[Entry]]
"""A lesson and its transcript, oldest entry first."""


def own_work(works: Sequence[Work], words: Words) -> str:
    """The file; empty if the learner has done nothing yet."""
    made = [list(_lesson(lesson, entries, words)) for lesson, entries in works]
    if not any(made):
        return ""
    found: list[Cell] = []
    for (lesson, _), mine in zip(works, made, strict=True):
        if mine:
            about = f"# {lesson.front.title}\n\n{words('export.mine_about')}"
            found += [cells.markdown(cell_id(lesson.id, "mine"), about), *mine]
    return cells.write(found)


def _lesson(lesson: Lesson, entries: Sequence[Entry], words: Words) -> Iterator[Cell]:
    """The cells of one lesson: a heading wherever another step begins, then code with its outputs, and answers."""
    scrub = Scrubber().scrub_json
    told = None
    code: Cell | None = None
    for entry in entries:
        mine = entry.speaker is Speaker.YOU and entry.kind in (EntryKind.CODE, EntryKind.ANSWER)
        if mine or entry.kind is EntryKind.HEADING:
            if code is not None:
                yield code
            code = None
        if mine and entry.step_id != told:
            told = entry.step_id
            step = lesson.step(told)
            heading = step.title if step is not None else told or lesson.front.title
            yield cells.markdown(cell_id(lesson.id, str(entry.id), "heading"), f"## {heading}")
        if mine and entry.kind is EntryKind.CODE:
            bash = "%%bash\n" if entry.data.get("language") == "bash" else ""
            code = cells.code(cell_id(lesson.id, str(entry.id)), bash + scrub(entry.body), raises=True)
        elif mine:
            yield cells.markdown(cell_id(lesson.id, str(entry.id)), _answer(entry, words))
        elif entry.kind is EntryKind.OUTPUT and code is not None and entry.step_id == told:
            code["outputs"] += [scrub(output) for output in _joined(_outputs(entry, words))]
    if code is not None:
        yield code


def _answer(entry: Entry, words: Words) -> str:
    """What was answered, in a block of code: it is text, whatever it looks like."""
    question = Scrubber().scrub(str(entry.data.get("question") or "")).strip()
    told = f"**{words('export.mine_answer')}**\n\n{cells.fenced(Scrubber().scrub(entry.body))}"
    return f"{question}\n\n{told}" if question else told


def _joined(outputs: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """What was printed in one go in one piece: a token may have come in two."""
    for name, several in groupby(outputs, lambda output: output.get("name")):
        if name is None:
            yield from several
        else:
            yield cells.stream(str(name), "".join(piece for output in several for piece in output["text"]))


def _outputs(entry: Entry, words: Words) -> Iterator[Mapping[str, Any]]:
    """In order; a display that was updated stands where it was first shown, as it was last."""
    found: dict[str, Mapping[str, Any]] = {}
    for number, kept in enumerate(entry.data.get("outputs") or ()):
        key = str(number)
        if kept.get("kind") == "left_out":
            found[key] = cells.stream("stdout", words("export.mine_left_out", characters=kept["characters"]) + "\n")
            continue
        match restored(kept):
            case Text(stream, text) | Late(_, stream, text):
                clean = Stripper(keeps_movements=True).feed(text)
                found[key] = cells.stream(stream if stream in ("stdout", "stderr") else "stdout", clean)
            case Rich(data, display_id):
                shown = {mime: value for mime, value in data.items() if value is not None}
                if shown:
                    found[f"display {display_id}" if display_id is not None else key] = cells.display(shown)
            case Raised(type_, message, traceback):
                found[key] = cells.error(type_, message, [strip(line) for line in traceback])
            case _:
                pass
    yield from found.values()
