"""What a message is made of before anyone knows how wide the screen is: plain data, and its JSON for the first-paint snapshot.

A block is a paragraph, a heading, code, a table row… Its spans carry a *role* (what the text means), never a colour;
`tutor.ui.look` says what a role looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Span = tuple[str, str]
"""Text and its roles, separated by spaces (`"strong code"`); an empty role is ordinary text. The role of a link carries its target:
`link:https://…`, in which a space cannot stand.
"""
LINK = "link:"


def target_of(roles: str) -> str:
    """Where a span leads; empty if it is no link."""
    return next((role.removeprefix(LINK) for role in roles.split(" ") if role.startswith(LINK)), "")


class BlockKind(StrEnum):
    """How a block is laid out."""

    TEXT = "text"
    """Wrapped to the width; `first` and `rest` stand before its lines."""
    CODE = "code"
    """Keeps its line breaks, on a ground of its own, highlighted as `language`."""
    LITERAL = "literal"
    """Keeps its line breaks: output."""
    RULE = "rule"
    """A line across the screen, with the spans as its title."""
    TABLE = "table"
    """`rows` hold the cells; the first row is the heading."""
    FRAME = "frame"
    """A table of data: `rows` as in a table, `size` says how many columns name the rows and how many rows are headings; the spans stand
    below it, and `data` is what is said there of `{count}` columns without room, their `{names}`.
    """
    CHART = "chart"
    """A live display: the spans say it in words, `data` is what its curves are drawn from."""
    FIGURE = "figure"
    """A picture: the spans name it, `data` is its base64, `language` its MIME type, `size` its pixels; the one cell of `rows` is said
    in its place where it cannot be decoded.
    """


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a message."""

    kind: BlockKind
    spans: tuple[Span, ...] = ()
    first: str = ""
    """Before the first line: a bullet, a glyph, a quotation bar."""
    rest: str = ""
    """Before the other lines, as wide as `first`."""
    gap: bool = True
    """An empty line stands before it, unless it is the first of its message."""
    language: str = ""
    right: str = ""
    """Short text at the right end of the first line that has room for it."""
    role: str = ""
    """Of `first`, `rest` and `right`."""
    rows: tuple[tuple[tuple[Span, ...], ...], ...] = ()
    size: tuple[int, int] = (0, 0)
    """Columns and lines of whatever has them; see the kind."""
    data: str = ""
    """What is drawn, where that is not text; see the kind."""

    @property
    def plain(self) -> str:
        """The text without roles."""
        return "".join(text for text, _ in self.spans)


def text(body: str, role: str = "", *, first: str = "", rest: str = "", gap: bool = True, mark: str = "") -> Block:
    """A paragraph of one role."""
    return Block(BlockKind.TEXT, ((body, role),), first, rest, gap, role=mark)


def to_json(blocks: Sequence[Block]) -> list[Any]:
    """Blocks as JSON lists, in the order of their fields; of a picture only its name and size, since it would make the file large."""
    return [
        [str(b.kind), b.spans, b.first, b.rest, b.gap, b.language, b.right, b.role, b.rows, b.size, _small_data(b)]
        for b in blocks
    ]


def _small_data(block: Block) -> str:
    return "" if block.kind is BlockKind.FIGURE else block.data


def from_json(value: Any) -> tuple[Block, ...]:
    """The inverse of `to_json`; raises ValueError or TypeError on anything else, since the file may have been touched."""
    return tuple(
        Block(
            BlockKind(kind),
            _spans(spans),
            str(first),
            str(rest),
            bool(gap),
            str(language),
            str(right),
            str(role),
            tuple(tuple(_spans(cell) for cell in row) for row in rows),
            (int(columns), int(lines)),
            str(data),
        )
        for kind, spans, first, rest, gap, language, right, role, rows, (columns, lines), data in value
    )


def _spans(value: Any) -> tuple[Span, ...]:
    return tuple((str(body), str(role)) for body, role in value)
