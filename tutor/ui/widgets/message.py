"""One message of the conversation: a single widget that paints its blocks, whatever is in them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.ui.blocks import Block
from tutor.ui.layout import lay_out


class Message(Widget):
    """Lays its blocks out for the width it has, once for each width."""

    DEFAULT_CSS = """
    Message {
        height: auto;
        text-wrap: nowrap;
    }
    """

    def __init__(self, blocks: Sequence[Block], *, entry_id: int = 0, classes: str | None = None) -> None:
        super().__init__(classes=classes, markup=False)
        self._blocks = tuple(blocks)
        self._laid_out: tuple[int, list[Content]] = (-1, [])
        self.entry_id = entry_id
        """Of the entry in the store; 0 if it has none."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it says."""
        return self._blocks

    def lines(self, width: int) -> list[Content]:
        """Its lines at a width."""
        if self._laid_out[0] != width:
            self._laid_out = (width, lay_out(self._blocks, width))
        return self._laid_out[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))

    def render(self) -> Content:
        return Content("\n").join(self.lines(self.content_size.width))

    def show(self, blocks: Sequence[Block]) -> None:
        """Say something else from now on."""
        same_height = len(self._laid_out[1])
        width = self._laid_out[0]
        self._blocks = tuple(blocks)
        self._laid_out = (-1, [])
        self.refresh(layout=width < 0 or len(self.lines(width)) != same_height)

    def repaint(self) -> None:
        """Lay out again: code has its colours now, or the theme has changed."""
        self._laid_out = (-1, [])
        self.refresh()
