"""What the step card shows of its step: one face at a time. The base of all faces, and the one of the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from tutor.i18n import Words
from tutor.ui.widgets.code_panel import CodePanel

if TYPE_CHECKING:
    from tutor.session.events import Card


class Face(Vertical):
    """One way to work on a step: code, editor, question, form…"""

    DEFAULT_CSS = """
    Face {
        height: auto;
    }
    """

    TAKES_TEXT = False
    """Keys typed in it are text, so that single keys of the step card do not act."""

    @property
    def code(self) -> str | None:
        """The code that stands in it, to the last letter; None where none is written."""
        return None

    def show(self, card: Card, words: Words) -> None:
        """Be up to date with the card; called once mounted and at every change."""

    def begin(self) -> None:
        """Take the focus, where the learner would begin."""

    def give_focus(self, widget: Widget) -> None:
        """Give it to a widget of this face at once: `focus` does it some time later, when the learner may be elsewhere already."""
        self.screen.set_focus(widget, scroll_visible=False)

    def hand_in(self) -> None:
        """Answer with what is in it, or begin where something is missing."""


class CodeFace(Face):
    """The face of code to run: to read only."""

    def __init__(self, code: str, language: str, title: str, subtitle: str = "") -> None:
        super().__init__()
        self._panel = CodePanel(code, language, title, subtitle)

    def compose(self) -> ComposeResult:
        yield self._panel

    def show(self, card: Card, words: Words) -> None:
        from tutor.ui.faces import language_of, panel_texts

        self._panel.show(card.code, language_of(card), *panel_texts(card, words), error_line=card.error_line)
