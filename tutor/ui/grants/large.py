"""The wish to see something large: the newest output of the step, or the block under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.progress.model import Entry, EntryKind
from tutor.runtime.base import Output, Text
from tutor.session.scribe import restored
from tutor.text.plain import strip
from tutor.ui.blocks import BlockKind
from tutor.ui.code import highlighted
from tutor.ui.lines import FixedLines, OutputList, OutputSource
from tutor.ui.output import SpanLine, output_blocks
from tutor.ui.stops import StopKind
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor
    from tutor.ui.lines import LineSource


async def open_large(conductor: Conductor, _: str) -> None:
    """The block under the cursor, else the newest output of this step, which is followed while the code runs."""
    transcript, words = conductor.screen.transcript, conductor.words
    stop, message = transcript.stop, transcript.message_at_cursor
    if stop is not None and stop.kind is StopKind.CODE:
        show(conductor, FixedLines(code_lines(stop.text, stop.language)), words("output.title_code"), "code.py")
    elif stop is not None and stop.kind is StopKind.VERDICT:
        show(conductor, FixedLines(code_lines(stop.text)), words("output.title_verdict"), "verdict.txt")
    elif stop is not None and stop.kind is StopKind.OUTPUT and message is not None and message.entry_id:
        await _open_entry(conductor, message.entry_id)
    elif (live := conductor.stage.talk.live) is not None:
        card = conductor.stage.card
        title = _title(conductor, card.step.id if card is not None else "", 0.0)
        show(conductor, live.source, title, _name(conductor), live=True)
    else:
        await _open_entry(conductor, 0)


async def _open_entry(conductor: Conductor, entry_id: int) -> None:
    """The output of that entry, or the newest of the step."""
    card = conductor.stage.card
    entries = (
        await conductor.host.entries(card.lesson.id, entry_id + 1 if entry_id else None) if card is not None else ()
    )
    entry = _newest_output(entries)
    if entry is None:
        conductor.tell("output.none_here")
        return
    title = _title(conductor, entry.step_id, float(entry.data.get("seconds") or 0.0))
    show_text = partial(show, conductor, _source_of(conductor, entry), title, _name(conductor))
    figures = [block for block in output_blocks(entry.data, conductor.words) if block.kind is BlockKind.FIGURE]
    if not figures:
        show_text()
        return
    from tutor.ui.screens.figure import FigureScreen

    name = _name(conductor).removesuffix(".txt")
    screen = FigureScreen(conductor.words, figures, title, name=name, show_text=show_text)
    conductor.screen.app.push_screen(screen)


def _newest_output(entries: Sequence[Entry]) -> Entry | None:
    """Since the step began."""
    for entry in reversed(entries):
        if entry.kind is EntryKind.OUTPUT:
            return entry
        if entry.kind is EntryKind.HEADING:
            break
    return None


def _source_of(conductor: Conductor, entry: Entry) -> LineSource:
    """The lines of an output: of its file, as long as that is kept, else of what the conversation has."""
    if file := str(entry.data.get("file") or ""):
        try:
            return OutputSource(conductor.host.old_output(file))
        except OSError:
            pass  # old files make room for new ones: what the conversation has is left
    outputs: list[Output] = []
    for item in entry.data.get("outputs") or ():
        if item.get("kind") == "left_out":
            said = conductor.words("output.characters_gone", count=f"{int(item['characters']):,}")
            outputs.append(Text("stderr", f"\n{said}\n"))
        elif (output := restored(item)) is not None:
            outputs.append(output)
    return OutputSource(OutputList(outputs))


def code_lines(code: str, language: str = "") -> list[SpanLine]:
    """Code, or any other text, as lines with their colours."""
    content = highlighted(strip(code).rstrip("\n"), language).expand_tabs(4)
    return [_spans(line) for line in content.split("\n", allow_blank=True)]


def _spans(line: Content) -> SpanLine:
    cuts = sorted({0, len(line.plain), *(at for span in line.spans for at in (span.start, span.end))})
    return tuple(
        (line.plain[start:end], next((str(s.style) for s in reversed(line.spans) if s.start <= start < s.end), ""))
        for start, end in pairwise(cuts)
    )


def show(conductor: Conductor, source: LineSource, title: str, name: str, *, live: bool = False) -> None:
    """Put the pager over the conversation. Args: `name`: offered for a file; `live`: the code still runs."""
    from tutor.ui.screens.output import OutputScreen

    talk = conductor.stage.talk
    watched = talk.live if live else None
    is_running = (lambda: watched is not None and talk.live is watched) if live else None
    screen = OutputScreen(conductor.words, source, title, name=name, is_running=is_running)
    conductor.screen.app.push_screen(screen)


def _title(conductor: Conductor, step_id: str, seconds: float) -> str:
    card = conductor.stage.card
    step = card.lesson.step(step_id) if card is not None else None
    title = strip(step.title) if step is not None else conductor.words("output.title_prompt")
    if seconds < 0.05:
        return conductor.words("output.title", title=title)
    return conductor.words("output.title_took", title=title, seconds=f"{seconds:.1f}")


def _name(conductor: Conductor) -> str:
    card = conductor.stage.card
    return f"{card.step.id}.txt" if card is not None else "output.txt"


GRANTS = {Wish.OPEN_LARGE: open_large}
