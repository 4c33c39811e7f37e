"""What can be done now, each with its key: to read and to click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.look import style_of
from tutor.ui.messages import Chosen
from tutor.ui.wrap import cells

if TYPE_CHECKING:
    from tutor.session.events import Action
    from tutor.ui.wishes import Wish


@dataclass(frozen=True, slots=True)
class Chip:
    """One entry of the row."""

    key: str
    label: str
    what: Action | Wish | str
    suggested: bool = False


class ActionRow(Widget):
    """Chips in as many lines as they need; the suggested one is lit."""

    DEFAULT_CSS = """
    ActionRow {
        height: auto;
        text-wrap: nowrap;
    }
    """

    hovered: reactive[int] = reactive(-1)

    def __init__(self, chips: Sequence[Chip] = ()) -> None:
        super().__init__(id="actions", markup=False)
        self._chips = tuple(chips)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """What it shows."""
        return self._chips

    @property
    def lines(self) -> int:
        """How many it takes with these chips, before they are laid out."""
        return self._lines_at(self.size.width)

    def show(self, chips: Sequence[Chip]) -> None:
        """Show these chips from now on."""
        if tuple(chips) != self._chips:
            self._chips = tuple(chips)
            self.refresh(layout=True)
            self._layout_updates += 1  # as in `Message.show`

    def _places(self, width: int) -> list[tuple[int, int, int]]:
        """Line, column and width of each chip."""
        places: list[tuple[int, int, int]] = []
        line = column = 0
        for chip in self._chips:
            size = cells(chip.key) + cells(chip.label) + 3
            if column and column + size > width:
                line, column = line + 1, 0
            places.append((line, column, size))
            column += size + 1
        return places

    def _lines_at(self, width: int) -> int:
        places = self._places(width)
        return places[-1][0] + 1 if places else 1

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._lines_at(width)

    def render(self) -> Content:
        lines: list[Content] = [Content("")]
        for index, (line, column, _) in enumerate(self._places(self.content_size.width)):
            if line == len(lines):
                lines.append(Content(""))
            chip = self._chips[index]
            gap = " " * (column - lines[line].cell_length)
            shown = Content.assemble(" ", (chip.key, "" if chip.suggested else style_of("key")), f" {chip.label} ")
            shown = shown.stylize(style_of("lit")) if chip.suggested else shown.stylize_before(style_of("muted"))
            if index == self.hovered:
                shown = shown.stylize("underline")
            lines[line] = lines[line] + gap + shown
        return Content("\n").join(lines)

    def _at(self, x: int, y: int) -> int:
        for index, (line, column, size) in enumerate(self._places(self.content_size.width)):
            if line == y and column <= x < column + size:
                return index
        return -1

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)
        self.hovered = self._at(*offset) if offset is not None else -1

    def on_leave(self) -> None:
        self.hovered = -1

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        index = self._at(*offset) if offset is not None else -1
        if index >= 0:
            event.stop()
            self.post_message(Chosen(self._chips[index].what))
