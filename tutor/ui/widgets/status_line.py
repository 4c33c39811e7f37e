"""One line at the bottom: the runtime and its state at the left, language and help at the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tutor.ui.look import style_of
from tutor.ui.messages import Chosen
from tutor.ui.wishes import Wish
from tutor.ui.wrap import cells

STATE_ROLES = {"ready": "passed", "busy": "running", "starting": "running", "off": "muted", "dead": "not_yet"}
BETWEEN = " · "
NEEDED = 2
"""So many parts at the left are worth more than what can be clicked at the right: what runs, and how far the learner is."""
LAST_TO_GO = (Wish.HELP, Wish.LESSONS)
"""At the right, where there is little room; all of it has a key and stands on the page of help."""

Right = tuple[tuple[str, Wish], ...]
"""Texts that can be clicked."""


class StatusLine(Widget):
    """Says what the code runs on; what does not fit is left out as a whole."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        text-wrap: nowrap;
    }
    """

    def __init__(self, left: str = "", state: str = "off", right: Right = ()) -> None:
        """Args: `left`: what another one said at the left."""
        super().__init__(id="status", markup=False)
        self._parts: Sequence[str] = left.split(BETWEEN)
        self._state, self._right = state, right
        self._sign = ""

    def show(self, parts: Sequence[str], state: str, right: Right, *, sign: str = "") -> None:
        """Say something else from now on. Args: `parts`: the first is the last to go; `sign`: before all, and not to be overlooked."""
        self._parts, self._state, self._right, self._sign = parts, state, right, sign
        self.refresh()

    @property
    def left(self) -> str:
        """What it says of the runtime."""
        return BETWEEN.join(self._parts)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def _right_places(self) -> Iterator[tuple[str, Wish, int]]:
        """What has room at the right, with its column."""
        width = self.content_size.width
        needed = cells(BETWEEN.join(self._parts[:NEEDED])) + self._lead().cell_length
        right = self._right
        for kept in (self._right, *(tuple(one for one in self._right if one[1] in LAST_TO_GO[:n]) for n in (2, 1, 0))):
            right = kept
            if needed + 2 + _width(kept) <= width:
                break
        column = width - _width(right)
        for said, wish in right:
            yield said, wish, column
            column += cells(said) + 2

    def _lead(self) -> Content:
        sign = (f" {self._sign} ", style_of("practice_sign")) if self._sign else ""
        return Content.assemble(sign, " " if sign else "", ("● ", style_of(STATE_ROLES.get(self._state, "muted"))))

    def render(self) -> Content:
        width = self.content_size.width
        line = self._lead()
        places = list(self._right_places())
        room = (places[0][2] - 2 if places else width) - line.cell_length
        parts = list(self._parts)
        while len(parts) > 1 and cells(BETWEEN.join(parts)) > room:
            parts.pop()
        line += Content.styled(BETWEEN.join(parts), style_of("muted")).truncate(max(room, 0), ellipsis=True)
        for said, _, column in places:
            line += Content(" " * (column - line.cell_length)) + Content.styled(said, style_of("muted"))
        return line

    def on_click(self, event: events.Click) -> None:
        for said, wish, column in self._right_places():
            if column <= event.x - self.styles.padding.left < column + cells(said):
                event.stop()
                self.post_message(Chosen(wish))


def _width(right: Right) -> int:
    return sum(cells(said) for said, _ in right) + 2 * (len(right) - 1) if right else 0
