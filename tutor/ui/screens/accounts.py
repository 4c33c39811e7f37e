"""The learner's accounts: what is connected, filled in as the services answer. Loaded when it is first wanted."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on, work
from textual.binding import Binding
from textual.worker import Worker

from tutor.accounts.connected import State
from tutor.accounts.model import SERVICES
from tutor.accounts.telling import details, mark_of, summary
from tutor.errors import TutorError
from tutor.ui.blocks import Block, text
from tutor.ui.connecting import told_blocks
from tutor.ui.failing import tell_failure
from tutor.ui.look import GLYPHS
from tutor.ui.screens.listing import ListingScreen
from tutor.ui.screens.question import QuestionScreen
from tutor.ui.widgets.action_row import Chip
from tutor.ui.widgets.menu import Item, Menu
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

DISCONNECT, AGAIN = "disconnect", "again"
"""What only this page can do."""


class AccountsScreen(ListingScreen[None]):
    """Enter connects, what there is to know stands below the list."""

    BINDINGS = [
        Binding("escape,left,backspace", "leave", show=False),
        Binding("q,ctrl+c", "leave", show=False, priority=True),
        Binding("d", "disconnect", show=False),
        Binding("r", "again", show=False),
    ]

    def __init__(self, conductor: Conductor, service: str = "") -> None:
        """Args: `service`: to be connected at once; when it is, this page is left too."""
        super().__init__(conductor)
        self._at_once = service
        self._states: dict[str, State] = {}
        self._asking = False
        self._disconnecting = ""
        """The name of the account that is being disconnected."""

    def on_mount(self) -> None:
        self.say()
        self.show_all(self._at_once or None)
        self._ask()
        if self._at_once:
            self._connect(self._at_once)

    # -- what is shown

    @property
    def state(self) -> State | None:
        """Of the account under the cursor; None while it is not known."""
        return self._states.get(self.menu.value)

    def _named(self, service: str) -> str:
        return self._words(f"accounts.{service}")

    def title_blocks(self) -> list[Block]:
        words = self._words
        if self._disconnecting:
            about = words("accounts.disconnecting", name=self._disconnecting)
        else:
            about = words("accounts.asking" if self._asking else "accounts.about")
        return [text(words("accounts.title"), "heading"), text(about, "muted", gap=False)]

    def items(self) -> list[Item]:
        return [self._item(service) for service in SERVICES]

    def _item(self, service: str) -> Item:
        words, state = self._words, self._states.get(service)
        if state is None:
            return Item(service, self._named(service), words("accounts.being_asked"), mark=" ")
        role = mark_of(state)
        about = tuple(told_blocks(list(details(state, datetime.now().astimezone(), words))))
        return Item(service, self._named(service), summary(state, words), about, GLYPHS.get(role, " "), role)

    def chips(self) -> list[Chip]:
        words, state = self._words, self.state
        is_fine = state is not None and state.verified is not None
        key = "accounts.key_renew" if is_fine else "accounts.key_connect"
        chips = [Chip("enter", words(key), Wish.SUGGESTED, suggested=not is_fine)]
        if state is not None and state.source is not None:
            chips.append(Chip("d", words("accounts.key_disconnect"), DISCONNECT))
        chips.append(Chip("r", words("accounts.key_again"), AGAIN))
        return [*chips, Chip("esc", words("accounts.key_back"), Wish.LEAVE, suggested=is_fine)]

    @work(group="accounts", exclusive=True, exit_on_error=False)
    async def _ask(self) -> None:
        self._asking = True
        self.show_all()
        try:
            async with aclosing(self._host.accounts()) as told:
                async for state in told:
                    self._states[state.service] = state
                    self.show_all()
        finally:
            self._asking = False
        self.show_all()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if tell_failure(self, self._words, event):
            self._disconnecting = ""
            self.show_all()

    # -- what the learner does

    @on(Menu.Picked)
    def take_choice(self, event: Menu.Picked) -> None:
        if not self._disconnecting:
            self._connect(event.value)

    @work(group="connect", exclusive=True, exit_on_error=False)
    async def _connect(self, service: str) -> None:
        from tutor.ui.screens.connect import ConnectScreen

        self.say()
        is_done = await self.app.push_screen_wait(ConnectScreen(self._host, self._words, service))
        if is_done and self._at_once == service:
            self.dismiss()
            self._conductor.stage.talk.say(self._words("accounts.now_connected", name=self._named(service)), "passed")
        elif is_done:
            self.say(self._words("accounts.now_connected", name=self._named(service)), "passed")
            self._states.pop(service, None)
            self._ask()

    @work(group="disconnect", exclusive=True, exit_on_error=False)
    async def _disconnect(self, service: str) -> None:
        words, name = self._words, self._named(service)
        blocks = [
            text(words("accounts.disconnect_title", name=name), "strong"),
            text(words("accounts.disconnect_about"), "muted"),
        ]
        question = QuestionScreen(blocks, words("accounts.disconnect_yes"), words("accounts.disconnect_no"))
        if not await self.app.push_screen_wait(question):
            return
        self._disconnecting = name
        self.say()
        self.show_all()
        try:
            gone = await self._host.disconnect(service)
        except TutorError as error:
            self.say_error(error)
        else:
            self.say(gone.said if gone is not None else words("accounts.was_not", name=name), "passed")
        self._disconnecting = ""
        self._states.pop(service, None)
        self._ask()

    def action_disconnect(self) -> None:
        if self.state is not None and self.state.source is not None and not self._disconnecting:
            self._disconnect(self.menu.value)

    def action_again(self) -> None:
        if not self._disconnecting:
            self.say()
            self._states.clear()
            self._ask()

    def action_leave(self) -> None:
        self.dismiss()
