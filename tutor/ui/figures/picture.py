"""A picture as a block: its name, its size and its bytes, and the room that it takes. Pure, and knows the picture by its header only."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from textual.content import Content

from tutor.i18n import Words
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.figures.terminal import Way, way_in_use
from tutor.ui.look import style_of

MOST_LINES = 20
"""Of a picture in the conversation; it can be opened large."""
MOST_PIXELS = 40_000_000
"""A larger one may be made to fill the memory."""
LEAST = 4
"""Lines of the smallest."""
DRAWN = ("image/png", "image/jpeg")
"""MIME types that are drawn."""
PNG = b"\x89PNG\r\n\x1a\n"
CELL_WIDTH, CELL_HEIGHT = 10, 20
"""Pixels of a cell where the terminal does not say it: twice as high as wide, as nearly everywhere."""


def figure_blocks(mime: str, value: object, words: Words) -> tuple[Block, ...]:
    """A picture of that type. Args: `value`: base64; None where it was too large to be kept."""
    kind = mime.removeprefix("image/").partition("+")[0].upper()
    if value is None:
        return (_named(words("output.figure_not_kept", kind=kind)),)
    if mime not in DRAWN or not isinstance(value, str):
        return (_named(words("output.figure_not_drawn", kind=kind)),)
    size = size_of(value)
    if size is None:
        return (_named(words("output.figure_broken", kind=kind)),)
    name = words("output.figure", width=f"{size[0]:,}", height=f"{size[1]:,}")
    if size[0] * size[1] > MOST_PIXELS:
        return (_named(words("output.figure_huge", name=name)),)
    said = words("output.key_opens_large", said=name)
    broken = ((words("output.figure_broken", kind=kind), "muted"),)
    return (
        Block(
            BlockKind.FIGURE, ((said, "muted"),), "  ", "  ", language=mime, rows=((broken,),), size=size, data=value
        ),
    )


def _named(said: str) -> Block:
    return text(said, "muted", first="  ", rest="  ")


def size_of(value: str) -> tuple[int, int] | None:
    """Width and height in pixels, from the header of a PNG or JPEG picture."""
    try:
        begin = base64.b64decode(value[:64])
        if begin.startswith(PNG):
            return _positive(int.from_bytes(begin[16:20], "big"), int.from_bytes(begin[20:24], "big"))
        return _jpeg_size(base64.b64decode(value)) if begin.startswith(b"\xff\xd8") else None
    except (binascii.Error, ValueError):
        return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    for marker, start in _segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return _positive(
                int.from_bytes(data[start + 5 : start + 7], "big"), int.from_bytes(data[start + 3 : start + 5], "big")
            )
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Markers of a JPEG file, each with where its length stands."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        yield data[at + 1], at + 2
        at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)


def _positive(width: int, height: int) -> tuple[int, int] | None:
    return (width, height) if width and height else None


def cells_for(size: tuple[int, int], columns: int, lines: int, *, grows: bool = False) -> tuple[int, int]:
    """Columns and lines of a picture that keeps its proportions, in that room. Args: `grows`: it is blown up to fill it."""
    width, height = size[0] / CELL_WIDTH, size[1] / CELL_HEIGHT
    scale = min(columns / width, lines / height)
    if not grows:
        scale = min(scale, max(1.0, LEAST / height))
    return max(round(width * scale), 1), max(round(height * scale), 1)


def picture_lines(block: Block, width: int) -> list[Content]:
    """The room of a picture, which a widget fills once it is decoded, and below it its name; only that where none can be shown."""
    name = Content.styled(block.plain, style_of("muted")).truncate(width, ellipsis=True)
    if way_in_use() is Way.NAMED:
        return [name]
    _, lines = cells_for(block.size, width, MOST_LINES)
    return [*[Content("")] * lines, name]
