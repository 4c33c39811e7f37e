"""The lessons with their progress, and the steps of the open one. Draws only the lines in sight, however many lessons there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.content import Content

from tutor.ui.look import style_of
from tutor.ui.messages import Left, LessonChosen
from tutor.ui.widgets.pick_list import PickList
from tutor.ui.wrap import cells


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a lesson, or a step of the open lesson."""

    lesson_id: str
    step_id: str
    glyph: str
    role: str
    title: str
    count: str = ""
    is_open: bool = False
    """The lesson or step in front of the learner."""


class LessonList(PickList[Row]):
    """Up, down and enter, or the mouse."""

    BINDINGS = [Binding("escape", "leave", show=False)]

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        super().__init__(rows, id="lessons")

    @property
    def rows_in_sight(self) -> Sequence[Row]:
        """The rows from the first line on that a screen of this height shows."""
        top = self.scroll_offset.y
        return self.rows[top : top + max(self.size.height, 24)]

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; the cursor stays with its lesson, or goes to the open one."""
        if list(rows) == self.rows:
            return
        here = next((i for i, row in enumerate(rows) if row.is_open and row.step_id), self._first_open(rows))
        self.show_rows(list(rows), self.cursor if self.has_focus else here)

    def _first_open(self, rows: Sequence[Row]) -> int:
        return next((index for index, row in enumerate(rows) if row.is_open), 0)

    def choose(self, row: Row) -> None:
        self.post_message(LessonChosen(row.lesson_id, row.step_id))

    def action_leave(self) -> None:
        self.post_message(Left())

    def line(self, row: Row, width: int, *, at_cursor: bool) -> Content:
        indent = "  " if row.step_id else ""
        count = f" {row.count}" if row.count else ""
        room = max(width - cells(indent) - 3 - cells(count) - 1, 4)
        title = Content(row.title).truncate(room, ellipsis=True)
        if row.is_open:
            title = title.stylize("bold")
        elif row.step_id:
            title = title.stylize(style_of("muted"))
        lead = Content.assemble(" ", indent, (row.glyph, style_of(row.role)), " ")
        fill = " " * max(width - lead.cell_length - title.cell_length - cells(count) - 1, 0)
        line = Content.assemble(lead, title, fill, (count, style_of("muted")), " ")
        if at_cursor:
            return line.stylize(style_of("cursor"))
        return line.stylize_before(style_of("chosen")) if row.is_open and row.step_id else line
