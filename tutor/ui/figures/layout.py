"""The lines of blocks that are more than text. Apart from `tutor.ui.layout`, since hardly any first screen has one."""

from __future__ import annotations

from textual.content import Content

from tutor.ui.blocks import Block, BlockKind
from tutor.ui.figures.chart import chart_lines
from tutor.ui.figures.frame import frame_lines
from tutor.ui.figures.picture import picture_lines


def rich_lines(block: Block, width: int) -> list[Content]:
    """The lines of a table of data, a chart or a figure at a width."""
    match block.kind:
        case BlockKind.FRAME:
            return list(frame_lines(block, width))
        case BlockKind.CHART:
            return list(chart_lines(block, width))
        case _:
            return picture_lines(block, width)
