"""Draws lines that it asks a source for by number: a page of a million costs as much as a page of a hundred.

Long lines run out of sight to the right, or are folded. Folded, a place is a line and a row of it, and only the rows in sight are ever
worked out, so that neither folding nor a new width takes time for the lines above and below.
"""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from tutor.ui.layout import content_of
from tutor.ui.lines import LineSource
from tutor.ui.look import style_of

LINES_KEPT = 512
"""Drawn lines that are kept."""
ASIDE = 12
"""Columns of one step to the side."""
WHEEL = 3
"""Rows of one notch of the mouse wheel."""
ABOVE_HIT = 4
"""Rows above a line that was searched for."""
GOES_ON = "›"
"""At the right of a line that is longer than the window is wide."""
MOST_SELECTED = 5_000
"""Lines that can be copied by selecting them with the mouse."""


class OutputView(ScrollView, can_focus=True):
    """A window on the lines of a source."""

    DEFAULT_CSS = """
    OutputView {
        text-wrap: nowrap;
        text-overflow: clip;
        scrollbar-size: 0 1;
        scrollbar-gutter: stable;
    }
    """
    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j,enter", "move(1)", show=False),
        Binding("pageup,b", "move_pages(-1)", show=False),
        Binding("pagedown,space", "move_pages(1)", show=False),
        Binding("home,g", "go_to_start", show=False),
        Binding("end,G", "go_to_end", show=False),
        Binding("left,h", "aside(-1)", show=False),
        Binding("right,l", "aside(1)", show=False),
    ]

    class Moved(Message):
        """Other lines are in sight than before, or there are more of them."""

    def __init__(self, source: LineSource) -> None:
        super().__init__()
        self._source = source
        self._seen_generation = source.generation
        self._seen_closed = 0
        self.folds = False
        """Long lines go on in the next row."""
        self.follows = False
        """New lines come into sight by themselves, until the learner scrolls up."""
        self._skipped = 0
        """Folded: rows of the topmost line that are above the window."""
        self._is_moving = False
        self._needle = ""
        self.hit = -1
        """The line that was found last."""
        self._drawn: LRUCache[int, list[Strip]] = LRUCache(LINES_KEPT)
        self._rows: list[tuple[int, int]] | None = None
        """Folded: line and row of each row in sight."""
        self._widest = 0

    # -- what there is

    def grow(self) -> None:
        """The source has read on."""
        source = self._source
        if source.generation != self._seen_generation:
            self._seen_generation = source.generation
            self._drawn.clear()
        for number in list(self._drawn.keys()):
            if number >= self._seen_closed:
                self._drawn.discard(number)
        self._seen_closed = source.closed
        self._measure()
        if self.follows:
            self.action_go_to_end()
        self._show()

    def _measure(self) -> None:
        """Tell the scrollbars how much there is."""
        height = self._source.count
        if self.folds:
            height = self._last_top()[0] + self.size.height
        self.virtual_size = Size(0 if self.folds else self._widest, max(height, 0))

    def _show(self) -> None:
        self._rows = None
        self.refresh()
        self.post_message(self.Moved())

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn.clear()

    def on_resize(self) -> None:
        if self.folds:
            self._drawn.clear()
            self._skipped = 0
        self._measure()
        if self.follows:
            self.action_go_to_end()
        self._show()

    @property
    def place(self) -> tuple[int, int]:
        """The line at the top, and the row of it."""
        return self.scroll_offset.y, self._skipped

    @property
    def at_end(self) -> bool:
        """The last line is in sight."""
        return self.place >= self._last_top()

    @property
    def below(self) -> int:
        """Lines below the window."""
        if self.folds:
            in_sight = self._rows_in_sight()
            return self._source.count - 1 - in_sight[-1][0] if in_sight else 0
        return max(self._source.count - self.scroll_offset.y - self.size.height, 0)

    # -- moving

    def _last_top(self) -> tuple[int, int]:
        """The place at which the last line stands at the bottom of the window."""
        height = self.size.height
        if not self.folds:
            return max(self._source.count - height, 0), 0
        number = self._source.count
        while number > 0 and height > 0:
            number -= 1
            height -= len(self._strips(number))
        return number, max(-height, 0)

    def go_to(self, line: int, row: int = 0) -> None:
        """Bring a line to the top, as far as there are lines below it."""
        line, self._skipped = max(min((line, row), self._last_top()), (0, 0))
        self._is_moving = True
        self.scroll_to(y=line, animate=False, force=True, immediate=True)
        self._is_moving = False
        self._show()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if not self._is_moving and round(old_value) != round(new_value):
            # The scrollbar was dragged.
            self._skipped = 0
            self.follows = self.follows and self.at_end
            self._show()

    def action_move(self, rows: int) -> None:
        """Some rows down, or up if negative."""
        line, row = self.place
        if self.folds:
            row += rows
            while row < 0 and line > 0:
                line -= 1
                row += len(self._strips(line))
            while line < self._source.count - 1 and row >= (count := len(self._strips(line))):
                row -= count
                line += 1
        else:
            line += rows
        self.go_to(line, max(row, 0))
        self.follows = rows > 0 and self.at_end

    def action_move_pages(self, pages: int) -> None:
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_go_to_start(self) -> None:
        self.follows = False
        self.go_to(0)

    def action_go_to_end(self) -> None:
        self.go_to(*self._last_top())
        self.follows = True

    def action_aside(self, steps: int) -> None:
        self.scroll_to(x=self.scroll_x + steps * ASIDE, animate=False, force=True, immediate=True)

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, notches: int) -> None:
        event.stop()
        event.prevent_default()
        if event.ctrl or event.shift:
            self.action_aside(notches)
        else:
            self.action_move(notches * WHEEL)

    # -- folding and searching

    def fold(self, *, folds: bool) -> None:
        """Whether long lines go on in the next row; the topmost line stays."""
        if folds != self.folds:
            self.folds = folds
            self._drawn.clear()
            self.scroll_to(x=0, animate=False, force=True, immediate=True)
            self._measure()
            self.go_to(self.scroll_offset.y)
            if self.follows:
                self.action_go_to_end()

    def mark(self, needle: str, line: int) -> None:
        """Show where the text stands, above all in this line."""
        self._needle, self.hit = needle, line
        self._drawn.clear()
        self._measure()
        self.follows = False
        top = self.scroll_offset.y
        if not top <= line < top + max(self.size.height - ABOVE_HIT, 1) or self.folds:
            self.go_to(line - ABOVE_HIT)
        self._show()

    # -- drawing

    @property
    def _width(self) -> int:
        """Columns beside the scrollbar."""
        return self.scrollable_content_region.width

    def render_line(self, y: int) -> Strip:
        width = self._width
        blank = self.visual_style.rich_style
        if not self.folds:
            number, row, x = self.scroll_offset.y + y, 0, self.scroll_offset.x
        elif y < len(rows := self._rows_in_sight()):
            (number, row), x = rows[y], 0
        else:
            return Strip.blank(width, blank)
        if number >= self._source.count:
            return Strip.blank(width, blank)
        strips = self._strips(number)
        before = sum(strip.cell_length for strip in strips[:row])
        strip = strips[row]
        if strip.cell_length <= x + width:
            return strip.crop_extend(x, x + width, blank).apply_offsets(x + before, number)
        shown = strip.crop(x, x + width - 1).apply_offsets(x + before, number)
        return Strip.join([shown, *self._strips_of(Content.styled(GOES_ON, style_of("key")))])

    def _rows_in_sight(self) -> list[tuple[int, int]]:
        if self._rows is None:
            line, row = self.place
            self._rows = []
            while len(self._rows) < self.size.height and line < self._source.count:
                self._rows += [(line, at) for at in range(row, len(self._strips(line)))]
                line, row = line + 1, 0
            del self._rows[self.size.height :]
        return self._rows

    def _strips(self, number: int) -> list[Strip]:
        """The rows of a line."""
        selection = self.text_selection
        if selection is None and (kept := self._drawn.get(number)) is not None:
            return kept
        content = self._marked(content_of(self._source.line(number)), number)
        if selection is not None and (span := selection.get_span(number)) is not None:
            start, end = span
            style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
            content = content.stylize(style, start, len(content) if end == -1 else end)
        rows = content.fold(self._width) if self.folds and content.cell_length > self._width else [content]
        strips = [
            strip
            for row in rows
            for strip in (
                Visual.to_strips(self, row, max(row.cell_length, 1), 1, self.visual_style, apply_selection=False)
            )
        ]
        if selection is None:
            self._drawn[number] = strips
        if not self.folds and content.cell_length > self._widest:
            self._widest = content.cell_length
            self.call_later(self._measure)
        return strips

    def _strips_of(self, row: Content) -> list[Strip]:
        width = max(row.cell_length, 1)
        return Visual.to_strips(self, row, width, 1, self.visual_style, apply_selection=False)

    def _marked(self, content: Content, number: int) -> Content:
        needle = self._needle
        if not needle:
            return content
        body = content.plain if needle != needle.lower() else content.plain.lower()
        style = style_of("lit") if number == self.hit else "reverse"
        at = body.find(needle)
        while at >= 0:
            content = content.stylize(style, at, at + len(needle))
            at = body.find(needle, at + len(needle))
        return content

    # -- selecting with the mouse

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        first = selection.start.y if selection.start is not None else 0
        last = selection.end.y if selection.end is not None else self._source.count - 1
        last = min(last, self._source.count - 1, first + MOST_SELECTED)
        lines = ["".join(text for text, _ in self._source.line(number)) for number in range(first, last + 1)]
        if selection.end is not None and last == selection.end.y:
            lines[-1] = lines[-1][: selection.end.x]
        if lines and selection.start is not None:
            lines[0] = lines[0][selection.start.x :]
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self._drawn.clear()
        self.refresh()
