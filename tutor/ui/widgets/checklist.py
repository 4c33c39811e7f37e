"""What the learner does elsewhere: a list to tick, by space, digit or mouse."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.reactive import reactive

from tutor.i18n import Words
from tutor.lesson.model import Checklist as ChecklistWork
from tutor.session.events import Card
from tutor.ui.messages import Ticked
from tutor.ui.widgets.cursor_list import CursorList
from tutor.ui.widgets.face import Face


class TickList(CursorList):
    """Items with boxes."""

    ticked: reactive[frozenset[int]] = reactive(frozenset())

    def __init__(self, items: tuple[str, ...], ticked: frozenset[int]) -> None:
        super().__init__(items, next((index for index in range(len(items)) if index not in ticked), 0))
        self.set_reactive(TickList.ticked, ticked)

    def sign(self, index: int) -> str:
        return f"[{'x' if index in self.ticked else ' '}]"

    def role(self, index: int) -> str:
        return "passed" if index in self.ticked else super().role(index)

    def choose(self) -> None:
        self.action_mark()

    def action_enter(self) -> None:
        self.action_mark()

    def action_mark(self) -> None:
        """Tick, and go on to the next that is open; or take a tick away."""
        item = self.cursor
        done = item not in self.ticked
        self.ticked = self.ticked ^ {item}
        following = next((index for index in range(len(self.items)) if index not in self.ticked), item)
        self.cursor = following if done else item
        self.post_message(Ticked(item, done))


class Checklist(Face):
    """The face of a checklist."""

    def __init__(self, work: ChecklistWork, ticked: tuple[int, ...]) -> None:
        super().__init__()
        self._work = work
        self._ticked = frozenset(ticked)

    def compose(self) -> ComposeResult:
        yield TickList(self._work.items, self._ticked)

    def show(self, card: Card, words: Words) -> None:
        self.query_one(TickList).ticked = frozenset(card.ticked)

    def begin(self) -> None:
        self.give_focus(self.query_one(TickList))

    def hand_in(self) -> None:
        self.query_one(TickList).action_mark()
