"""Lines with a cursor: what a question with choices and a checklist have in common. Arrows, digits of both widths, space, enter, mouse."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.layout import lay_out
from tutor.ui.look import style_of
from tutor.ui.markdown import markdown_blocks
from tutor.ui.widgets.transcript import is_end_in_sight

FULL_WIDTH_ZERO = ord("\N{FULLWIDTH DIGIT ZERO}")
HERE = "›"


class CursorList(Widget, can_focus=True):
    """Each item is markdown, laid out for the width it has."""

    DEFAULT_CSS = """
    CursorList {
        height: auto;
        text-wrap: nowrap;
    }
    """
    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("space", "mark", show=False),
        Binding("enter", "enter", show=False),
        *[
            # An input method may be on.
            Binding(f"{digit},{chr(FULL_WIDTH_ZERO + digit)}", f"pick({digit})", show=False)
            for digit in range(1, 10)
        ],
    ]

    cursor: reactive[int] = reactive(0)

    def __init__(self, items: Sequence[str], cursor: int = 0) -> None:
        super().__init__(markup=False)
        self.items = tuple(items)
        self.set_reactive(CursorList.cursor, cursor)

    # -- what the two kinds do differently

    def sign(self, index: int) -> str:
        """What stands between the cursor and the item: a number, a box."""
        raise NotImplementedError

    def role(self, index: int) -> str:
        """Of the cursor and the sign."""
        return "you" if index == self.cursor else "muted"

    def choose(self) -> None:
        """A digit or a click put the cursor here."""

    def action_mark(self) -> None:
        """Space."""

    def action_enter(self) -> None:
        """Enter."""

    # -- what they share

    def _lines(self, width: int) -> list[tuple[int, Content]]:
        """Lines with the item that each belongs to."""
        lines: list[tuple[int, Content]] = []
        for index, body in enumerate(self.items):
            here = index == self.cursor
            lead = f"{HERE if here else ' '} {self.sign(index)} "
            for number, line in enumerate(lay_out(markdown_blocks(body), width - len(lead))):
                start = Content.styled(lead if number == 0 else " " * len(lead), style_of(self.role(index)))
                whole = start + line
                lines.append((index, whole.stylize("bold") if here else whole))
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join([line for _, line in self._lines(self.content_size.width)])

    def on_click(self, event: events.Click) -> None:
        event.stop()
        lines = self._lines(self.content_size.width)
        if 0 <= event.y < len(lines):
            again = lines[event.y][0] == self.cursor and event.chain > 1
            self.cursor = lines[event.y][0]
            self.choose_by_mouse(again=again)

    def choose_by_mouse(self, *, again: bool) -> None:
        """A click put the cursor here. Args: `again`: it is the second of a double click."""
        self.choose()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While there is more to read, space and enter read on."""
        return is_end_in_sight(self) if action in ("mark", "enter") else True

    def action_move(self, step: int) -> None:
        self.cursor = (self.cursor + step) % len(self.items)

    def action_pick(self, digit: int) -> None:
        if digit <= len(self.items):
            self.cursor = digit - 1
            self.choose()
