"""All keys and typed commands on one page."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tutor.i18n import Words
from tutor.ui.markdown import markdown_blocks
from tutor.ui.widgets.message import Message


class HelpScreen(ModalScreen[None]):
    """Any of the usual keys closes it."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [Binding("escape,enter,q,question_mark,f1,ctrl+c,space", "dismiss", show=False, priority=True)]

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog -help"):
            yield Message(markdown_blocks(self._words("ui.help_page")))

    def on_click(self) -> None:
        self.dismiss()
