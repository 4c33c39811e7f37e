"""A picture on the screen: decoded in a thread, then drawn by the best way that the terminal knows.

It lies over room that its message keeps for it (`tutor.ui.figures.picture`), and moves with the message.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.css.scalar import ScalarOffset
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker

from tutor.ui.blocks import Block, BlockKind
from tutor.ui.figures.picture import MOST_LINES, cells_for
from tutor.ui.figures.terminal import Way, way_in_use
from tutor.ui.wrap import cells

if TYPE_CHECKING:
    from PIL.Image import Image

    from tutor.ui.widgets.message import Message


def hang(message: Message) -> None:
    """Put the pictures of a message where its lines have room for them, and take those away that it has no more."""
    width = message.content_size.width
    tops: dict[int, int] = {}
    for y, row in enumerate(message.rows(width)):
        tops.setdefault(row.block, y)
    figures = [
        (index, block)
        for index, block in enumerate(message.blocks)
        if block.kind is BlockKind.FIGURE and block.data and way_in_use() is not Way.NAMED
    ]
    hung = list(message.query_children(Picture))
    for number, (index, block) in enumerate(figures):
        left = cells(block.first)
        room = cells_for(block.size, max(width - left, 4), MOST_LINES)
        if number < len(hung):
            hung[number].show(block, (left, tops[index]), room)
        else:
            message.mount(Picture(block, (left, tops[index]), room))
    for picture in hung[len(figures) :]:
        picture.remove()


class Picture(Widget, can_focus=False):
    """Of a FIGURE block, in a room of its own size."""

    DEFAULT_CSS = """
    Picture {
        position: absolute;
    }
    """

    def __init__(self, block: Block, offset: tuple[int, int], room: tuple[int, int]) -> None:
        """Args: `offset`: of its corner in the message; `room`: columns and lines."""
        super().__init__()
        self._block = block
        self._room = room
        self._strips: list[Strip] = []
        self._picture: Image | None = None
        """Decoded."""
        self._lie(offset)

    def show(self, block: Block, offset: tuple[int, int], room: tuple[int, int]) -> None:
        """Show that picture there; the one before stays until it is decoded."""
        if block.data != self._block.data:
            self._block, self._picture = block, None
        elif room == self._room:
            self._lie(offset)
            return
        self._room = room
        self._lie(offset)
        self._draw()

    def _lie(self, offset: tuple[int, int]) -> None:
        self.styles.offset = ScalarOffset.from_offset(offset)
        self.styles.width, self.styles.height = self._room

    def on_mount(self) -> None:
        self._draw()

    def _draw(self) -> None:
        _: Worker[None] = self.run_worker(self._drawn, group="picture", exclusive=True, exit_on_error=False)

    async def _drawn(self) -> None:
        from tutor.ui.figures import drawing

        columns, lines = self._room
        try:
            if self._picture is None:
                self._picture = await asyncio.to_thread(drawing.decoded, self._block.data)
        except drawing.Undrawable:
            self._strips = drawing.said(self._block.rows[0][0][0][0], columns)
        else:
            if way_in_use() is not Way.BLOCKS and await self._draw_in_full(self._picture):
                return
            self._strips = await asyncio.to_thread(drawing.half_blocks, self._picture, columns, lines)
        await self.remove_children()
        self.refresh()

    async def _draw_in_full(self, picture: Image) -> bool:
        """By the terminal's own way; whether that could be done."""
        from tutor.ui.figures.graphics import graphic

        driver = self.app._driver  # noqa: SLF001 - nothing else writes to the terminal in turn with Textual
        if driver is None or driver.is_headless:
            return False
        widget = await asyncio.to_thread(graphic, picture, self._room, way_in_use(), driver.write)
        if widget is not None:
            await self.remove_children()
            await self.mount(widget)
        return widget is not None

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)
