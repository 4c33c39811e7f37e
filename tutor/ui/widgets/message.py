"""One message of the conversation: a single widget that paints its blocks, whatever is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message as TextualMessage
from textual.selection import Selection
from textual.widget import Widget

from tutor.ui.blocks import Block, BlockKind
from tutor.ui.layout import Row, lay_out_rows

if TYPE_CHECKING:
    from tutor.ui.stops import Stop


class Message(Widget):
    """Lays its blocks out for the width it has, once for each width."""

    DEFAULT_CSS = """
    Message {
        height: auto;
        text-wrap: nowrap;
    }
    """

    @dataclass
    class Touched(TextualMessage):
        """The learner clicked on something worth acting on."""

        message: Message
        number: int
        """Of the stop."""
        twice: bool

    def __init__(self, blocks: Sequence[Block], *, entry_id: int = 0, classes: str | None = None) -> None:
        super().__init__(classes=classes, markup=False)
        self._blocks = tuple(blocks)
        self._laid_out: tuple[int, list[Row]] = (-1, [])
        self._stops: tuple[Stop, ...] | None = None
        """None: not looked for yet."""
        self._marked: Stop | None = None
        """Under the cursor of the transcript."""
        self.entry_id = entry_id
        """Of the entry in the store; 0 if it has none."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it says."""
        return self._blocks

    def rows(self, width: int) -> list[Row]:
        """Its lines at a width, with the way back to the text."""
        if self._laid_out[0] != width:
            self._laid_out = (width, lay_out_rows(self._blocks, width))
        return self._laid_out[1]

    @property
    def _width(self) -> int:
        # `size` and `content_size` have Textual find the widget on the screen, which after a change means to lay all of it out once
        # more; `outer_size` is known, with the padding still in it.
        return self.outer_size.width - self.gutter.width

    def lines(self, width: int) -> list[Content]:
        """Its lines at a width."""
        return [row.content for row in self.rows(width)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.rows(width))

    def render(self) -> Content:
        rows = self.rows(self._width)
        if self._marked is not None:
            from tutor.ui.stops import with_mark

            return Content("\n").join(with_mark(rows, self._marked))
        return Content("\n").join([row.content for row in rows])

    def show(self, blocks: Sequence[Block]) -> None:
        """Say something else from now on."""
        same_height = len(self._laid_out[1])
        width = self._laid_out[0]
        self._blocks = tuple(blocks)
        self._laid_out, self._stops = (-1, []), None
        if width < 0 or len(self.rows(width)) != same_height:
            self.refresh(layout=True)
            # Textual counts requests until the widget is idle as one, and would take the height from a layout that came between them.
            self._layout_updates += 1
        else:
            self.refresh()
        self._hang_pictures()

    def repaint(self) -> None:
        """Lay out again: code has its colours now, or the theme has changed."""
        height = len(self._laid_out[1])
        width, self._laid_out = self._laid_out[0], (-1, [])
        # A theme without colours has no room for pictures.
        self.refresh(layout=width >= 0 and len(self.rows(width)) != height)
        self._hang_pictures()

    def on_resize(self) -> None:
        self._hang_pictures()

    def _hang_pictures(self) -> None:
        """Pictures lie over the room that is kept for them."""
        if self.is_mounted and (self.children or any(block.kind is BlockKind.FIGURE for block in self._blocks)):
            from tutor.ui.widgets.picture import hang

            hang(self)

    # -- where the cursor of the transcript can stand

    @property
    def stops(self) -> tuple[Stop, ...]:
        """What in it is worth acting on, from top to bottom."""
        if self._stops is None:
            from tutor.ui.stops import stops_of

            self._stops = stops_of(self._blocks, self.classes)
        return self._stops

    def lines_of(self, stop: Stop) -> range:
        """The lines where that stands."""
        from tutor.ui.stops import lines_of

        return lines_of(self.rows(self._width), stop)

    def mark(self, stop: Stop | None) -> None:
        """The cursor has come to that, or has gone."""
        self._marked = stop
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click, not the end of a drag that has selected something."""
        offset = event.get_content_offset(self)
        if offset is None or event.chain > 2 or (event.chain == 1 and self.text_selection is not None):
            return
        from tutor.ui.stops import number_at

        number = number_at(self.rows(self._width), self.stops, offset.y, event.style.meta.get("target"))
        if number is not None:
            # Textual would select the whole message at the second click.
            event.prevent_default()
            self.post_message(self.Touched(self, number, event.chain == 2))

    # -- its text

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        from tutor.ui.excerpt import excerpt

        return excerpt(self.rows(self._width), selection), "\n"

    def characters_above(self, line: int) -> int:
        """How much of its text stands above that line, as it is laid out now."""
        return sum(row.end - row.start for row in self._laid_out[1][: max(line, 0)])

    def line_after(self, characters: int) -> int:
        """The line in which the character after so many stands, as it is laid out now."""
        ends = accumulate(row.end - row.start for row in self._laid_out[1])
        return next((line for line, end in enumerate(ends) if end > characters), len(self._laid_out[1]) - 1)
