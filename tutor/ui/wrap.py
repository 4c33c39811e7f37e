"""Where to break a line of text so that it fits a number of terminal cells, in English and in Chinese. Pure.

Textual wraps at spaces only, which leaves Chinese paragraphs ragged: here a line may also end between two wide characters, and
punctuation that closes something never begins a line.
"""

from __future__ import annotations

from collections.abc import Container

from rich.cells import cell_len, get_character_cell_size

NEVER_FIRST = frozenset("，。、；：！？）》」』】〕”’…,.;:!?)]}")
"""A line does not begin with these."""
NEVER_LAST = frozenset("（《「『【〔“‘([{")
"""A line does not end with these."""


def cells(text: str) -> int:
    """How many terminal cells a line of text takes."""
    return cell_len(text)


def break_offsets(text: str, width: int, kept: Container[int] = ()) -> list[int]:
    """Offsets at which the lines after the first begin. Spaces at a break stay at the end of the line before it.

    Args:
        kept: offsets at which no line begins, unless there is no other way.
    """
    if width < 2 or cell_len(text) <= width:
        return []
    offsets: list[int] = []
    start = 0
    used = 0
    allowed = 0
    """The last offset at which a line may end."""
    for index, character in enumerate(text):
        size = get_character_cell_size(character)
        if index > start and index not in kept and _may_break(text, index):
            allowed = index
        while used + size > width and index > start and not character.isspace():
            cut = allowed if allowed > start else index
            offsets.append(cut)
            start, allowed = cut, cut
            used = cell_len(text[cut:index])
        used += size
    return offsets


def in_lines(text: str, width: int) -> list[str]:
    """The text in lines of at most that many cells, without the spaces at which it was broken."""
    starts = [0, *break_offsets(text, width)]
    return [text[start:end].rstrip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _may_break(text: str, index: int) -> bool:
    before, after = text[index - 1], text[index]
    if after.isspace() or after in NEVER_FIRST or before in NEVER_LAST:
        return False
    return (
        before.isspace() or before == "-" or get_character_cell_size(before) == 2 or get_character_cell_size(after) == 2
    )
