"""One line at the bottom: the runtime and its state at the left, language and help at the right."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.ui.look import style_of
from tutor.ui.messages import Chosen
from tutor.ui.wishes import Wish
from tutor.ui.wrap import cells

STATE_ROLES = {"ready": "passed", "busy": "you", "starting": "muted", "off": "muted", "dead": "not_yet"}


class StatusLine(Widget):
    """Says what the code runs on."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    def __init__(self, left: str = "", state: str = "off", right: tuple[tuple[str, Wish], ...] = ()) -> None:
        super().__init__(id="status", markup=False)
        self._left, self._state, self._right = left, state, right

    def show(self, left: str, state: str, right: tuple[tuple[str, Wish], ...]) -> None:
        """Say something else from now on. Args: `right`: texts that can be clicked."""
        self._left, self._state, self._right = left, state, right
        self.refresh()

    @property
    def left(self) -> str:
        """What it says of the runtime."""
        return self._left

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def _right_places(self) -> list[tuple[int, int]]:
        """Column and width of each text at the right."""
        column = self.content_size.width - sum(cells(said) for said, _ in self._right) - 2 * (len(self._right) - 1)
        places = []
        for said, _ in self._right:
            places.append((column, cells(said)))
            column += cells(said) + 2
        return places

    def render(self) -> Content:
        width = self.content_size.width
        right = Content("  ").join([Content.styled(said, style_of("muted")) for said, _ in self._right])
        glyph = ("● ", style_of(STATE_ROLES.get(self._state, "muted")))
        left = Content.assemble(glyph, (self._left, style_of("muted")))
        room = width - right.cell_length - 2
        if room < 4:
            return left.truncate(width, ellipsis=True)
        left = left.truncate(room, ellipsis=True)
        return left + " " * (width - left.cell_length - right.cell_length) + right

    def on_click(self, event: events.Click) -> None:
        for (_, wish), (column, size) in zip(self._right, self._right_places(), strict=True):
            if column <= event.x - self.styles.padding.left < column + size:
                event.stop()
                self.post_message(Chosen(wish))
