"""The commands that match what is typed behind `/`, over the end of the conversation: nothing moves for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tutor.ui.look import style_of
from tutor.ui.suggesting import Suggestion
from tutor.ui.wrap import cells

MOST_LINES = 6
GAP = 2
"""Columns between commands and what they do."""


class CommandMenu(Widget):
    """Shows a window of the commands around the chosen one."""

    @dataclass
    class Picked(Message):
        """The learner clicked on a command."""

        typed: str

    def __init__(self) -> None:
        super().__init__(id="command-menu", markup=False)
        self._rows: Sequence[Suggestion] = ()
        self._chosen = 0
        self._first = 0
        """The first row in sight."""

    def show(self, rows: Sequence[Suggestion], chosen: int, above: int) -> None:
        """Show these from now on. Args: `above`: lines that stay free at the bottom."""
        if rows != self._rows:
            self._first = 0
        self._rows, self._chosen = rows, chosen
        self._first = min(max(self._first, chosen - MOST_LINES + 1), chosen)
        self.display = bool(rows)
        self.styles.margin = (0, 1, above, 1)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(len(self._rows), MOST_LINES)

    def render(self) -> Content:
        width = self.content_size.width
        column = max((cells(row.typed) for row in self._rows), default=0) + GAP
        lines: list[Content] = []
        for index, row in enumerate(self._rows[self._first :][:MOST_LINES], self._first):
            chosen = index == self._chosen
            typed = row.typed + " " * (column - cells(row.typed))
            line = Content.assemble(
                ("› " if chosen else "  ", style_of("key")),
                (typed, style_of("key")),
                (row.label, "" if chosen else style_of("muted")),
            ).truncate(width, ellipsis=True, pad=True)
            lines.append(line.stylize_before(style_of("chosen")) if chosen else line)
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and self._first + offset.y < len(self._rows):
            event.stop()
            self.post_message(self.Picked(self._rows[self._first + offset.y].typed))
