"""What the step card shows of its step: one face at a time. The base of all faces."""

from __future__ import annotations

from textual.containers import Vertical

from tutor.i18n import Words
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

    def show(self, card: Card, words: Words) -> None:
        """Be up to date with the card; called once mounted and at every change."""

    def begin(self) -> None:
        """Take the focus, where the learner would begin."""

    def hand_in(self) -> None:
        """Answer with what is in it, or begin where something is missing."""
