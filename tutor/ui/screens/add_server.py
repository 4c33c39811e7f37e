"""Adding a Jupyter server, one question at a time, each answer tried at once. Loaded when it is first wanted.

The token lives in this screen and in the host it is handed to, and in nothing that is shown or kept by the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.highlighter import Highlighter
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input
from textual.worker import Worker

from tutor.errors import ServerError, TutorError
from tutor.ui.adding import ADDRESS, NAME, NOW, PRICE, QUESTIONS, TOKEN, bad_name, question_blocks
from tutor.ui.addresses import address_in, masked, parted
from tutor.ui.blocks import text
from tutor.ui.elsewhere import NewServer, ServerFound
from tutor.ui.failing import tell_failure
from tutor.ui.look import GLYPHS
from tutor.ui.messages import Chosen, Left
from tutor.ui.prices import price_of
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.fields import TextLine
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


@dataclass(frozen=True, slots=True)
class Added:
    """A server that was kept."""

    runtime: str
    name: str
    now: bool
    """Lessons shall run there at once."""


class _TokenMask(Highlighter):
    """Dots for the token in an address, while it is typed."""

    def __call__(self, text: str | Text) -> Text:
        return Text(masked(str(text)), no_wrap=True, overflow="ignore", end="")

    def highlight(self, text: Text) -> None:
        """Nothing: the text itself is another one."""


class _Line(TextLine):
    """One answer; a token is never shown, also not to look at it."""

    def action_reveal(self) -> None:
        """A token is pasted, not typed: there is nothing to look at."""


class AddServerScreen(ModalScreen[Added | None]):
    """Enter answers, esc goes one step back; what was typed is still there."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [
        Binding("escape", "back", show=False),
        Binding("ctrl+c", "cancel", show=False, priority=True),
        Binding("enter", "answer_now(True)", show=False),
    ]

    def __init__(self, conductor: Conductor, address: str = "") -> None:
        """Args: `address`: typed already, perhaps with a token."""
        super().__init__()
        self._host = conductor.host
        self._words = conductor.words
        self._at = ADDRESS
        self._values = dict.fromkeys((ADDRESS, TOKEN, NAME, PRICE), "")
        self._values[ADDRESS] = address
        self._wants_token = False
        self._found: ServerFound | None = None
        self._tried = ""
        """The address that the token was meant for."""
        self._runtime = ""
        """Once it is kept: there is no way back then."""
        self._busy = ""
        """What is being done."""
        self._told = Message(())
        self._said = Message(())
        self.row = ActionRow()

    def compose(self) -> ComposeResult:
        words = self._words
        with VerticalScroll(classes="dialog -places", can_focus=False):
            yield self._told
            for name in QUESTIONS:
                example = "" if name in (TOKEN, NAME) else words(f"places.example_{name}")
                line = _Line(self._values[name], example, secret=name == TOKEN)
                line.id = f"new-{name}"
                if name == ADDRESS:
                    line.highlighter = _TokenMask()
                yield line
            yield self._said
            yield self.row

    def on_mount(self) -> None:
        self._ask(ADDRESS)
        if self._values[ADDRESS]:
            self._take_address()

    # -- what is shown

    def line_of(self, name: str) -> TextLine:
        """The field of that question."""
        return self.query_one(f"#new-{name}", TextLine)

    def _ask(self, name: str) -> None:
        """Go to that question, with what was typed there."""
        self._at, self._busy = name, ""
        for each in QUESTIONS:
            self.line_of(each).display = each == name
        if name == NOW:
            self.set_focus(None)
        else:
            line = self.line_of(name)
            self.set_focus(line, scroll_visible=False)
            line.cursor_position = len(line.value)
        self._say()
        self._show()

    def _show(self) -> None:
        self._told.show(question_blocks(self._at, self._answers(), self._words))
        self.row.show(self._chips())

    def _answers(self) -> dict[str, str]:
        """What was answered before this question, as it may be shown."""
        shown = {ADDRESS: self._found.address if self._found else masked(self._values[ADDRESS])}
        if self._values[TOKEN]:
            shown[TOKEN] = self._words("places.token_hidden")
        shown[NAME] = self._values[NAME]
        shown[PRICE] = self._values[PRICE]
        before = (*QUESTIONS, NOW).index(self._at)
        return {name: shown[name] for name in QUESTIONS[:before] if shown.get(name)}

    def _chips(self) -> list[Chip]:
        words = self._words
        if self._at == NOW:
            now, later = words("places.key_now"), words("places.key_later")
            return [Chip("enter", now, Wish.SUGGESTED, suggested=True), Chip("esc", later, Wish.LEAVE)]
        leave = Chip("esc", words("places.key_cancel" if self._at == ADDRESS else "places.key_before"), Wish.LEAVE)
        return (
            [leave] if self._busy else [Chip("enter", words("places.key_next"), Wish.SUGGESTED, suggested=True), leave]
        )

    def _say(self, said: str = "", role: str = "muted") -> None:
        """Beside the field it is about, which is the one that shows."""
        mark = GLYPHS.get("not_yet" if role == "error" else role, "")
        blocks = [text(said, role, first=f"{mark} " if mark else "", rest="  " if mark else "", mark=role)]
        self._said.display = bool(said)
        self._said.show(blocks if said else ())
        # On a low screen the field and what is said about it are worth more than the heading.
        self.call_after_refresh(self.query_one(VerticalScroll).scroll_end, animate=False)

    def _refuse(self, name: str, said: str) -> None:
        self._ask(name)
        self._say(said, "error")

    def _work(self, said: str) -> None:
        self._busy = said
        self._say(said)
        self._show()

    # -- the answers

    @on(Input.Changed)
    def note_typed(self, event: Input.Changed) -> None:
        event.stop()
        name = (event.input.id or "").removeprefix("new-")
        if event.value == self._values[name]:
            return  # this screen put it there
        self._values[name] = event.value
        if not self._busy:
            self._say()

    @on(Input.Submitted)
    def take_answer(self, event: Input.Submitted) -> None:
        event.stop()
        self._take()

    def _take(self) -> None:
        if self._busy:
            return
        match self._at:
            case "address":
                self._take_address()
            case "token":
                if self._values[TOKEN].strip():
                    self._examine()
                else:
                    self._say(self._words("places.no_token"), "error")
            case "name":
                wrong = bad_name(self._values[NAME])
                if wrong:
                    self._say(self._words(wrong), "error")
                else:
                    self._ask(PRICE)
            case "price":
                self._take_price()
            case _:
                self.action_answer_now(True)

    def _take_address(self) -> None:
        address = address_in(self._values[ADDRESS])
        if not address:
            self._say(self._words("places.bad_address"), "error")
            return
        bare, token = parted(address)
        # The token goes where it is masked; the field keeps the rest, which may be wrong and is mended there.
        self.line_of(ADDRESS).value = self._values[ADDRESS] = bare
        if token or bare != self._tried:
            # A token is for one server: no other one is ever sent it.
            self.line_of(TOKEN).value = self._values[TOKEN] = token
        self._tried = bare
        self._examine()

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def _examine(self) -> None:
        address, token = self._values[ADDRESS], self._values[TOKEN].strip()
        self._work(self._words("places.examining", address=address))
        try:
            self._found = await self._host.examine_server(address, token)
        except ServerError as error:
            self._found = None
            self._wants_token = error.about_token
            if not error.about_token:
                self._refuse(ADDRESS, f"{error.message} {error.hint}".strip())
            elif token:
                self._refuse(TOKEN, f"{error.message} {error.hint}".strip())
            else:
                self._ask(TOKEN)
                self._say(self._words("places.token_wanted", address=address))
            return
        except TutorError as error:
            self._refuse(ADDRESS, f"{error.message} {error.hint}".strip())
            return
        if not self._values[NAME]:
            self.line_of(NAME).value = self._values[NAME] = self._found.suggested_name
        self._ask(NAME)
        self._say(self._found.about, "passed")

    def _take_price(self) -> None:
        typed = self._values[PRICE].strip()
        price = price_of(typed) if typed else None
        if typed and price is None:
            self._say(self._words("places.bad_price"), "error")
        else:
            amount, currency = price or (None, "")
            name, token = self._values[NAME].strip(), self._values[TOKEN].strip()
            self._keep(NewServer(self._values[ADDRESS], token, name, amount, currency))

    @work(group="keep", exit_on_error=False)
    async def _keep(self, server: NewServer) -> None:
        self._work(self._words("places.keeping"))
        try:
            self._runtime = await self._host.keep_server(server)
        except ServerError as error:
            self._refuse(TOKEN if error.about_token else ADDRESS, f"{error.message} {error.hint}".strip())
        except TutorError as error:
            # What the host knows and this screen does not, such as a name that is taken, is about the name.
            self._refuse(NAME, f"{error.message} {error.hint}".strip())
        else:
            self._ask(NOW)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if tell_failure(self, self._words, event):
            self._ask(self._at)

    # -- keys

    def action_answer_now(self, now: bool) -> None:
        if self._at == NOW:
            self.dismiss(Added(self._runtime, self._values[NAME].strip(), now))

    @on(Left)
    def leave_field(self, event: Left) -> None:
        event.stop()
        self.action_back()

    def action_back(self) -> None:
        """One step; out of the first one altogether. What is being asked is asked no more."""
        if self._at == NOW:
            self.action_answer_now(False)
        elif self._busy and self._at == PRICE:
            return  # it is being kept, which takes no time
        elif self._busy:
            self.workers.cancel_group(self, "ask")
            self._ask(self._at)
        elif self._at == ADDRESS:
            self.dismiss(None)
        else:
            asked = [name for name in QUESTIONS if name != TOKEN or self._wants_token]
            self._ask(asked[asked.index(self._at) - 1])

    def action_cancel(self) -> None:
        """All of it."""
        if self._at == NOW:
            self.action_answer_now(False)
        else:
            self.dismiss(None)

    @on(Chosen)
    def obey_chip(self, event: Chosen) -> None:
        event.stop()
        if event.what is Wish.SUGGESTED:
            self._take()
        else:
            self.action_back()
