"""A display among the lines of an output: it stands where it was first shown, and shows what it was last updated to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.i18n import Words
from tutor.runtime.base import Rich
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.figures.rich import LIVE, rich_blocks

MOST = 8
"""Displays of one output that are drawn, the newest; those before are named on a line each."""
DRAWN = frozenset({LIVE, "text/html", "text/markdown", "text/latex"})


@dataclass(slots=True)
class Shown:
    """One display."""

    data: Mapping[str, Any]

    @property
    def is_live(self) -> bool:
        """Whether it is the state of something under way."""
        return LIVE in self.data


def is_display(output: Rich) -> bool:
    """Whether it is more than lines of text: it may be updated, or it is drawn."""
    return output.display_id is not None or any(mime in DRAWN or mime.startswith("image/") for mime in output.data)


def shown_blocks(displays: Sequence[Shown], words: Words, *, is_over: bool) -> list[tuple[Block, ...]]:
    """The blocks of each; none where only its plain text is left to be shown."""
    found = [rich_blocks(shown.data, words, is_over=is_over) for shown in displays]
    return [*map(_named, found[:-MOST]), *found[-MOST:]]


def _named(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A display in one line."""
    said = next((block.plain.partition("\n")[0] for block in blocks if block.plain.strip()), "")
    is_drawn = any(block.kind in (BlockKind.CHART, BlockKind.FIGURE, BlockKind.FRAME) for block in blocks)
    return (text(said, "muted", first="  ", rest="  ", gap=False),) if is_drawn else blocks
