"""The doctor's page: what this machine has and what is broken in it, filled in as it is found out. Loaded when it is first wanted."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import Screen

from tutor.errors import TutorError
from tutor.ui.blocks import text
from tutor.ui.doctor import blocks_of, first_command, lines_of
from tutor.ui.host import DoctorPart
from tutor.ui.messages import Chosen
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

AGAIN, NETWORK = "again", "network"
"""What only this page can do."""
ORDER = ("faults", "machine", "pythons", "tutor", "network")
"""What is broken stands first, and is known last."""


class DoctorScreen(Screen[None]):
    """Parts in a fixed order, each where it will stay."""

    CSS_PATH = "doctor.tcss"
    BINDINGS = [
        Binding("escape,q,ctrl+c", "leave", show=False),
        Binding("r", "again", show=False),
        Binding("n", "network", show=False),
        Binding("c", "copy", show=False),
        Binding("space,pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("down,j", "line(1)", show=False),
        Binding("up,k", "line(-1)", show=False),
        Binding("home", "scroll_to(0)", show=False),
        Binding("end", "scroll_to(1)", show=False),
    ]

    def __init__(self, conductor: Conductor) -> None:
        super().__init__()
        self._conductor = conductor
        self._words = conductor.words
        self._parts: dict[str, DoctorPart] = {}
        self._with_network = False
        self._pages = {key: Message(()) for key in ORDER}
        self.row = ActionRow()

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="doctor-page", can_focus=False):
            yield from self._pages.values()
        yield self.row

    def on_mount(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._parts.clear()
        words = self._words
        keys = ORDER if self._with_network else ORDER[:-1]
        for key in ORDER:
            # Each part has its place from the beginning, so that nothing moves up or down past the reader's eyes more than it must.
            waiting = DoctorPart(key, words(f"doctor.{key}"), (), is_complete=False)
            self._pages[key].show(blocks_of(waiting, words("doctor.looking")) if key in keys else ())
            self._pages[key].display = key in keys
        self._show_keys()
        self._examine()

    @work(group="doctor", exclusive=True, exit_on_error=False)
    async def _examine(self) -> None:
        try:
            async with aclosing(self._conductor.host.examine(network=self._with_network)) as parts:
                async for part in parts:
                    self._parts[part.key] = part
                    self._pages[part.key].show(blocks_of(part, self._words("doctor.looking")))
                    self._show_keys()
        except TutorError as error:
            self._pages["faults"].show([text(f"{error.message} {error.hint}".strip(), "error")])

    def _show_keys(self) -> None:
        words = self._words
        chips = []
        if first_command(self._known()):
            chips.append(Chip("c", words("doctor.key_copy"), Wish.COPY, suggested=True))
        elif "faults" in self._parts:
            chips.append(Chip("c", words("doctor.key_copy_all"), Wish.COPY))
        if not self._with_network:
            chips.append(Chip("n", words("doctor.key_network"), NETWORK))
        chips.append(Chip("r", words("doctor.key_again"), AGAIN))
        chips.append(Chip("esc", words("doctor.key_back"), Wish.LEAVE, suggested=not chips[0].suggested))
        self.row.show(chips)

    def _known(self) -> list[DoctorPart]:
        return [self._parts[key] for key in ORDER if key in self._parts]

    # -- what the learner does

    @on(Chosen)
    def obey_chip(self, event: Chosen) -> None:
        event.stop()
        match event.what:
            case Wish.COPY:
                self.action_copy()
            case "network":
                self.action_network()
            case "again":
                self.action_again()
            case _:
                self.action_leave()

    def action_again(self) -> None:
        self._begin()

    def action_network(self) -> None:
        self._with_network = True
        self._begin()

    def action_copy(self) -> None:
        """The command that mends the first fault, else all of the page."""
        copied = first_command(self._known()) or "\n".join(line for part in self._known() for line in lines_of(part))
        if copied:
            self.app.copy_to_clipboard(copied)
            self.notify(self._words("doctor.copied"), timeout=2, markup=False)

    @property
    def _page(self) -> VerticalScroll:
        return self.query_one("#doctor-page", VerticalScroll)

    def action_page(self, step: int) -> None:
        self._page.scroll_relative(y=step * self._page.size.height, animate=False)

    def action_line(self, step: int) -> None:
        self._page.scroll_relative(y=step, animate=False)

    def action_scroll_to(self, end: int) -> None:
        self._page.scroll_to(y=end * self._page.max_scroll_y, animate=False)

    def action_leave(self) -> None:
        self.dismiss()
