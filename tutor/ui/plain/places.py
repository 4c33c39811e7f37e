"""Where lessons run, without a screen: choosing a place by its number, adding a server by questions, and the question at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Protocol

from tutor.errors import ServerError, TutorError
from tutor.i18n import Words
from tutor.text.plain import strip
from tutor.ui.adding import TUNNEL, bad_name
from tutor.ui.addresses import address_in, masked, parted
from tutor.ui.elsewhere import NewServer, Place, PlaceKind, Places, ServerFound, StillRunning
from tutor.ui.host import Host
from tutor.ui.leaving import still_running, stop_all
from tutor.ui.places import named, named_apart, nearest, note_of
from tutor.ui.plain.lines import markdown_lines
from tutor.ui.prices import price_of

YES = ("y", "yes", "是", "ｙ")
Switch = Callable[[str], Awaitable[None]]


class Lines(Protocol):
    """The learner's lines, as the conversation takes them."""

    async def __call__(self, sign: str = "> ", *, unseen: bool = False) -> str | None: ...


class PlainPlaces:
    """Asks and tells line by line; what is said stays above."""

    def __init__(
        self, host: Host, words: Callable[[], Words], line: Lines, write: Callable[[str], None], switch: Switch
    ) -> None:
        """Args: `switch`: as the host does, once the session has settled; raises TutorError."""
        self._host = host
        self._words_now = words
        self._line = line
        self._write_line = write
        self._switch = switch

    def _words(self, key: str, /, **values: object) -> str:
        return self._words_now()(key, **values)

    def _write(self, line: str) -> None:
        self._write_line(strip(line))

    def _ask(self, question: str, why: str, **values: object) -> None:
        self._write(
            self._words("places.plain_question", question=self._words(question), why=self._words(why, **values))
        )

    async def _asked(self, *, unseen: bool = False) -> str:
        return (await self._line(unseen=unseen) or "").strip()

    async def _is_yes(self, key: str = "places.plain_yes_no") -> bool:
        self._write(self._words(key))
        return (await self._asked()).lower() in YES

    # -- choosing

    async def choose(self, argument: str) -> None:
        """The place of that name, or one of the list."""
        try:
            if address_in(argument):
                await self._add(argument)
            elif argument:
                await self._go_to_named(argument)
            else:
                await self._choose_from(await self._all())
        except TutorError as error:
            self._write(f"{error.message} {error.hint}".strip())

    async def _all(self) -> Places:
        """All that is known once everybody has answered: a line that was printed cannot be filled in."""
        self._write(self._words("places.looking"))
        places: Places = ()
        async with aclosing(self._host.places()) as told:
            async for news in told:
                places = news
        return places

    async def _go_to_named(self, name: str) -> None:
        places = await self._all()
        place = named(places, name)
        if place is not None:
            await self._move(place)
        elif near := nearest(places, name):
            self._write(self._words("places.unknown", name=name, near=near))
        else:
            self._write(self._words("places.unknown_alone", name=name))

    async def _choose_from(self, places: Places) -> None:
        now, words = datetime.now().astimezone(), self._words_now()
        self._write(words("places.title"))
        for number, place in enumerate(places, 1):
            about = note_of(place, now, words)
            self._write(words("places.plain_place", number=number, name=place.name, about=about))
            if place.problem:
                self._write(f"   {place.problem}")
        self._write(words("places.plain_add", number=len(places) + 1))
        self._write(words("places.plain_which"))
        typed = (await self._asked()).lower()
        what, number_typed = (typed[0], typed[1:].strip()) if typed[:1] in ("f", "s") else ("", typed)
        index = int(number_typed) - 1 if number_typed.isdecimal() else -1
        if not what and index == len(places):
            await self._add("")
        elif 0 <= index < len(places):
            await self._obey(what, places[index])
        else:
            self._write(words("places.plain_stays"))

    async def _obey(self, what: str, place: Place) -> None:
        if not what:
            await self._move(place)
        elif what == "f" and place.kind is PlaceKind.SERVER:
            if await self._is_sure("forget", place):
                await self._host.forget_server(place.runtime)
                self._write(self._words("places.forgotten", name=place.name))
        elif what == "s" and place.stops:
            if await self._is_sure("stop", place):
                running = StillRunning(place.stops, place.name, "")
                await self._stop_all([running])
        else:
            self._write(self._words("places.plain_stays"))

    async def _is_sure(self, what: str, place: Place) -> bool:
        self._write(self._words(f"places.{what}_title", name=place.name))
        self._write(self._words(f"places.{what}_about"))
        return await self._is_yes()

    async def _move(self, place: Place) -> None:
        """Go there, unless what stays behind is worth more."""
        if place.is_chosen:
            self._write(self._words("places.already_there", name=place.name))
            return
        lost = await self._host.losses()
        if lost:
            self._write(self._words("places.plain_leave", name=place.name))
            for line in lost:
                self._write(f"- {line}")
            if not await self._is_yes("places.plain_sure"):
                self._write(self._words("places.plain_stays"))
                return
        await self._switch(place.runtime)
        self._write(self._words("places.now_there", name=place.name))

    # -- adding

    async def _add(self, typed: str) -> None:
        """A server, question by question; an empty line ends it where an answer is needed."""
        words = self._words
        self._write(words("places.new_title"))
        for line in (*markdown_lines(words("places.plain_why_address")), words("places.why_tunnel"), f"    {TUNNEL}"):
            self._write(line)
        self._write(words("places.why_closed"))
        met = await self._meet(typed)
        if met is None:
            self._write(words("places.plain_stays"))
            return
        address, token, found = met
        self._write(found.about)
        runtime, suggested = "", found.suggested_name
        while not runtime:
            name = await self._name(suggested)
            if not name:
                self._write(words("places.plain_stays"))
                return
            amount, currency = await self._price()
            try:
                runtime = await self._host.keep_server(NewServer(address, token, name, amount, currency))
            except TutorError as error:
                self._write(f"{error.message} {error.hint}".strip())
                suggested = ""
        self._write(words("places.kept", name=name))
        self._write(words("places.ask_now"))
        if await self._is_yes():
            await self._move(Place(runtime, name, PlaceKind.SERVER))

    async def _meet(self, typed: str) -> tuple[str, str, ServerFound] | None:
        """A server that lets us in, with its address and its token; None when the learner has given up."""
        token = ""
        while True:
            if not typed:
                self._ask("places.ask_address", "places.plain_empty_ends")
                typed = await self._asked()
            if not typed:
                return None
            address = address_in(typed)
            if not address:
                self._write(self._words("places.bad_address"))
                typed = ""
                continue
            address, given = parted(address)
            token = given or token
            self._write(self._words("places.examining", address=masked(address)))
            try:
                return address, token, await self._host.examine_server(address, token)
            except ServerError as error:
                if token or not error.about_token:
                    self._write(f"{error.message} {error.hint}".strip())
                typed, token = (address if error.about_token else ""), ""
                if error.about_token:
                    token = await self._token(address)
                    if not token:
                        return None

    async def _token(self, address: str) -> str:
        self._write(self._words("places.token_wanted", address=address))
        for line in markdown_lines(self._words("places.why_token")):
            self._write(line)
        return await self._asked(unseen=True)

    async def _name(self, suggested: str) -> str:
        """Empty when the learner has given up, or there are no more lines."""
        while True:
            if suggested:
                self._ask("places.ask_name", "places.plain_enter_keeps", value=suggested)
            else:
                self._ask("places.ask_name", "places.plain_empty_ends")
            name = await self._asked() or suggested
            if not name or not (wrong := bad_name(name)):
                return name
            self._write(self._words(wrong))
            suggested = ""

    async def _price(self) -> tuple[float | None, str]:
        while True:
            self._write(self._words("places.ask_price"))
            self._write(self._words("places.why_price"))
            typed = await self._asked()
            if not typed:
                return None, ""
            price = price_of(typed)
            if price is not None:
                return price
            self._write(self._words("places.bad_price"))

    # -- the end

    async def may_leave(self, before_stopping: Callable[[], Awaitable[None]]) -> bool:
        """Whether the learner leaves, now that they know what goes on without them."""
        still = await still_running(self._host)
        if not still:
            return True
        self._tell(still)
        self._write(self._words("places.plain_quit"))
        match (await self._asked()).lower():
            case "s":
                await before_stopping()
                await self._stop_all(still)
                return True
            case "l":
                return True
            case _:
                return False

    async def tell_left(self) -> None:
        """There are no more lines, so nobody can be asked: what goes on is told."""
        still = await still_running(self._host)
        if still:
            self._tell(still)

    def _tell(self, still: Sequence[StillRunning]) -> None:
        self._write(self._words("places.quit_title"))
        for one in still:
            self._write(f"- {one.name}: {one.about}")
        if any(one.is_paid for one in still):
            self._write(self._words("places.quit_paid"))

    async def _stop_all(self, still: Sequence[StillRunning]) -> None:
        for one in await stop_all(self._host, still):
            key = "places.plain_mark_gone" if one.is_gone else "places.plain_mark_unsure"
            name = named_apart(one)
            self._write(self._words(key, told=f"{name}: {one.told}" if name else one.told))
