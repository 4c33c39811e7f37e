"""Home: where to go on, what changed, open steps gathered, and all lessons. Loaded when it is first wanted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from tutor.ui.blocks import text
from tutor.ui.home import Item, Kind, page_of
from tutor.ui.host import Home
from tutor.ui.messages import Chosen
from tutor.ui.shelf import Shelf
from tutor.ui.widgets.action_row import ActionRow, Chip
from tutor.ui.widgets.home_list import HomeList
from tutor.ui.widgets.message import Message
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

Place = tuple[str, str]
"""A lesson and a step of it; the step may be empty."""


CLOSE_OPEN, ACCOUNTS = "close_open", "accounts_page"
"""What only this page can do."""


class HomeScreen(Screen[Place | None]):
    """Returns where to go, or None to go back to where the learner was."""

    CSS_PATH = "home.tcss"
    AUTO_FOCUS = "#home-list"
    BINDINGS = [
        Binding("escape", "back", show=False),
        Binding("l,ctrl+c", "leave", show=False),
        Binding("slash", "search", show=False),
        Binding("c", "copy", show=False),
        Binding("o", "close_open", show=False),
        Binding("a", "accounts", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("q", "pass_on('quit')", show=False),
        Binding("f1,question_mark", "pass_on('help')", show=False),
        Binding("ctrl+p", "pass_on('palette')", show=False, priority=True),
        Binding("f2", "pass_on('lang')", show=False, priority=True),
    ]

    def __init__(self, conductor: Conductor, query: str | None = None) -> None:
        """Args: `query`: search for this at once; empty to begin a search."""
        super().__init__()
        self._conductor = conductor
        self._words = conductor.words
        self._home = Home(())
        self._shelf = Shelf(())
        self._first_query = query
        self.list = HomeList()
        self.row = ActionRow()

    def compose(self) -> ComposeResult:
        with Horizontal(id="home-search"):
            yield Static(Content("/"), id="home-sign")
            yield Input(self._first_query or "", placeholder=self._words("home.filter"), id="home-filter", compact=True)
        yield self.list
        with Vertical(id="home-detail"):
            yield Message(())
        yield self.row

    def on_mount(self) -> None:
        if self._first_query is not None:
            self._filter.focus()
        self._conductor.start(self._load, "home")

    async def _load(self) -> None:
        self._home = await self._conductor.host.home()
        self._shelf = Shelf(self._home.lessons)
        self._fill()

    @property
    def _filter(self) -> Input:
        return self.query_one("#home-filter", Input)

    def _fill(self) -> None:
        page = page_of(self._home, self._shelf, self._words, self._filter.value)
        self.list.show_rows(page, 0)

    @on(Input.Changed)
    def narrow(self) -> None:
        self._fill()

    @on(Input.Submitted)
    def open_found(self) -> None:
        self.list.action_choose()

    # -- where the cursor is

    @on(HomeList.Moved)
    def show_item(self, event: HomeList.Moved) -> None:
        item = event.item
        self.query_one("#home-detail Message", Message).show([text(item.detail)] if item is not None else [])
        self.row.show(self._chips(item))

    def _chips(self, item: Item | None) -> list[Chip]:
        words = self._words
        chips = []
        if item is not None and item.opens:
            key = "home.key_go_on" if item.kind is Kind.GO_ON else "home.key_open"
            chips.append(Chip("enter", words(key), Wish.OPEN, suggested=True))
        if item is not None and item.is_elsewhere:
            chips.append(Chip("o", words("places.key_close_open"), CLOSE_OPEN, suggested=not item.opens))
        if item is not None and item.copies:
            lit = not item.opens and not item.is_elsewhere
            chips.append(Chip("c", words("home.key_copy"), Wish.COPY, suggested=lit))
        chips.append(Chip("a", words("accounts.key_page"), ACCOUNTS))
        chips.append(Chip("/", words("home.key_search"), Wish.SEARCH))
        back = "home.key_clear" if self._filter.value else "home.key_back"
        return [*chips, Chip("esc", words(back), Wish.LEAVE)]

    @on(HomeList.Picked)
    def open_item(self, event: HomeList.Picked) -> None:
        item = event.item
        if item.opens:
            self.dismiss((item.lesson_id, item.step_id))
        elif item.is_elsewhere:
            self.action_close_open()
        else:
            self.action_copy()

    @on(Chosen)
    def obey_chip(self, event: Chosen) -> None:
        event.stop()
        match event.what:
            case Wish.OPEN:
                self.list.action_choose()
            case Wish.COPY:
                self.action_copy()
            case "close_open":
                self.action_close_open()
            case "accounts_page":
                self.action_accounts()
            case Wish.SEARCH:
                self.action_search()
            case _:
                self.action_back()

    # -- keys

    def action_move(self, step: int) -> None:
        """Also while the filter has the focus."""
        self.list.action_move(step)

    def action_search(self) -> None:
        self._filter.focus()

    def action_copy(self) -> None:
        item = self.list.item
        if item is not None and item.copies:
            self.app.copy_to_clipboard(item.copies)
            self.notify(self._words("home.copied", command=item.copies), timeout=3, markup=False)

    def action_accounts(self) -> None:
        """GitHub, Google Drive and Kaggle."""
        from tutor.ui.screens.accounts import AccountsScreen

        self.app.push_screen(AccountsScreen(self._conductor))

    def action_close_open(self) -> None:
        """All open steps together, in a place that is chosen first."""
        if self._home.open_steps:
            self._close_open()

    @work(group="open-steps", exclusive=True, exit_on_error=False)
    async def _close_open(self) -> None:
        from tutor.ui.screens.open_steps import OpenStepsScreen
        from tutor.ui.screens.places import PlacesScreen

        place = await self.app.push_screen_wait(PlacesScreen(self._conductor))
        if place is not None:
            await self.app.push_screen_wait(OpenStepsScreen(self._conductor, place))
            await self._load()
            self._conductor.stage.show_lessons(self._home.lessons)

    def action_back(self) -> None:
        """Out of the search first, then out of the page."""
        if self._filter.value:
            self._filter.value = ""
            self.list.focus()
        elif self._filter.has_focus:
            self.list.focus()
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_pass_on(self, name: str) -> None:
        """What the conversation does as well."""
        self.dismiss(None)
        self.app.call_later(partial(self._conductor.grant, Wish(name)))
