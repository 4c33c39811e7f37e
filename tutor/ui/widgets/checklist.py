"""What the learner does elsewhere: a list to tick, by space, digit or mouse."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.i18n import Words
from tutor.lesson.model import Checklist as ChecklistWork
from tutor.session.events import Card
from tutor.ui.layout import lay_out
from tutor.ui.look import style_of
from tutor.ui.markdown import markdown_blocks
from tutor.ui.messages import Ticked
from tutor.ui.widgets.face import Face
from tutor.ui.widgets.transcript import is_end_in_sight


class TickList(Widget, can_focus=True):
    """Items with boxes."""

    DEFAULT_CSS = """
    TickList {
        height: auto;
        text-wrap: nowrap;
    }
    """
    BINDINGS = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("space,enter", "mark", show=False),
        *[Binding(str(digit), f"pick({digit})", show=False) for digit in range(1, 10)],
    ]

    cursor: reactive[int] = reactive(0)
    ticked: reactive[frozenset[int]] = reactive(frozenset())

    def __init__(self, items: tuple[str, ...], ticked: frozenset[int]) -> None:
        super().__init__(markup=False)
        self._items = items
        self.set_reactive(TickList.ticked, ticked)
        first_open = next((index for index in range(len(items)) if index not in ticked), 0)
        self.set_reactive(TickList.cursor, first_open)

    def _lines(self, width: int) -> list[tuple[int, Content]]:
        lines: list[tuple[int, Content]] = []
        for index, body in enumerate(self._items):
            here, done = index == self.cursor, index in self.ticked
            lead = f"{'›' if here else ' '} [{'x' if done else ' '}] "
            for number, line in enumerate(lay_out(markdown_blocks(body), width - len(lead))):
                role = "passed" if done else ("you" if here else "muted")
                start = Content.styled(lead if number == 0 else " " * len(lead), style_of(role))
                lines.append((index, start + line))
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join([line for _, line in self._lines(self.content_size.width)])

    def on_click(self, event: events.Click) -> None:
        event.stop()
        lines = self._lines(self.content_size.width)
        if 0 <= event.y < len(lines):
            self.cursor = lines[event.y][0]
            self.action_mark()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While there is more to read, space and enter read on."""
        return is_end_in_sight(self) if action == "mark" else True

    def action_move(self, step: int) -> None:
        self.cursor = (self.cursor + step) % len(self._items)

    def action_mark(self) -> None:
        item = self.cursor
        done = item not in self.ticked
        self.ticked = self.ticked ^ {item}
        following = next((index for index in range(len(self._items)) if index not in self.ticked), item)
        self.cursor = following if done else item
        self.post_message(Ticked(item, done))

    def action_pick(self, digit: int) -> None:
        if digit <= len(self._items):
            self.cursor = digit - 1
            self.action_mark()


class Checklist(Face):
    """The face of a checklist."""

    def __init__(self, work: ChecklistWork, ticked: tuple[int, ...]) -> None:
        super().__init__()
        self._work = work
        self._ticked = frozenset(ticked)

    def compose(self) -> ComposeResult:
        yield TickList(self._work.items, self._ticked)

    def show(self, card: Card, words: Words) -> None:
        self.query_one(TickList).ticked = frozenset(card.ticked)

    def begin(self) -> None:
        self.query_one(TickList).focus(scroll_visible=False)

    def hand_in(self) -> None:
        self.query_one(TickList).action_mark()
