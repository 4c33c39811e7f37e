"""The line at the bottom of the conversation: a cheap stand-in at the first paint, the real prompt right after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from tutor.ui.suggesting import Suggestion
    from tutor.ui.widgets.prompt import Prompt


class PromptBar(Horizontal):
    """Holds the prompt and the sign before it."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(id="prompt-bar")
        self._placeholder = placeholder
        self._prompt: Prompt | None = None

    def compose(self) -> ComposeResult:
        yield Static(Content("›"), id="prompt-sign")
        yield Static(Content(self._placeholder), id="prompt-stand-in")

    async def furnish(self, history: Sequence[str], suggest: Callable[[str], Sequence[Suggestion]]) -> None:
        """Put the real prompt in. Args: `suggest`: see `Prompt`."""
        from tutor.ui.widgets.prompt import Prompt

        self._prompt = Prompt(history, self._placeholder, suggest)
        async with self.batch():
            await self.query_one("#prompt-stand-in").remove()
            await self.mount(self._prompt)

    def say(self, placeholder: str) -> None:
        """Another language."""
        self._placeholder = placeholder
        if self._prompt is not None:
            self._prompt.placeholder = Content(placeholder)

    def begin(self, text: str = "") -> None:
        """Take the focus, perhaps with a text begun."""
        if self._prompt is not None:
            if text:
                self._prompt.begin(text)
            # At once, not with the next refresh as `focus` does: the keys that follow belong to the prompt.
            self.screen.set_focus(self._prompt)

    def take(self, pasted: str) -> None:
        """Put in what was pasted elsewhere."""
        if self._prompt is not None:
            self._prompt.put_pasted(pasted)

    @property
    def idle(self) -> Prompt | None:
        """The prompt while the learner is there and has typed nothing; None otherwise."""
        prompt = self._prompt
        return prompt if prompt is not None and prompt.has_focus and not prompt.text else None

    def send(self) -> None:
        """As enter does."""
        if self._prompt is not None:
            self._prompt.enter()

    def complete(self, command: str) -> None:
        """As tab does in the menu of commands."""
        if self._prompt is not None:
            self._prompt.complete(command)
            self.begin()

    def shut_menu(self) -> bool:
        """As esc does. Returns whether the menu of commands was open."""
        return self._prompt is not None and self._prompt.shut_menu()

    def new_line(self) -> None:
        """As ctrl+j does."""
        if self._prompt is not None:
            self._prompt.action_new_line()
            self.begin()
