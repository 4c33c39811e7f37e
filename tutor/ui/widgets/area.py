"""Text of several lines: the editor of a step's code, and the box that a learner pastes into."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from rich.segment import Segment
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.style import Style
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tutor.i18n import Words
from tutor.lesson.model import Paste
from tutor.session.events import Action, Card
from tutor.text.plain import strip
from tutor.ui.code import highlighted
from tutor.ui.code_edits import commented, dedented, indented
from tutor.ui.ime import Composition
from tutor.ui.look import style_of
from tutor.ui.markdown import markdown_blocks
from tutor.ui.messages import Answered, Chosen, Edited, Left
from tutor.ui.starting import where_to_begin
from tutor.ui.widgets.code_panel import ERROR_SIGN
from tutor.ui.widgets.face import Face
from tutor.ui.widgets.gone import blank
from tutor.ui.widgets.message import Message

MOST_ECHOES = 10_000
"""Changes that a card may lag behind: whoever types or pastes fast is far ahead of it on a busy machine."""
MOST_COLOURED = 1000
"""Lines; colouring a longer text anew at each key press would be felt."""


class Area(TextArea):
    """A text area that esc leaves, that keeps control characters out, and that knows an Enter from the end of a candidate.

    No binding has priority: it would overtake the letters typed fast before it.
    """

    BINDINGS = [Binding("ctrl+j,shift+enter,alt+enter", "new_line", show=False)]

    def __init__(self, text: str = "", **options: Any) -> None:
        """Args: `options`: as `TextArea` has them."""
        super().__init__(text, **options)
        self._composition = Composition()

    def action_leave(self) -> None:
        self.post_message(Left())

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Not before there is a size: letters typed as fast as that would scroll the code aside by all its width."""
        return super().scroll_cursor_visible(center, animate) if self.size else Offset()

    def render_lines(self, crop: Region) -> list[Strip]:
        return blank(crop) if self.parent is None else super().render_lines(crop)

    def on_key(self, event: events.Key) -> None:
        """Called after the handlers of subclasses and before Textual's own, which would insert a line."""
        if event.key == "enter" and self.only_accepts(event):
            event.stop()
            event.prevent_default()
        elif event.key == "escape":
            # No binding: where tab indents, Textual's own handler would take it first.
            event.stop()
            event.prevent_default()
            self.action_leave()
        elif event.is_printable:
            self._composition.note(event.character, event.time)

    def only_accepts(self, enter: events.Key) -> bool:
        """Whether this Enter only accepted a candidate of an input method."""
        return self._composition.ends_at(enter.time)

    def action_new_line(self) -> None:
        """A new line as far in as this one, and further in after a colon."""
        row, column = min(self.selection.end, self.selection.start)
        line = self.document.get_line(row)[:column]
        deeper = "    " if line.rstrip().endswith(":") else ""
        self.put("\n" + line[: len(line) - len(line.lstrip())] + deeper)

    def put(self, text: str) -> None:
        """Insert text, in place of what is selected."""
        self.replace(text, *self.selection, maintain_selection_offset=False)

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self._composition.note(event.text, event.time)
        self.put(strip(event.text.replace("\r\n", "\n").replace("\r", "\n")))


class CodeArea(Area):
    """The editor: its code is coloured by the same highlighter as the rest of the conversation.

    Textual's own way needs tree-sitter grammars, which would be a dependency for colours alone.
    """

    BINDINGS = [
        Binding("shift+tab", "dedent", show=False),
        # What terminals send for ctrl+/.
        Binding("ctrl+underscore,ctrl+slash", "comment", show=False),
    ]

    def __init__(self, code: str, language: str, error_line: int | None = None) -> None:
        """Args: `error_line`: from 1, where this code raised when it ran; marked until the code is changed."""
        super().__init__(code, show_line_numbers=True, soft_wrap=False, tab_behavior="indent", compact=True)
        self._code_language = language
        self._error_line = error_line
        self._coloured: tuple[str, list[Text]] = ("", [])

    def on_key(self, event: events.Key) -> None:
        """Enter keeps the indentation; tab moves selected lines."""
        if event.key == "enter" and not self.only_accepts(event):
            event.stop()
            event.prevent_default()
            self.action_new_line()
        elif event.key == "tab" and not self.selection.is_empty:
            event.stop()
            event.prevent_default()
            self._change_lines(indented)

    def action_dedent(self) -> None:
        self._change_lines(dedented)

    def action_comment(self) -> None:
        self._change_lines(commented)

    def _change_lines(self, change: Callable[[Sequence[str]], list[str]]) -> None:
        """Change the lines of the selection, or the one with the cursor, in one step of undo; what was selected stays so."""
        was_empty = self.selection.is_empty
        (first, _), (last, end) = sorted(self.selection)
        if last > first and end == 0:
            last -= 1
        old = [self.document.get_line(row) for row in range(first, last + 1)]
        new = change(old) if any(line.strip() for line in old) else old
        if new == old:
            return
        column = self.cursor_location[1]
        self.history.checkpoint()
        self.replace("\n".join(new), (first, 0), (last, len(old[-1])), maintain_selection_offset=False)
        self.history.checkpoint()
        if was_empty:
            self.move_cursor((first, max(0, column + len(new[0]) - len(old[0]))))
        else:
            self.selection = Selection((first, 0), (last, len(new[-1])))

    def get_line(self, line_index: int) -> Text:
        """The line with its colours; the whole text is coloured once for each change of it."""
        if self.document.line_count > MOST_COLOURED:
            return super().get_line(line_index)
        source = self.text
        if self._coloured[0] != source or not self._coloured[1]:
            content = highlighted(source, self._code_language)
            self._coloured = (source, [self._as_text(line) for line in content.split("\n", allow_blank=True)])
        lines = self._coloured[1]
        return lines[line_index].copy() if line_index < len(lines) else super().get_line(line_index)

    def notify_style_update(self) -> None:
        """The theme may be another one."""
        self._coloured = ("", [])
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """The line at which the code raised has a sign between its number and the code."""
        strip = super().render_line(y)
        if self._error_line is None or self.scroll_offset.y + y != self._error_line - 1:
            return strip
        style = Style.parse(style_of("not_yet")).rich_style
        sign = Strip([Segment(f"{self._error_line:>{self.gutter_width - 2}}{ERROR_SIGN} ", style)])
        return Strip.join([sign, strip.crop(self.gutter_width)])

    @on(TextArea.Changed)
    def forget_error(self) -> None:
        """Another code has other lines."""
        if self._error_line is not None:
            self._error_line = None
            self.refresh()

    def _as_text(self, line: Content) -> Text:
        text = Text(line.plain, end="", no_wrap=True)
        for start, end, style in line.spans:
            text.stylize((Style.parse(style) if isinstance(style, str) else style).rich_style, start, end)
        return text


class Editor(Face):
    """The face in which the learner writes; every change is handed on to be kept."""

    TAKES_TEXT = True
    BINDINGS = [Binding("ctrl+r", "run", show=False)]

    def __init__(self, code: str, language: str, title: str, error_line: int | None = None) -> None:
        super().__init__()
        self._area = CodeArea(code, language, error_line)
        self._area.border_title = Content(title)
        # Not by way of its watcher, which would scroll before there is a size.
        self._area.set_reactive(TextArea.selection, Selection(*where_to_begin(code, error_line)))
        self._handed_on = deque([hash(code)], maxlen=MOST_ECHOES)
        """Of the newest texts of this editor; a card that carries one of them is an echo and changes nothing here."""

    def compose(self) -> ComposeResult:
        yield self._area

    def on_mount(self) -> None:
        self.call_after_refresh(self._area.scroll_cursor_visible)

    def show(self, card: Card, words: Words) -> None:
        if hash(card.code) not in self._handed_on:
            self._handed_on.append(hash(card.code))
            with self.prevent(TextArea.Changed):
                self._area.load_text(card.code)

    def begin(self) -> None:
        self.give_focus(self._area)

    @on(TextArea.Changed)
    def hand_on(self, event: TextArea.Changed) -> None:
        """Keep what was typed."""
        event.stop()
        self._handed_on.append(hash(event.text_area.text))
        self.post_message(Edited(event.text_area.text))

    @property
    def code(self) -> str:
        return self._area.text

    def action_run(self) -> None:
        self.post_message(Chosen(Action.RUN))


class PasteBox(Face):
    """The face of a paste: what is asked for, and room for it."""

    TAKES_TEXT = True
    BINDINGS = [Binding("ctrl+r", "hand_in", show=False)]

    def __init__(self, paste: Paste) -> None:
        super().__init__()
        self._paste = paste

    def compose(self) -> ComposeResult:
        yield Message(markdown_blocks(self._paste.prompt), classes="question")
        yield Area(compact=True, soft_wrap=True, placeholder=Content(self._paste.example))

    def begin(self) -> None:
        self.give_focus(self.query_one(Area))

    def hand_in(self) -> None:
        area = self.query_one(Area)
        if area.text.strip():
            self.post_message(Answered((area.text,)))
        else:
            self.begin()

    def action_hand_in(self) -> None:
        self.hand_in()
