"""A list of lines of which one is picked. Draws only the lines in sight, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

RowT = TypeVar("RowT")


class PickList(ScrollView, Generic[RowT], can_focus=True):
    """Up, down and enter, or the mouse. What a row looks like and what picking it means is the heir's."""

    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("home", "move(-1000000)", show=False),
        Binding("end", "move(1000000)", show=False),
        Binding("enter", "choose", show=False),
    ]

    def __init__(self, rows: Sequence[RowT] = (), *, id: str) -> None:  # noqa: A002 - as Textual calls it
        super().__init__(id=id)
        self.rows: Sequence[RowT] = rows
        """What it shows."""
        self.cursor = 0

    # -- for heirs

    def can_pick(self, index: int) -> bool:
        """Whether the cursor may stop at this row."""
        return True

    def is_lit(self) -> bool:
        """Whether the cursor shows."""
        return self.has_focus

    def choose(self, row: RowT) -> None:
        """The row was picked."""
        raise NotImplementedError

    def line(self, row: RowT, width: int, *, at_cursor: bool) -> Content:
        """The row as one line of that width."""
        raise NotImplementedError

    def moved(self) -> None:
        """The cursor is at another row, or the rows are others."""

    # -- what all of them do

    def on_mount(self) -> None:
        self._resize()

    def show_rows(self, rows: Sequence[RowT], cursor: int) -> None:
        """Show these rows, with the cursor there or at the nearest row that can be picked."""
        self.rows = rows
        self.cursor = self._nearest(cursor, 1)
        self._resize()
        self.moved()

    def _resize(self) -> None:
        self.virtual_size = Size(0, len(self.rows))
        self.refresh()
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        # From the top of the list the title above its first row is seen as well.
        first = self.cursor if self._nearest(0, 1) != self.cursor else 0
        self.scroll_to_region(Region(0, first, 1, self.cursor - first + 1), animate=False)

    def _nearest(self, index: int, direction: int) -> int:
        """The nearest row that can be picked, first in that direction."""
        last = len(self.rows) - 1
        if last < 0:
            return 0
        index = min(max(index, 0), last)
        ways = (range(index, last + 1), range(index, -1, -1))
        for way in ways if direction > 0 else reversed(ways):
            if (found := next((each for each in way if self.can_pick(each)), None)) is not None:
                return found
        return index

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, step: int) -> None:
        if self.rows:
            self.cursor = self._nearest(self.cursor + step, step)
            self._keep_in_sight()
            self.refresh()
            self.moved()

    def action_choose(self) -> None:
        if self.rows and self.can_pick(self.cursor):
            self.choose(self.rows[self.cursor])

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        if index < len(self.rows) and self.can_pick(index):
            event.stop()
            self.cursor = index
            self.refresh()
            self.moved()
            self.action_choose()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.visual_style
        if index >= len(self.rows):
            return Strip.blank(width, base.rich_style)
        content = self.line(self.rows[index], width, at_cursor=index == self.cursor and self.is_lit())
        return Visual.to_strips(self, content, width, 1, base)[0]
