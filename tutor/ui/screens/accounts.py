"""The learner's accounts: what is connected, filled in as the services answer. Loaded when it is first wanted."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.worker import Worker

from tutor.accounts.connected import State
from tutor.accounts.model import SERVICES
from tutor.accounts.telling import details, mark_of, summary
from tutor.errors import TutorError
from tutor.ui.blocks import Block, text
from tutor.ui.connecting import told_blocks
from tutor.ui.failing import tell_failure
from tutor.ui.look import GLYPHS
from tutor.ui.messages import Chosen
from tutor.ui.screens.question import QuestionScreen
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.menu import Item, Menu
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

DISCONNECT, AGAIN = "disconnect", "again"
"""What only this page can do."""


class AccountsScreen(ModalScreen[None]):
    """Enter connects, what there is to know stands below the list."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Menu"
    BINDINGS = [
        Binding("escape,left,backspace", "leave", show=False),
        Binding("q,ctrl+c", "leave", show=False, priority=True),
        Binding("d", "disconnect", show=False),
        Binding("r", "again", show=False),
    ]

    def __init__(self, conductor: Conductor, service: str = "") -> None:
        """Args: `service`: to be connected at once; when it is, this page is left too."""
        super().__init__()
        self._conductor = conductor
        self._host = conductor.host
        self._words = conductor.words
        self._at_once = service
        self._states: dict[str, State] = {}
        self._asking = False
        self._disconnecting = ""
        """The name of the account that is being disconnected."""
        self._heading = Message(self._title())
        self.menu = Menu(self._items())
        self._said = Message(())
        self.row = ActionRow(self._chips())

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog -places", can_focus=False):
            yield self._heading
            yield self.menu
            yield self._said
            yield self.row

    def on_mount(self) -> None:
        self._say()
        self._show(self._at_once or None)
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

    def _title(self) -> list[Block]:
        words = self._words
        if self._disconnecting:
            about = words("accounts.disconnecting", name=self._disconnecting)
        else:
            about = words("accounts.asking" if self._asking else "accounts.about")
        return [text(words("accounts.title"), "heading"), text(about, "muted", gap=False)]

    def _items(self) -> list[Item]:
        return [self._item(service) for service in SERVICES]

    def _item(self, service: str) -> Item:
        words, state = self._words, self._states.get(service)
        if state is None:
            return Item(service, self._named(service), words("accounts.being_asked"), mark=" ")
        role = mark_of(state)
        about = tuple(told_blocks(list(details(state, datetime.now().astimezone(), words))))
        return Item(service, self._named(service), summary(state, words), about, GLYPHS.get(role, " "), role)

    def _chips(self) -> list[Chip]:
        words, state = self._words, self.state
        is_fine = state is not None and state.verified is not None
        key = "accounts.key_renew" if is_fine else "accounts.key_connect"
        chips = [Chip("enter", words(key), Wish.SUGGESTED, suggested=not is_fine)]
        if state is not None and state.source is not None:
            chips.append(Chip("d", words("accounts.key_disconnect"), DISCONNECT))
        chips.append(Chip("r", words("accounts.key_again"), AGAIN))
        return [*chips, Chip("esc", words("accounts.key_back"), Wish.LEAVE, suggested=is_fine)]

    def _show(self, at: str | None = None) -> None:
        self._heading.show(self._title())
        self.menu.show(self._items(), at)
        self.row.show(self._chips())

    def _say(self, said: str = "", role: str = "") -> None:
        """What came of what was asked, below the list."""
        mark = GLYPHS.get("not_yet" if role == "error" else role, "!")
        self._said.display = bool(said)
        self._said.show([text(said, role, first=f"{mark} ", rest="  ", mark=role)] if said else ())
        if said:
            self.call_after_refresh(self.query_one(VerticalScroll).scroll_end, animate=False)

    def _say_error(self, error: TutorError) -> None:
        self._say(f"{error.message} {error.hint}".strip(), "error")

    @work(group="accounts", exclusive=True, exit_on_error=False)
    async def _ask(self) -> None:
        self._asking = True
        self._show()
        try:
            async with aclosing(self._host.accounts()) as told:
                async for state in told:
                    self._states[state.service] = state
                    self._show()
        finally:
            self._asking = False
        self._show()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if tell_failure(self, self._words, event):
            self._disconnecting = ""
            self._show()

    # -- what the learner does

    @on(Menu.Moved)
    def show_keys(self) -> None:
        """What can be done depends on the account."""
        self.row.show(self._chips())

    @on(Menu.Picked)
    def take_choice(self, event: Menu.Picked) -> None:
        if not self._disconnecting:
            self._connect(event.value)

    @work(group="connect", exclusive=True, exit_on_error=False)
    async def _connect(self, service: str) -> None:
        from tutor.ui.screens.connect import ConnectScreen

        self._say()
        is_done = await self.app.push_screen_wait(ConnectScreen(self._host, self._words, service))
        if is_done and self._at_once == service:
            self.dismiss()
            self._conductor.stage.talk.say(self._words("accounts.now_connected", name=self._named(service)), "passed")
        elif is_done:
            self._say(self._words("accounts.now_connected", name=self._named(service)), "passed")
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
        self._say()
        self._show()
        try:
            gone = await self._host.disconnect(service)
        except TutorError as error:
            self._say_error(error)
        else:
            self._say(gone.said if gone is not None else words("accounts.was_not", name=name), "passed")
        self._disconnecting = ""
        self._states.pop(service, None)
        self._ask()

    def action_disconnect(self) -> None:
        if self.state is not None and self.state.source is not None and not self._disconnecting:
            self._disconnect(self.menu.value)

    def action_again(self) -> None:
        if not self._disconnecting:
            self._say()
            self._states.clear()
            self._ask()

    def action_leave(self) -> None:
        self.dismiss()

    @on(Chosen)
    def obey_chip(self, event: Chosen) -> None:
        event.stop()
        match event.what:
            case Wish.SUGGESTED:
                self.menu.action_choose()
            case "disconnect":
                self.action_disconnect()
            case "again":
                self.action_again()
            case _:
                self.action_leave()
