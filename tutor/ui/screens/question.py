"""A question with two answers, over whatever asks it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tutor.ui.blocks import Block
from tutor.ui.messages import Chosen
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish


class QuestionScreen(ModalScreen[bool]):
    """Returns whether the answer was yes; what is asked is read first, so nothing but its own keys answers."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [
        Binding("enter,y", "answer(True)", show=False, priority=True),
        Binding("escape,n,q,ctrl+c,ctrl+q", "answer(False)", show=False, priority=True),
    ]

    def __init__(self, blocks: Sequence[Block], yes: str, no: str) -> None:
        """Args: `yes` and `no`: what the answers do, in words."""
        super().__init__()
        self._blocks = blocks
        self._yes, self._no = yes, no

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog"):
            yield Message(self._blocks)
            yield ActionRow(
                [Chip("enter", self._yes, Wish.SUGGESTED, suggested=True), Chip("esc", self._no, Wish.LEAVE)]
            )

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def on_chosen(self, event: Chosen) -> None:
        event.stop()
        self.dismiss(event.what is Wish.SUGGESTED)
