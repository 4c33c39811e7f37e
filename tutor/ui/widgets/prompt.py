"""Where the learner types: code for the kernel, or a command after `/`. Remembers what was typed."""

from __future__ import annotations

import ast
from codeop import compile_command
from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content

from tutor.text.plain import strip
from tutor.ui.messages import Left, Submitted
from tutor.ui.widgets.area import Area


class Prompt(Area):
    """Grows with its text up to a few lines; up and down at its edges walk through what was typed before."""

    BINDINGS = [
        Binding("up", "earlier", show=False),
        Binding("down", "later", show=False),
    ]

    def __init__(self, history: Sequence[str], placeholder: str) -> None:
        super().__init__(
            compact=True, soft_wrap=True, highlight_cursor_line=False, placeholder=Content(placeholder), id="prompt"
        )
        self._history = list(history)
        self._at = len(self._history)
        self._unsent = ""
        """What stood here before the learner went back in history."""

    def on_key(self, event: events.Key) -> None:
        """Enter sends."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            if self.only_accepts(event):
                return
            if self._goes_on():
                self.action_new_line()
            else:
                self.action_submit()

    def _goes_on(self) -> bool:
        """Whether the text is the beginning of a block of Python whose end is still to come; an empty line ends it."""
        lines = self.text.split("\n")
        if self.text.startswith("/") or not lines[-1].strip() or not self.cursor_at_end_of_text:
            return False
        if len(lines) > 1 and lines[-1][0] in " \t":
            return True
        try:
            ast.parse(self.text)
        except (SyntaxError, ValueError):
            return is_unfinished(self.text)
        return False

    def begin(self, text: str) -> None:
        """Start afresh with this text; what stood here can be had back with up."""
        if self.text.strip() and self.text != text:
            self._history.append(self.text)
            self._at = len(self._history)
        self.load_text(text)
        self.move_cursor(self.document.end)

    def action_submit(self) -> None:
        text = self.text.strip("\n")
        if not text.strip():
            self.post_message(Left())
            return
        if not self._history or self._history[-1] != text:
            self._history.append(text)
        self._at = len(self._history)
        self._unsent = ""
        self.clear()
        self.post_message(Submitted(text))

    def action_earlier(self) -> None:
        if not self.cursor_at_first_line:
            self.action_cursor_up()
        elif self._at > 0:
            if self._at == len(self._history):
                self._unsent = self.text
            self._at -= 1
            self._recall(self._history[self._at])

    def action_later(self) -> None:
        if not self.cursor_at_last_line:
            self.action_cursor_down()
        elif self._at < len(self._history):
            self._at += 1
            self._recall(self._history[self._at] if self._at < len(self._history) else self._unsent)

    def _recall(self, text: str) -> None:
        self.load_text(text)
        self.move_cursor(self.document.end)

    def on_paste(self, event: events.Paste) -> None:
        """Several pasted lines stay together: they are sent as one piece of code."""
        event.prevent_default()
        event.stop()
        self._composition.note(event.text, event.time)
        self.put(strip(event.text.replace("\r\n", "\n").replace("\r", "\n")).rstrip("\n"))


def is_unfinished(code: str) -> bool:
    """Whether more lines could make it whole: an open bracket, or a block that has only begun."""
    try:
        return compile_command(code) is None
    except (SyntaxError, ValueError, OverflowError):
        return False
