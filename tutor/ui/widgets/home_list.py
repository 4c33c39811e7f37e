"""The lines of the home page."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message

from tutor.ui.home import Item, Kind
from tutor.ui.look import style_of
from tutor.ui.widgets.pick_list import PickList
from tutor.ui.wrap import cells

LEAST_TITLE = 24
"""Columns that a title keeps before what stands at its right makes room."""
INDENTS = {Kind.TITLE: " ", Kind.OPEN: "     "}


class HomeList(PickList[Item]):
    """Says where its cursor is; the screen decides what that means."""

    @dataclass
    class Moved(Message):
        """The cursor is somewhere else."""

        item: Item | None

    @dataclass
    class Picked(Message):
        """A line was picked."""

        item: Item

    def __init__(self) -> None:
        super().__init__(id="home-list")

    @property
    def item(self) -> Item | None:
        """The line under the cursor."""
        return self.rows[self.cursor] if self.rows and self.can_pick(self.cursor) else None

    def can_pick(self, index: int) -> bool:
        return self.rows[index].is_chosen

    def is_lit(self) -> bool:
        """Also while the filter has the focus: the arrows move here then."""
        return True

    def moved(self) -> None:
        self.post_message(self.Moved(self.item))

    def choose(self, row: Item) -> None:
        self.post_message(self.Picked(row))

    def line(self, row: Item, width: int, *, at_cursor: bool) -> Content:
        indent = INDENTS.get(row.kind, "   ")
        mark = f"{row.glyph} " if row.glyph else ""
        lead = cells(indent) + cells(mark)
        right = next((each for each in (row.right, row.less) if lead + LEAST_TITLE + cells(each) + 3 <= width), "")
        room = max(width - lead - (cells(right) + 3 if right else 1), 4)
        title = Content(row.title).truncate(room, ellipsis=True)
        if row.kind is Kind.TITLE:
            title = title.stylize(style_of("heading"))
        elif row.kind in (Kind.NOTE, Kind.GROUP):
            title = title.stylize(style_of("muted"))
        fill = " " * max(width - lead - title.cell_length - cells(right) - 1, 0)
        line = Content.assemble(
            indent,
            (mark, style_of(row.role)),
            title,
            fill,
            (right, style_of("muted")),
            " ",
        )
        return line.stylize(style_of("cursor")) if at_cursor else line
