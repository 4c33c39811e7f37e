"""Text of several lines: the editor of a step's code, and the box that a learner pastes into."""

from __future__ import annotations

from collections import deque

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.style import Style
from textual.widgets import TextArea

from tutor.i18n import Words
from tutor.lesson.model import Paste
from tutor.session.events import Action, Card
from tutor.text.plain import strip
from tutor.ui.code import highlighted
from tutor.ui.markdown import markdown_blocks
from tutor.ui.messages import Answered, Chosen, Edited, Left
from tutor.ui.widgets.face import Face
from tutor.ui.widgets.message import Message


class Area(TextArea):
    """A text area that esc leaves and that keeps control characters out."""

    BINDINGS = [Binding("escape", "leave", show=False, priority=True)]

    def action_leave(self) -> None:
        self.post_message(Left())

    def insert_line(self) -> None:
        """A new line as far in as this one, and further in after a colon."""
        line = self.document.get_line(self.cursor_location[0])[: self.cursor_location[1]]
        deeper = "    " if line.rstrip().endswith(":") else ""
        self.insert("\n" + line[: len(line) - len(line.lstrip())] + deeper)

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert(strip(event.text.replace("\r\n", "\n").replace("\r", "\n")))


class CodeArea(Area):
    """The editor: its code is coloured by the same highlighter as the rest of the conversation.

    Textual's own way needs tree-sitter grammars, which would be a dependency for colours alone.
    """

    def __init__(self, code: str, language: str) -> None:
        super().__init__(code, show_line_numbers=True, soft_wrap=False, tab_behavior="indent", compact=True)
        self._code_language = language
        self._coloured: tuple[tuple[str, str], list[Text]] = (("", ""), [])
        """Text and theme, and the lines that they gave."""

    def on_key(self, event: events.Key) -> None:
        """Enter keeps the indentation."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.insert_line()

    def get_line(self, line_index: int) -> Text:
        """The line with its colours; the whole text is coloured once for each change of it."""
        now = self.text, self.app.theme
        if self._coloured[0] != now or not self._coloured[1]:
            content = highlighted(self.text, self._code_language)
            self._coloured = (now, [self._as_text(line) for line in content.split("\n", allow_blank=True)])
        lines = self._coloured[1]
        return lines[line_index].copy() if line_index < len(lines) else super().get_line(line_index)

    def _as_text(self, line: Content) -> Text:
        text = Text(line.plain, end="", no_wrap=True)
        for start, end, style in line.spans:
            text.stylize((Style.parse(style) if isinstance(style, str) else style).rich_style, start, end)
        return text


class Editor(Face):
    """The face in which the learner writes; every change is handed on to be kept."""

    TAKES_TEXT = True
    BINDINGS = [Binding("ctrl+r", "run", show=False, priority=True)]

    def __init__(self, code: str, language: str) -> None:
        super().__init__()
        self._code = code
        self._language = language
        self._handed_on = deque([code], maxlen=64)
        """Newest texts of this editor; a card that carries one of them is an echo and changes nothing here."""

    def compose(self) -> ComposeResult:
        yield CodeArea(self._code, self._language)

    def show(self, card: Card, words: Words) -> None:
        if card.code not in self._handed_on:
            self._handed_on.append(card.code)
            with self.prevent(TextArea.Changed):
                self.area.load_text(card.code)

    @property
    def area(self) -> CodeArea:
        """The text area."""
        return self.query_one(CodeArea)

    def begin(self) -> None:
        self.area.focus(scroll_visible=False)

    @on(TextArea.Changed)
    def hand_on(self, event: TextArea.Changed) -> None:
        """Keep what was typed."""
        event.stop()
        self._handed_on.append(event.text_area.text)
        self.post_message(Edited(event.text_area.text))

    def action_run(self) -> None:
        self.post_message(Chosen(Action.RUN))


class PasteBox(Face):
    """The face of a paste: what is asked for, and room for it."""

    TAKES_TEXT = True
    BINDINGS = [Binding("ctrl+r", "hand_in", show=False, priority=True)]

    def __init__(self, paste: Paste) -> None:
        super().__init__()
        self._paste = paste

    def compose(self) -> ComposeResult:
        yield Message(markdown_blocks(self._paste.prompt), classes="question")
        yield Area(compact=True, soft_wrap=True, placeholder=Content(self._paste.example))

    def begin(self) -> None:
        self.query_one(Area).focus(scroll_visible=False)

    def hand_in(self) -> None:
        area = self.query_one(Area)
        if area.text.strip():
            self.post_message(Answered((area.text,)))
        else:
            self.begin()

    def action_hand_in(self) -> None:
        self.hand_in()
