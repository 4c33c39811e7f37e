"""What in a message is worth acting on: code, output, a verdict, a link. Pure; `ui.widgets.block_cursor` walks through them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from textual.content import Content
from textual.style import Style

from tutor.ui.blocks import Block, BlockKind, target_of
from tutor.ui.layout import Row
from tutor.ui.look import style_of


class StopKind(StrEnum):
    """What stands there."""

    CODE = "code"
    OUTPUT = "output"
    VERDICT = "verdict"
    LINK = "link"


WHOLE = {"output": StopKind.OUTPUT, "verdict": StopKind.VERDICT}
"""Messages of these classes are one stop as a whole."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One place for the cursor."""

    kind: StopKind
    first: int
    """Index of its first block."""
    last: int
    text: str
    """What is copied: for code its exact source, for a link its address."""
    language: str = ""
    """Of code."""


def stops_of(blocks: Sequence[Block], classes: Collection[str]) -> tuple[Stop, ...]:
    """The stops of a message, from top to bottom. Args: `classes`: of the message."""
    whole = next((kind for name, kind in WHOLE.items() if name in classes), None)
    found = [Stop(whole, 0, len(blocks) - 1, text_of(blocks))] if whole is not None and blocks else []
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.CODE:
            found.append(Stop(StopKind.CODE, index, index, block.plain, block.language))
        else:
            found.extend(Stop(StopKind.LINK, index, index, target) for target in _targets(block))
    return tuple(found)


def _targets(block: Block) -> list[str]:
    spans = [*block.spans, *(span for row in block.rows for cell in row for span in cell)]
    return list(dict.fromkeys(target for _, role in spans if (target := target_of(role))))


def text_of(blocks: Sequence[Block]) -> str:
    """Blocks as text; bullets and marks are part of it, distances are not."""
    return "\n".join(_block_text(block) for block in blocks)


def _block_text(block: Block) -> str:
    if block.kind in (BlockKind.TABLE, BlockKind.FRAME):
        return "\n".join("\t".join("".join(text for text, _ in cell) for cell in row) for row in block.rows)
    return (block.first.lstrip() if block.kind is BlockKind.TEXT else "") + block.plain


def lines_of(rows: Sequence[Row], stop: Stop) -> range:
    """The lines where the stop stands."""
    own = [y for y, row in enumerate(rows) if stop.first <= row.block <= stop.last]
    if stop.kind is StopKind.LINK:
        own = [y for y in own if any(_places(rows[y], stop))] or own
    return range(own[0], own[-1] + 1) if own else range(0)


def number_at(rows: Sequence[Row], stops: Sequence[Stop], line: int, target: object) -> int | None:
    """Which stop is meant by a click there: the link under the pointer, else the smallest block around it."""
    around = [number for number, stop in enumerate(stops) if line in lines_of(rows, stop)]
    links = [number for number in around if stops[number].kind is StopKind.LINK and stops[number].text == target]
    blocks = [number for number in around if stops[number].kind is not StopKind.LINK]
    return next(iter(links), blocks[-1] if blocks else None)


def with_mark(rows: Sequence[Row], stop: Stop) -> Iterator[Content]:
    """The lines; the text of a link that the cursor is on is marked itself, since several may stand in one line."""
    marked = lines_of(rows, stop) if stop.kind is StopKind.LINK else range(0)
    for y, row in enumerate(rows):
        content = row.content
        for start, end in _places(row, stop) if y in marked else ():
            content = content.stylize(style_of("cursor"), start, end)
        yield content


def _places(row: Row, stop: Stop) -> Iterator[tuple[int, int]]:
    for start, end, style in row.content.spans:
        if isinstance(style, Style) and style.meta.get("target") == stop.text:
            yield start, end
