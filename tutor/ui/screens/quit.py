"""The question before quitting."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen

from tutor.i18n import Words
from tutor.ui.blocks import text
from tutor.ui.messages import Chosen
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish


class QuitScreen(ModalScreen[bool]):
    """Returns whether to quit."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [
        Binding("enter,y,q,ctrl+c,ctrl+q", "answer(True)", show=False, priority=True),
        Binding("escape,n", "answer(False)", show=False),
    ]

    def __init__(self, words: Words, *, running: bool) -> None:
        super().__init__()
        self._words = words
        self._stops_code = running

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(classes="dialog"):
            yield Message([text(words("ui.quit_running" if self._stops_code else "ui.quit_idle"))])
            yield ActionRow(
                [
                    Chip("enter", words("ui.quit_yes"), Wish.QUIT, suggested=True),
                    Chip("esc", words("ui.quit_no"), Wish.LEAVE),
                ]
            )

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)

    def on_chosen(self, event: Chosen) -> None:
        event.stop()
        self.dismiss(event.what is Wish.QUIT)
