"""A line for the path of a file: tab completes it, as in a shell."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import work
from textual.binding import Binding
from textual.message import Message

from tutor.ui.connecting import completed
from tutor.ui.widgets.fields import TextLine


class PathLine(TextLine):
    """A folder may lie on a disk that is asleep, so it is read in a thread."""

    BINDINGS = [Binding("tab", "complete", show=False)]

    @dataclass
    class Candidates(Message):
        """What the path could go on with; empty when there is one way only, or none."""

        names: Sequence[str]

    def __init__(self, value: str, placeholder: str) -> None:
        super().__init__(value, placeholder, secret=False)

    @work(group="complete", exclusive=True, exit_on_error=False)
    async def action_complete(self) -> None:
        typed = self.value[: self.cursor_position]
        longer, names = await asyncio.to_thread(completed, typed)
        if self.value.startswith(typed):
            self.value = longer + self.value[len(typed) :]
            self.cursor_position = len(longer)
        self.post_message(self.Candidates(names))
