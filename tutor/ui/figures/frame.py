"""A table of data on the screen: one line a row, numbers to the right, and as many columns as have room. Pure.

Unlike a table of a lesson, whose cells are sentences that may wrap, rows are compared with each other: what does not fit is left out and
named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import set_cell_size
from textual.content import Content

from tutor.ui.blocks import Block, BlockKind
from tutor.ui.look import style_of
from tutor.ui.wrap import cells

if TYPE_CHECKING:
    from tutor.ui.figures.html_table import HtmlTable

GAP = "  "
WIDEST = 32
"""Cells of a column; longer texts end in an ellipsis."""
MOST_NAMES = 6
"""Of the columns left out that are named."""
DOTS = "…"
NUMBER = re.compile(r"[-+−]?(\d[\d,_]*\.?\d*([eE][-+]?\d+)?|\.\d+)%?|nan|NaN|None|<NA>|NaT|-?inf|\.\.\.|…|")

MOST_ROWS, LAST_ROWS = 18, 5
"""Of the body, in the conversation; and of these the last ones, where there are more."""


class LeftOut(NamedTuple):
    """What is said of what has no room."""

    columns: str
    """With `{count}` and `{names}`."""
    rows: str
    """With `{count}`."""


def frame_block(table: HtmlTable, left_out: LeftOut) -> Block:
    """The table as a block."""
    return Block(
        BlockKind.FRAME,
        ((table.below, "muted"),) if table.below else (),
        "  ",
        "  ",
        rows=tuple(tuple(((cell, ""),) for cell in row) for row in table.rows),
        size=(table.names, table.heads),
        data="\n".join(left_out),
    )


def frame_lines(block: Block, width: int) -> Iterator[Content]:
    """The lines at a width."""
    names, heads = block.size
    left_out = LeftOut(*block.data.split("\n"))
    whole = [["".join(body for body, _ in cell) for cell in row] for row in block.rows]
    more = max(len(whole) - heads - MOST_ROWS, 0)
    cut = heads + MOST_ROWS - LAST_ROWS
    rows = [*whole[:cut], *whole[cut + more :]]
    count = max((len(row) for row in rows), default=0)
    widths = [min(max(cells(row[i]) for row in rows), WIDEST) for i in range(count)]
    shown = _shown(widths, names, width)
    numeric = [all(NUMBER.fullmatch(row[i].strip()) for row in whole[heads:]) for i in range(count)]
    for number, row in enumerate(rows):
        if more and number == cut:
            yield _muted(left_out.rows.replace("{count}", f"{more:,}"), width)
        yield _row(row, shown, widths, numeric, names, is_head=number < heads).truncate(width, ellipsis=True)
        if number == heads - 1:
            rule = GAP.join("─" * (widths[i] if i >= 0 else 1) for i in shown)
            yield Content.styled(rule[:width], style_of("faint"))
    hidden = [_name(whole[:heads], i) for i in range(count) if i not in shown]
    if hidden:
        named = ", ".join(hidden[:MOST_NAMES]) + (f", {DOTS}" if len(hidden) > MOST_NAMES else "")
        yield _muted(left_out.columns.replace("{count}", f"{len(hidden):,}").replace("{names}", named), width)
    if block.plain:
        yield _muted(block.plain, width)


def _muted(said: str, width: int) -> Content:
    return Content.styled(said, style_of("muted")).truncate(width, ellipsis=True)


def _shown(widths: Sequence[int], names: int, width: int) -> list[int]:
    """Which columns have room, from both ends as pandas does it; -1 stands for those that have none."""
    count = len(widths)
    if sum(widths) + len(GAP) * (count - 1) <= width:
        return list(range(count))
    left, right = list(range(min(names, count))), list[int]()
    room = width - sum(widths[i] for i in left) - len(GAP) * len(left) - 1
    ahead, behind, from_left = len(left), count - 1, True
    while ahead <= behind:
        column = ahead if from_left else behind
        room -= widths[column] + len(GAP)
        if room < 0:
            break
        if from_left:
            left.append(column)
            ahead += 1
        else:
            right.insert(0, column)
            behind -= 1
        from_left = not from_left
    return [*left, -1, *right]


def _row(
    row: Sequence[str],
    shown: Sequence[int],
    widths: Sequence[int],
    numeric: Sequence[bool],
    names: int,
    *,
    is_head: bool,
) -> Content:
    parts = []
    for i in shown:
        if i < 0:
            parts.append(Content.styled(DOTS, style_of("muted")))
            continue
        text = row[i] if cells(row[i]) <= widths[i] else set_cell_size(row[i], widths[i] - 1).rstrip() + DOTS
        room = " " * (widths[i] - cells(text))
        body = room + text if numeric[i] and i >= names else text + room
        parts.append(
            Content.styled(body, "bold" if is_head else style_of("muted")) if is_head or i < names else Content(body)
        )
    return Content(GAP).join(parts).rstrip()


def _name(heads: Sequence[Sequence[str]], column: int) -> str:
    return " ".join(filter(None, (row[column] for row in heads)))
