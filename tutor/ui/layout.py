"""Blocks laid out for a width: lines of Textual `Content`, each of which fits, in any language. No widget here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from tutor.ui.blocks import Block, BlockKind, Span
from tutor.ui.code import highlighted
from tutor.ui.look import style_of
from tutor.ui.wrap import break_offsets, cells

CODE_GROUND = "on $boost"
MIN_COLUMN = 6


def content_of(spans: Sequence[Span]) -> Content:
    """Spans as one piece of content; nothing in them is read as markup."""
    return Content("").join([Content.styled(body, style_of(role)) if role else Content(body) for body, role in spans])


def lay_out(blocks: Sequence[Block], width: int) -> list[Content]:
    """All lines of a message."""
    lines: list[Content] = []
    for index, block in enumerate(blocks):
        if index and block.gap:
            lines.append(Content(""))
        lines.extend(_block(block, max(width, 8)))
    return lines


def wrapped(content: Content, width: int) -> list[Content]:
    """A paragraph broken into lines that fit; its own line breaks are kept."""
    lines: list[Content] = []
    for line in content.split("\n", allow_blank=True):
        pieces = line.divide(break_offsets(line.plain, width)) or [line]
        lines.extend(piece.rstrip() for piece in pieces[:-1])
        lines.append(pieces[-1])
    return lines or [Content("")]


def folded(content: Content, width: int) -> list[Content]:
    """Text whose line breaks count (output, code): a line that is too long goes on in the next, cut wherever it ends."""
    lines: list[Content] = []
    for line in content.split("\n", allow_blank=True):
        whole = line.expand_tabs(8)
        lines.extend([whole] if whole.cell_length <= width else whole.fold(width))
    return lines


def _block(block: Block, width: int) -> Iterator[Content]:
    inner = max(width - cells(block.first), 4)
    match block.kind:
        case BlockKind.RULE:
            yield _rule(block, width)
            return
        case BlockKind.TABLE:
            lines = list(_table(block, inner))
        case BlockKind.CODE:
            lines = _code(block, inner)
        case BlockKind.LITERAL:
            lines = folded(content_of(block.spans), inner)
        case BlockKind.TEXT:
            lines = wrapped(content_of(block.spans), inner)
    if block.right:
        lines = _with_right(lines, block, inner)
    for index, line in enumerate(lines):
        lead = block.rest if index else block.first
        yield Content.styled(lead, style_of(block.role)) + line if lead else line


def _rule(block: Block, width: int) -> Content:
    if not block.spans:
        return Content.styled("─" * width, style_of("faint"))
    title = content_of(block.spans).truncate(max(width - 6, 4), ellipsis=True)
    tail = width - title.cell_length - 4
    return Content.assemble(("── ", style_of("faint")), title, (f" {'─' * max(tail, 0)}", style_of("faint")))


def _code(block: Block, width: int) -> list[Content]:
    body = highlighted(block.plain, block.language)
    lines = folded(body, width - 2)
    return [
        line.pad_left(1).extend_right(max(width - 1 - line.cell_length, 0)).stylize_before(CODE_GROUND)
        for line in lines
    ]


def _with_right(lines: list[Content], block: Block, width: int) -> list[Content]:
    """Put the short text at the right end of the first line with room for it, else on a line of its own."""
    right = Content.styled(block.right, style_of("muted"))
    for index in (0, len(lines) - 1):
        room = width - lines[index].cell_length - right.cell_length
        if room >= 2:
            return [*lines[:index], lines[index] + " " * room + right, *lines[index + 1 :]]
    return [*lines, right.pad_left(max(width - right.cell_length, 0))]


def _table(block: Block, width: int) -> Iterator[Content]:
    cells_of = [[content_of(cell) for cell in row] for row in block.rows]
    count = max((len(row) for row in cells_of), default=0)
    if not count:
        return
    for row in cells_of:
        row.extend(Content("") for _ in range(count - len(row)))
    widths = _column_widths(
        [max(row[i].cell_length for row in cells_of) for i in range(count)], width - 2 * (count - 1)
    )
    for number, row in enumerate(cells_of):
        wrapped_cells = [
            wrapped(cell.stylize("bold") if number == 0 else cell, widths[i]) for i, cell in enumerate(row)
        ]
        for line in range(max(len(cell) for cell in wrapped_cells)):
            pieces = [(cell[line] if line < len(cell) else Content("")) for cell in wrapped_cells]
            padded = [piece.extend_right(max(widths[i] - piece.cell_length, 0)) for i, piece in enumerate(pieces)]
            yield Content("  ").join(padded).rstrip()
        if number == 0:
            yield Content.styled("  ".join("─" * w for w in widths), style_of("faint"))


def _column_widths(wanted: list[int], room: int) -> list[int]:
    """Give each column what it wants; take from the widest until all fit."""
    widths = list(wanted)
    while sum(widths) > room and max(widths) > MIN_COLUMN:
        widths[widths.index(max(widths))] -= 1
    return widths
