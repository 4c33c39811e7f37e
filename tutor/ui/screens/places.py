"""Where steps can run, to choose from: filled in as the places answer. Loaded when it is first wanted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on, work
from textual.binding import Binding
from textual.worker import Worker

from tutor.errors import TutorError
from tutor.ui.blocks import Block, text
from tutor.ui.elsewhere import Place, Places
from tutor.ui.failing import tell_failure
from tutor.ui.places import ADD, is_own_server, place_items
from tutor.ui.screens.listing import ListingScreen
from tutor.ui.screens.question import QuestionScreen
from tutor.ui.widgets.action_row import Chip
from tutor.ui.widgets.menu import Item, Menu
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

Use = Callable[[Place], Awaitable[bool]]
"""What is done with a place that was chosen; False: the learner thought better of it. May raise TutorError."""

STOP, FORGET, AGAIN = "stop", "forget", "again"
"""What only this page can do."""


class PlacesScreen(ListingScreen[Place | None]):
    """Returns the place that was chosen and used, or None."""

    BINDINGS = [
        Binding("escape,left,backspace", "leave", show=False),
        Binding("q,ctrl+c,w", "leave", show=False, priority=True),
        Binding("a", "add", show=False),
        Binding("s", "stop", show=False),
        Binding("f", "forget", show=False),
        Binding("r", "again", show=False),
    ]

    def __init__(self, conductor: Conductor, use: Use | None = None, *, address: str = "") -> None:
        """Args: `use`: None where choosing is all, for the open steps; `address`: of a server to add at once."""
        super().__init__(conductor)
        self._use = use
        self._address = address
        self._places: Places = ()
        self._searching = False
        self._going: Place | None = None
        """On the way there: nothing else is done meanwhile."""

    def on_mount(self) -> None:
        self.say()
        self._look()
        if self._address:
            self._add(self._address)

    # -- what is shown

    @property
    def place(self) -> Place | None:
        """Under the cursor."""
        return next((place for place in self._places if place.runtime == self.menu.value), None)

    def title_blocks(self) -> list[Block]:
        words = self._words
        switches = self._use is not None
        if self._going is not None:
            about = words("places.going", name=self._going.name)
        elif self._searching:
            about = words("places.looking")
        else:
            about = words("places.stays_behind" if switches else "places.runs_there")
        title = words("places.title" if switches else "places.title_open")
        return [text(title, "heading"), text(about, "muted", gap=False)]

    def items(self) -> list[Item]:
        return place_items(self._places, datetime.now().astimezone(), self._words)

    def chips(self) -> list[Chip]:
        words, place = self._words, self.place
        if self.menu.value == ADD:
            chips = [Chip("enter", words("places.key_add"), Wish.SUGGESTED, suggested=True)]
        else:
            key = "places.key_use" if self._use is not None else "places.key_run_there"
            chips = [Chip("enter", words(key), Wish.SUGGESTED, suggested=True)]
        if place is not None and place.stops:
            chips.append(Chip("s", words("places.key_stop"), STOP))
        if is_own_server(place):
            chips.append(Chip("f", words("places.key_forget"), FORGET))
        chips.append(Chip("r", words("places.key_again"), AGAIN))
        return [*chips, Chip("esc", words("places.key_back"), Wish.LEAVE)]

    @work(group="places", exclusive=True, exit_on_error=False)
    async def _look(self, at: str | None = None) -> None:
        self._searching = True
        self.show_all(at)
        try:
            async with aclosing(self._host.places()) as told:
                async for places in told:
                    first = not self._places
                    self._places = places
                    chosen = next((place.runtime for place in places if place.is_chosen), None) if first else None
                    self.show_all(at or chosen)
                    at = None
        except TutorError as error:
            self.say_error(error)
        finally:
            self._searching = False
        self.show_all()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if tell_failure(self, self._words, event):
            self.show_all()

    # -- what the learner does

    @on(Menu.Picked)
    def take_choice(self, event: Menu.Picked) -> None:
        if self._is_busy():
            return
        if event.value == ADD:
            self._add()
        elif (place := self.place) is not None:
            self._go(place)

    def _is_busy(self) -> bool:
        if self._going is not None:
            self.app.clear_notifications()
            self.notify(self._words("places.moment"), timeout=2, markup=False)
        return self._going is not None

    @work(group="go", exit_on_error=False)
    async def _go(self, place: Place) -> None:
        if self._use is None:
            self.dismiss(place)
            return
        self._going = place
        self.say()
        self.show_all()
        try:
            is_done = await self._use(place)
        except TutorError as error:
            self.say_error(error)
            is_done = False
        finally:
            self._going = None
        if is_done:
            self.dismiss(place)
        else:
            self._look()

    @work(group="add", exit_on_error=False)
    async def _add(self, address: str = "") -> None:
        from tutor.ui.screens.add_server import AddServerScreen

        added = await self.app.push_screen_wait(AddServerScreen(self._conductor, address))
        if added is None:
            return
        self.say(self._words("places.kept", name=added.name), "passed")
        if not added.now:
            self._look(added.runtime)
            return
        async with aclosing(self._host.places()) as told:
            async for places in told:
                self._places = places
                self.show_all(added.runtime)
                if self.place is not None and self.place.runtime == added.runtime:
                    break
        if self.place is not None:
            self._go(self.place)

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def _stop(self, place: Place) -> None:
        if await self._is_sure("stop", place):
            stopped = await self._host.stop(place.stops)
            self.say(stopped.told, "passed" if stopped.is_gone else "could_not_check")
            self._look()

    @work(group="ask", exclusive=True, exit_on_error=False)
    async def _forget(self, place: Place) -> None:
        if not await self._is_sure("forget", place):
            return
        try:
            await self._host.forget_server(place.runtime)
        except TutorError as error:
            self.say_error(error)
        else:
            self.say(self._words("places.forgotten", name=place.name), "passed")
        self._look()

    async def _is_sure(self, what: str, place: Place) -> bool:
        words = self._words
        blocks = [
            text(words(f"places.{what}_title", name=place.name), "strong"),
            text(words(f"places.{what}_about"), "muted"),
        ]
        return await self.app.push_screen_wait(QuestionScreen(blocks, words(f"places.{what}_yes"), words("places.no")))

    def action_add(self) -> None:
        if not self._is_busy():
            self._add()

    def action_stop(self) -> None:
        place = self.place
        if place is not None and place.stops and not self._is_busy():
            self._stop(place)

    def action_forget(self) -> None:
        place = self.place
        if place is not None and is_own_server(place) and not self._is_busy():
            self._forget(place)

    def action_again(self) -> None:
        self.say()
        self._look()

    def action_leave(self) -> None:
        if not self._is_busy():
            self.dismiss(None)
