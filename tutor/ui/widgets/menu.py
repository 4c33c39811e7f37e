"""A few things to choose from, each with a word about it: a cursor, digits and enter, or one click. Light enough for the first paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.blocks import Block
from tutor.ui.layout import lay_out, wrapped
from tutor.ui.look import style_of
from tutor.ui.wrap import cells

GAP = 3
"""Between what can be chosen and the word about it."""
MOST_NOTE = 44
"""Columns that the words about things are given beside them; where there are fewer and they need them, they go underneath."""
DIGITS = range(1, 10)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to choose."""

    value: str
    label: str
    note: str = ""
    """A word about it, beside it."""
    about: tuple[Block, ...] = ()
    """What is said below all of them while the cursor is on this one."""
    mark: str = ""
    """One cell before the label; where one has it, all keep room for it."""
    role: str = ""
    """Of the mark."""


class Menu(Widget, can_focus=True):
    """Lines to choose from; below them, what there is to know about the one under the cursor."""

    DEFAULT_CSS = """
    Menu {
        height: auto;
        text-wrap: nowrap;
    }
    """
    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("home", "move_to(0)", show=False),
        Binding("end", "move_to(-1)", show=False),
        Binding("enter,space", "choose", show=False),
        # A Chinese input method may type digits in full width.
        *[Binding(f"{digit},{chr(ord('０') + digit)}", f"pick({digit})", show=False) for digit in DIGITS],
    ]

    cursor: reactive[int] = reactive(0, layout=True)

    @dataclass
    class Picked(Message):
        """The learner chose this one."""

        value: str

    @dataclass
    class Moved(Message):
        """The cursor is on another one."""

        value: str

    def __init__(self, items: Sequence[Item] = ()) -> None:
        super().__init__(markup=False)
        self._items = tuple(items)

    @property
    def items(self) -> tuple[Item, ...]:
        """What it shows."""
        return self._items

    def show(self, items: Sequence[Item], at: str | None = None) -> None:
        """Show these from now on. Args: `at`: the value under the cursor; without it the cursor stays where it was."""
        wanted = at if at is not None else self._items[self.cursor].value if self._items else None
        self._items = tuple(items)
        self.cursor = next((index for index, item in enumerate(items) if item.value == wanted), 0)
        self.refresh(layout=True)
        self._layout_updates += 1  # as in `Message.show`

    @property
    def value(self) -> str:
        """Of the one under the cursor; empty where there is nothing to choose."""
        return self._items[self.cursor].value if self._items else ""

    def _lines(self, width: int) -> list[tuple[int, Content]]:
        """The lines of the things themselves, each with the place of the one that it belongs to."""
        lead = len(f"› {len(self._items)}  ") + (2 if any(item.mark for item in self._items) else 0)
        widest = max((cells(item.label) for item in self._items), default=0)
        column = lead + widest + GAP
        longest = max((cells(item.note) for item in self._items), default=0)
        beside = width - column >= min(longest, MOST_NOTE)
        lines: list[tuple[int, Content]] = []
        for index, item in enumerate(self._items):
            label = wrapped(Content(item.label), max(width - lead, 8))
            if index == self.cursor:
                label[0] = label[0].stylize("bold")
            note = wrapped(Content(item.note), width - (column if beside else lead)) if item.note else []
            if beside:
                own = [
                    (label[i] if i < len(label) else Content("")).extend_right(
                        max(column - lead - (label[i].cell_length if i < len(label) else 0), 0)
                    )
                    + (note[i].stylize(style_of("muted")) if i < len(note) else "")
                    for i in range(max(len(label), len(note)))
                ]
            else:
                own = [*label, *(line.stylize(style_of("muted")) for line in note)]
            lines.extend((index, self._led(line, index, number, lead)) for number, line in enumerate(own))
        return lines

    def _led(self, line: Content, index: int, number: int, lead: int) -> Content:
        """With cursor and digit before the first line of each."""
        here = index == self.cursor
        digit = str(index + 1) if index + 1 in DIGITS else " "
        if number:
            return Content(" " * lead) + line
        item = self._items[index]
        start = f"{'›' if here else ' '} {digit}"
        mark = f"{item.mark} " if item.mark else ""
        start = start.ljust(lead - len(mark))
        return Content.assemble((start, style_of("you" if here else "muted")), (mark, style_of(item.role)), line)

    def _about(self, index: int, width: int) -> list[Content]:
        return lay_out(self._items[index].about, width) if self._items[index].about else []

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # As high as the longest word needs it, so that nothing below moves with the cursor.
        about = max((len(self._about(index, width)) for index in range(len(self._items))), default=0)
        return len(self._lines(width)) + (about + 1 if about else 0)

    def render(self) -> Content:
        width = self.content_size.width
        lines = [line for _, line in self._lines(width)]
        if self._items and (about := self._about(self.cursor, width)):
            lines += [Content(""), *about]
        return Content("\n").join(lines)

    def watch_cursor(self) -> None:
        """A menu longer than the screen follows its cursor."""
        if self.is_attached and self._items:
            self.post_message(self.Moved(self.value))
        if isinstance(self.parent, ScrollableContainer) and self.is_attached:
            self.call_after_refresh(self._show_cursor, self.parent)

    def _show_cursor(self, container: ScrollableContainer) -> None:
        """The line under the cursor, and if there is room all below it: what there is to know about it."""
        lines = self._lines(self.content_size.width)
        places = [place for place, (index, _) in enumerate(lines) if index == self.cursor]
        if not places:
            return
        height = self.size.height - places[0]
        if height > container.scrollable_content_region.height:
            height = len(places) + 1
        region = Region(0, places[0], self.size.width, height)
        container.scroll_to_region(region.translate(self.virtual_region.offset), animate=False)

    def action_move(self, step: int) -> None:
        if self._items:
            self.cursor = (self.cursor + step) % len(self._items)

    def action_move_to(self, place: int) -> None:
        if self._items:
            self.cursor = place % len(self._items)

    def action_pick(self, digit: int) -> None:
        if digit <= len(self._items):
            self.cursor = digit - 1

    def action_choose(self) -> None:
        if self._items:
            self.post_message(self.Picked(self._items[self.cursor].value))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        offset = event.get_content_offset(self)
        lines = self._lines(self.content_size.width)
        if offset is not None and offset.y < len(lines):
            self.cursor = lines[offset.y][0]
            self.action_choose()
