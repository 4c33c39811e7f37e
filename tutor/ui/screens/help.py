"""All keys and typed commands on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from tutor.i18n import Words
from tutor.ui.blocks import Block, text
from tutor.ui.markdown import markdown_blocks
from tutor.ui.widgets.action_row import Chip
from tutor.ui.widgets.message import Message
from tutor.ui.wrap import cells


class HelpScreen(ModalScreen[None]):
    """Keys that mean leaving close it; space reads on, as in the conversation."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [
        Binding("escape,enter,q,question_mark,f1,ctrl+c", "dismiss", show=False, priority=True),
        Binding("space", "read_on", show=False, priority=True),
    ]

    def __init__(self, words: Words, chips: Sequence[Chip] = ()) -> None:
        """Args: `chips`: what can be done where the learner is now."""
        super().__init__()
        self._words = words
        self._chips = chips

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog -help") as page:
            page.border_subtitle = Content(self._words("home.help_keys"))
            if self._chips:
                yield Message(tuple(self._now()), classes="now")
            yield Message(markdown_blocks(self._words("ui.help_page")))

    def _now(self) -> Iterator[Block]:
        """The keys that act at this moment: a page of all keys answers another question."""
        width = max(cells(chip.key) for chip in self._chips)
        yield text(self._words("home.help_now"), "heading")
        for index, chip in enumerate(self._chips):
            key = f"  {chip.key}" + " " * (width - cells(chip.key) + 2)
            role = "strong" if chip.suggested else ""
            yield text(chip.label, role, first=key, rest=" " * cells(key), gap=index == 0, mark="key")

    def action_read_on(self) -> None:
        self.query_one(VerticalScroll).scroll_page_down(animate=False)

    def on_click(self) -> None:
        self.dismiss()
