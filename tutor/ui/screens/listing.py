"""A page with a list that fills in as answers come: heading, list, what came of what was asked, keys."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tutor.errors import TutorError
from tutor.ui.blocks import Block, text
from tutor.ui.look import GLYPHS
from tutor.ui.messages import Chosen
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.menu import Item, Menu
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

Result = TypeVar("Result")


class ListingScreen(ModalScreen[Result]):
    """Subclasses say what is in it, and have an `action_…` for each chip of their own."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Menu"

    def __init__(self, conductor: Conductor) -> None:
        super().__init__()
        self._conductor = conductor
        self._host = conductor.host
        self._words = conductor.words
        self._heading = Message(())
        self.menu = Menu()
        self._said = Message(())
        self.row = ActionRow(())

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog -places", can_focus=False):
            yield self._heading
            yield self.menu
            yield self._said
            yield self.row

    @abstractmethod
    def title_blocks(self) -> Sequence[Block]:
        """What stands above the list."""

    @abstractmethod
    def items(self) -> Sequence[Item]:
        """The list as it is now."""

    @abstractmethod
    def chips(self) -> Sequence[Chip]:
        """What can be done with what is under the cursor."""

    @abstractmethod
    def action_leave(self) -> None:
        """Back to where one was."""

    def show_all(self, at: str | None = None) -> None:
        """All of it anew. Args: `at`: where the cursor shall stand."""
        self._heading.show(self.title_blocks())
        self.menu.show(self.items(), at)
        self.row.show(self.chips())

    def say(self, said: str = "", role: str = "") -> None:
        """What came of what was asked, below the list."""
        mark = GLYPHS.get("not_yet" if role == "error" else role, "!")
        self._said.display = bool(said)
        self._said.show([text(said, role, first=f"{mark} ", rest="  ", mark=role)] if said else ())
        if said:
            self.call_after_refresh(self.query_one(VerticalScroll).scroll_end, animate=False)

    def say_error(self, error: TutorError) -> None:
        """That it could not be done, and what mends it."""
        self.say(f"{error.message} {error.hint}".strip(), "error")

    @on(Menu.Moved)
    def show_keys(self) -> None:
        """What can be done depends on what is under the cursor."""
        self.row.show(self.chips())

    @on(Chosen)
    def obey_chip(self, event: Chosen) -> None:
        event.stop()
        match event.what:
            case Wish.SUGGESTED:
                self.menu.action_choose()
            case Wish.LEAVE:
                self.action_leave()
            case what:
                getattr(self, f"action_{what}")()
