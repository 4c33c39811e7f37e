"""The lessons with their progress, and the steps of the open one. Draws only the lines in sight, however many lessons there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from tutor.ui.look import style_of
from tutor.ui.messages import Left, LessonChosen
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


class LessonList(ScrollView, can_focus=True):
    """Up, down and enter, or the mouse."""

    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("home", "move(-1000000)", show=False),
        Binding("end", "move(1000000)", show=False),
        Binding("enter", "choose", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        super().__init__(id="lessons")
        self._rows: list[Row] = list(rows)
        self._cursor = 0

    def on_mount(self) -> None:
        self._resize()

    @property
    def rows(self) -> list[Row]:
        """What it shows."""
        return self._rows

    @property
    def rows_in_sight(self) -> list[Row]:
        """The rows from the first line on that a screen of this height shows."""
        top = self.scroll_offset.y
        return self._rows[top : top + max(self.size.height, 24)]

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; the cursor stays with its lesson, or goes to the open one."""
        if list(rows) == self._rows:
            return
        self._rows = list(rows)
        if not self.has_focus:
            self._cursor = next(
                (i for i, row in enumerate(self._rows) if row.is_open and row.step_id), self._first_open()
            )
        self._cursor = min(self._cursor, max(len(self._rows) - 1, 0))
        self._resize()

    def _first_open(self) -> int:
        return next((index for index, row in enumerate(self._rows) if row.is_open), 0)

    def _resize(self) -> None:
        self.virtual_size = Size(0, len(self._rows))
        self.refresh()
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, step: int) -> None:
        if self._rows:
            self._cursor = min(max(self._cursor + step, 0), len(self._rows) - 1)
            self._keep_in_sight()
            self.refresh()

    def action_choose(self) -> None:
        if self._rows:
            row = self._rows[self._cursor]
            self.post_message(LessonChosen(row.lesson_id, row.step_id))

    def action_leave(self) -> None:
        self.post_message(Left())

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        if index < len(self._rows):
            event.stop()
            self._cursor = index
            self.action_choose()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self.visual_style
        if index >= len(self._rows):
            return Strip.blank(width, base.rich_style)
        content = self._line(self._rows[index], width, at_cursor=index == self._cursor and self.has_focus)
        return Visual.to_strips(self, content, width, 1, base)[0]

    def _line(self, row: Row, width: int, *, at_cursor: bool) -> Content:
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
