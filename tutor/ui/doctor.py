"""What the doctor has found, as blocks of the page and as lines of text. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.host import DoctorLine, DoctorPart
from tutor.ui.look import GLYPHS
from tutor.ui.mends import language_of, pieces_of
from tutor.ui.wrap import cells

MOST_LABEL = 28
"""Columns for the names at the left; a longer one has its line to itself."""


def blocks_of(part: DoctorPart, looking: str) -> list[Block]:
    """One part of the page. Args: `looking`: said while it is not complete."""
    title = text(part.title, "heading")
    widest = max((cells(line.label) for line in part.lines if cells(line.label) <= MOST_LABEL), default=0)
    blocks = [title]
    for line in part.lines:
        blocks += _line(line, widest)
    if not part.is_complete:
        blocks.append(text(looking, "muted", first="  ", gap=False))
    return blocks


def _line(line: DoctorLine, widest: int) -> Iterator[Block]:
    mark = f"{GLYPHS.get(line.mark, ' ')} "
    lead = 2 + len(mark)
    room = " " * max(widest - cells(line.label), 0) + "  " if widest else ""
    rest = " " * (lead + (widest + 2 if widest else 0))
    role = "" if line.mark else "muted"
    if not line.label:
        yield text(line.value, "", first=f"  {mark}", rest=" " * lead, gap=False, mark=line.mark)
    elif cells(line.label) > widest:
        yield text(line.label, role, first=f"  {mark}", rest=" " * lead, gap=False, mark=line.mark)
        yield text(line.value, "muted", first=" " * lead, rest=" " * lead, gap=False)
    else:
        spans = ((line.label + room, "muted"), (line.value, ""))
        yield Block(BlockKind.TEXT, spans, f"  {mark}", rest, gap=False, role=line.mark)
    for is_command, body in pieces_of(line.more):
        indent = " " * lead
        if is_command:
            yield Block(BlockKind.CODE, ((body, ""),), indent, indent, gap=False, language=language_of(body))
        else:
            yield text(body, "muted" if line.mark == "could_not_check" else "", first=indent, rest=indent, gap=False)


def first_command(parts: Sequence[DoctorPart]) -> str:
    """What mends the first thing that is broken; empty where nothing is, or no command does."""
    for part in parts:
        for line in part.lines:
            if line.mark == "not_yet":
                for is_command, body in pieces_of(line.more):
                    if is_command:
                        return body
    return ""


def lines_of(part: DoctorPart) -> Iterator[str]:
    """The part for a terminal without a screen."""
    yield part.title
    widest = max((cells(line.label) for line in part.lines if cells(line.label) <= MOST_LABEL), default=0)
    for line in part.lines:
        label = f"{line.label}{' ' * max(widest - cells(line.label), 0)}  " if line.label else ""
        yield f"  {GLYPHS.get(line.mark, ' ')} {label}{line.value}".rstrip()
        for each in line.more:
            yield f"      {each}"
    yield ""
