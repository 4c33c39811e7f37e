"""Blocks laid out for a width: lines of Textual `Content`, each of which fits, in any language. No widget here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from textual.content import Content
from textual.style import Style

from tutor.ui.blocks import Block, BlockKind, Span, target_of
from tutor.ui.code import highlighted
from tutor.ui.links import is_web
from tutor.ui.look import style_of
from tutor.ui.wrap import break_offsets, cells

MIN_COLUMN = 6
MOST_KEPT = 44
"""Cells of a piece of code that is not broken; a longer one would leave too much room at the end of the line before it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a message, and what is needed to make text of it again."""

    content: Content
    block: int = -1
    """Index of its block; none for the empty line between two."""
    start: int = 0
    """Where its text begins: before it stand a bullet, a bar or the edge of the ground."""
    end: int = 0
    """Where its text ends: behind it is nothing but room, and what stands at the right."""
    glue: str = "\n"
    """Between the row above and this one: a line break, or what was left out there because the line was too long."""


def content_of(spans: Sequence[Span]) -> Content:
    """Spans as one piece of content; nothing in them is read as markup."""
    return Content("").join([_span(body, role) for body, role in spans])


def _span(body: str, role: str) -> Content:
    if not role:
        return Content(body)
    styled = Content.styled(body, style_of(role))
    target = target_of(role)
    return styled.stylize(link_style(target)) if target else styled


def link_style(target: str) -> Style:
    """Makes text a hyperlink of the terminal as well, where the target is one that a browser opens; a click finds it either way."""
    return Style(link=target if is_web(target) else None) + Style.from_meta({"target": target})


def lay_out(blocks: Sequence[Block], width: int) -> list[Content]:
    """All lines of a message."""
    return [row.content for row in lay_out_rows(blocks, width)]


def lay_out_rows(blocks: Sequence[Block], width: int) -> list[Row]:
    """All lines of a message, each with the way back to its text."""
    rows: list[Row] = []
    for index, block in enumerate(blocks):
        if index and block.gap:
            rows.append(Row(Content("")))
        rows.extend(replace(row, block=index) for row in _block(block, max(width, 8)))
    return rows


def wrapped(content: Content, width: int) -> list[Content]:
    """A paragraph broken into lines that fit; its own line breaks are kept."""
    return [row.content for row in _wrapped(content, width)]


def _inside_code(spans: Sequence[Span], width: int) -> frozenset[int]:
    """Offsets inside pieces of code that fit into a line: a command that is cut in two cannot be copied, and reads like two."""
    found: set[int] = set()
    at = 0
    for body, role in spans:
        if "code" in role.split(" ") and cells(body) <= min(width, MOST_KEPT):
            found.update(range(at + 1, at + len(body)))
        at += len(body)
    return frozenset(found)


def _wrapped(content: Content, width: int, kept: frozenset[int] = frozenset()) -> list[Row]:
    """Args: `kept`: offsets at which no line begins."""
    rows: list[Row] = []
    begun = 0
    for line in content.split("\n", allow_blank=True):
        glue = "\n"
        here = frozenset(offset - begun for offset in kept) if begun else kept
        begun += len(line) + 1
        pieces = line.divide(break_offsets(line.plain, width, here)) or [line]
        for piece in pieces[:-1]:
            stripped = piece.rstrip()
            rows.append(Row(stripped, end=len(stripped), glue=glue))
            glue = piece.plain[len(stripped) :]
        rows.append(Row(pieces[-1], end=len(pieces[-1]), glue=glue))
    return rows or [Row(Content(""))]


def folded(content: Content, width: int) -> list[Content]:
    """Text whose line breaks count (output, code): a line that is too long goes on in the next, cut wherever it ends."""
    return [row.content for row in _folded(content, width)]


def _folded(content: Content, width: int) -> list[Row]:
    rows: list[Row] = []
    for line in content.split("\n", allow_blank=True):
        whole = line.expand_tabs(8)
        pieces = [whole] if whole.cell_length <= width else whole.fold(width)
        rows.extend(Row(piece, end=len(piece), glue="" if number else "\n") for number, piece in enumerate(pieces))
    return rows


def _block(block: Block, width: int) -> Iterator[Row]:
    inner = max(width - cells(block.first), 4)
    match block.kind:
        case BlockKind.RULE:
            yield _rule(block, width)
            return
        case BlockKind.TABLE:
            rows = [Row(line, end=len(line)) for line in _table(block, inner)]
        case BlockKind.FRAME | BlockKind.CHART | BlockKind.FIGURE:
            from tutor.ui.figures.layout import rich_lines

            rows = [Row(line, end=len(line)) for line in rich_lines(block, inner)]
        case BlockKind.CODE:
            rows = _code(block, inner)
        case BlockKind.LITERAL:
            rows = _folded(content_of(block.spans), inner)
        case BlockKind.TEXT:
            rows = _wrapped(content_of(block.spans), inner, _inside_code(block.spans, inner))
    if block.right:
        rows = _with_right(rows, block, inner)
    for index, row in enumerate(rows):
        lead = block.rest if index else block.first
        content = Content.styled(lead, style_of(block.role)) + row.content if lead else row.content
        # A bullet or a mark is part of what is said; what only keeps a distance is not.
        kept = block.kind is BlockKind.TEXT and index == 0
        start = len(lead) - len(lead.lstrip(" ")) if kept else len(lead) + row.start
        yield replace(row, content=content, start=start, end=len(lead) + row.end)


def _rule(block: Block, width: int) -> Row:
    if not block.spans:
        return Row(Content.styled("─" * width, style_of("faint")))
    title = content_of(block.spans).truncate(max(width - 6, 4), ellipsis=True)
    tail = width - title.cell_length - 4
    line = Content.assemble(("── ", style_of("faint")), title, (f" {'─' * max(tail, 0)}", style_of("faint")))
    return Row(line, start=3, end=3 + len(title))


def _code(block: Block, width: int) -> list[Row]:
    ground = style_of("code_ground")
    rows = _folded(highlighted(block.plain, block.language), width - 2)
    return [
        replace(
            row,
            content=row.content.pad_left(1)
            .extend_right(max(width - 1 - row.content.cell_length, 0))
            .stylize_before(ground),
            start=1,
            end=1 + row.end,
        )
        for row in rows
    ]


def _with_right(rows: list[Row], block: Block, width: int) -> list[Row]:
    """Put the short text at the right end of the first line with room for it, else on a line of its own."""
    right = Content.styled(block.right, style_of("muted"))
    for index in (0, len(rows) - 1):
        line = rows[index].content
        room = width - line.cell_length - right.cell_length
        if room >= 2:
            return [*rows[:index], replace(rows[index], content=line + " " * room + right), *rows[index + 1 :]]
    return [*rows, Row(right.pad_left(max(width - right.cell_length, 0)))]


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
            padded = [piece.pad_right(max(widths[i] - piece.cell_length, 0)) for i, piece in enumerate(pieces)]
            yield Content("  ").join(padded).rstrip()
        if number == 0:
            yield Content.styled("  ".join("─" * w for w in widths), style_of("faint"))


def _column_widths(wanted: list[int], room: int) -> list[int]:
    """Give each column what it wants; take from the widest until all fit."""
    widths = list(wanted)
    while sum(widths) > room and max(widths) > MIN_COLUMN:
        widths[widths.index(max(widths))] -= 1
    return widths
