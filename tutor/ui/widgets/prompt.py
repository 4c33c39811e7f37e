"""Where the learner types: code for the kernel, or a command after `/`. Remembers what was typed."""

from __future__ import annotations

import ast
from codeop import compile_command
from collections.abc import Callable, Sequence

from textual import events, on
from textual.binding import Binding
from textual.content import Content
from textual.widgets import TextArea

from tutor.text.plain import strip
from tutor.ui.addresses import holds_token
from tutor.ui.messages import Left, Submitted, Suggesting
from tutor.ui.suggesting import Suggestion, is_whole
from tutor.ui.widgets.area import Area

IN_MENU = ("up", "down", "tab", "escape")


class Prompt(Area):
    """Grows with its text up to a few lines; up and down at its edges walk through what was typed before."""

    BINDINGS = [
        Binding("up", "earlier", show=False),
        Binding("down", "later", show=False),
    ]

    def __init__(
        self, history: Sequence[str], placeholder: str, suggest: Callable[[str], Sequence[Suggestion]]
    ) -> None:
        """Args: `suggest`: the commands that a line which begins with `/` could become."""
        super().__init__(
            compact=True, soft_wrap=True, highlight_cursor_line=False, placeholder=Content(placeholder), id="prompt"
        )
        self._history = list(history)
        self._at = len(self._history)
        self._unsent = ""
        """What stood here before the learner went back in history."""
        self._suggest = suggest
        self._rows: Sequence[Suggestion] = ()
        """Of the menu of commands; none while it is closed."""
        self._chosen = 0
        self._has_chosen = False
        """The learner has moved in the menu."""
        self._asked = ""
        """The line for which the rows were looked up."""
        self._is_shut = False
        """The learner wants no menu for this command."""

    def on_key(self, event: events.Key) -> None:
        """Enter sends; while the menu of commands is open, some keys are for it."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            if not self.only_accepts(event):
                self.enter()
        elif event.key in IN_MENU and self._rows:
            event.stop()
            event.prevent_default()
            self._act_in_menu(event.key)

    def enter(self) -> None:
        """Complete the command, go on in the next line of code, or send."""
        self._look_up()
        if self._completes:
            self.complete(self._rows[self._chosen].typed)
        elif self._goes_on():
            self.action_new_line()
        else:
            self.action_submit()

    # -- the menu of commands

    def complete(self, command: str) -> None:
        """Put this in place of what was typed of it."""
        self.load_text(command)
        self.move_cursor(self.document.end)

    def shut_menu(self) -> bool:
        """No menu for the rest of this command. Returns whether it was open."""
        was_open = bool(self._rows)
        self._is_shut = True
        self._close_menu()
        return was_open

    @property
    def _completes(self) -> bool:
        if not self._rows or self._rows[self._chosen].typed == self.text:
            return False
        return self._has_chosen or not is_whole(self.text)

    def _act_in_menu(self, key: str) -> None:
        match key:
            case "escape":
                self.shut_menu()
            case "tab":
                self.complete(self._rows[self._chosen].typed)
            case _:
                self._chosen = (self._chosen + (1 if key == "down" else -1)) % len(self._rows)
                self._has_chosen = True
                self._tell()

    @on(TextArea.Changed)
    def _look_up(self) -> None:
        """Which commands match by now."""
        line = self.text
        if not line.startswith("/") or "\n" in line:
            self._is_shut = False
            self._close_menu()
        elif line != self._asked and not self._is_shut:
            self._asked, self._rows, self._chosen, self._has_chosen = line, self._suggest(line), 0, False
            self._tell()

    @on(events.Blur)
    def _close_menu(self) -> None:
        self._asked = ""
        if self._rows:
            self._rows = ()
            self._tell()

    def _tell(self) -> None:
        self.post_message(Suggesting(self._rows, self._chosen, self._completes))

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
        if (not self._history or self._history[-1] != text) and not holds_token(text):
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
        # Up and down go on in what was typed, also past a command.
        self._is_shut = text.startswith("/")
        self.load_text(text)
        self.move_cursor(self.document.end)

    def on_paste(self, event: events.Paste) -> None:
        """Several pasted lines stay together: they are sent as one piece of code."""
        event.prevent_default()
        event.stop()
        self._composition.note(event.text, event.time)
        self.put_pasted(event.text)

    def put_pasted(self, pasted: str) -> None:
        """Put it in where the cursor stands."""
        self.put(strip(pasted.replace("\r\n", "\n").replace("\r", "\n")).rstrip("\n"))


def is_unfinished(code: str) -> bool:
    """Whether more lines could make it whole: an open bracket, or a block that has only begun."""
    try:
        return compile_command(code) is None
    except (SyntaxError, ValueError, OverflowError):
        return False
