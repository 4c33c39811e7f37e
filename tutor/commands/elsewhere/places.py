"""The places where lessons can run, as the screen lists them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from tutor.commands.elsewhere.alive import ASK_SECONDS, Alive, find_alive
from tutor.commands.environment import Environment
from tutor.commands.pythons import choices
from tutor.errors import ServerError
from tutor.i18n import Words
from tutor.runtime.server.access import Access
from tutor.runtime.server.address import Address, parse
from tutor.runtime.server.known import KnownServer, KnownServers
from tutor.runtime.server.rest import Api, ServerStatus
from tutor.session.runtimes import Runtimes
from tutor.settings import LOCAL, is_local
from tutor.text.plain import strip
from tutor.ui.elsewhere import NewServer, Place, PlaceKind, Places, PlaceState, ServerFound
from tutor.ui.host import PythonChoice

log = logging.getLogger(__name__)


async def places(environment: Environment, runtimes: Runtimes) -> AsyncGenerator[Places, None]:
    """All of them, again each time more is known: this Python, other ones as they answer, servers as they do."""
    chosen = runtimes.chosen_name
    servers = {server.runtime: server for server in _servers(environment, chosen)}
    found: dict[str, Place] = {LOCAL: _here(runtimes, environment.words)}
    for runtime, server in servers.items():
        found[runtime] = Place(runtime, strip(server.name), PlaceKind.SERVER)
    news: asyncio.Queue[Place | None] = asyncio.Queue()
    tasks = [
        asyncio.create_task(_tell_pythons(news, runtimes, environment.words)),
        asyncio.create_task(_tell_servers(news, environment, list(servers.values()))),
    ]
    try:
        yield _listed(found, chosen)
        waiting = len(tasks)
        while waiting:
            place = await news.get()
            if place is None:
                waiting -= 1
                continue
            found[place.runtime] = place
            yield _listed(found, chosen)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _listed(found: dict[str, Place], chosen: str) -> Sequence[Place]:
    """This Python first, then other ones, then servers; the chosen one is marked."""
    order = list(PlaceKind)
    sorted_places = sorted(found.values(), key=lambda place: order.index(place.kind))
    return [replace(place, is_chosen=place.runtime == chosen) for place in sorted_places]


def _servers(environment: Environment, chosen: str) -> list[KnownServer]:
    """Those that were added, and one that was only named on the command line."""
    known = list(KnownServers(environment.paths.servers_file()).all())
    named = None if is_local(chosen) else environment.server(chosen)
    return known if named is None or any(one.runtime == named.runtime for one in known) else [*known, named]


def _here(runtimes: Runtimes, words: Words) -> Place:
    info = next((one.info for one in runtimes.opened if one.info.name == LOCAL), None)
    about = _python_about(info.python, info.device, words) if info is not None and info.python else ""
    state = PlaceState.RUNNING if about else PlaceState.READY
    return Place(LOCAL, words("places.here"), PlaceKind.HERE, state, about=about)


async def _tell_pythons(news: asyncio.Queue[Place | None], runtimes: Runtimes, words: Words) -> None:
    opened = {one.info.name: one.info for one in runtimes.opened if one.info.python}
    try:
        async with aclosing(choices()) as pythons:
            async for python in pythons:
                # How one gets ipykernel stands in the settings; here it would be in the way.
                if python.runtime != LOCAL and not python.mend:
                    news.put_nowait(_python(python, python.runtime in opened, words))
    finally:
        news.put_nowait(None)


def _python(python: PythonChoice, is_open: bool, words: Words) -> Place:
    torch = f"PyTorch {python.torch}" if python.torch else ""
    about = words("server.joint").join(filter(None, (f"Python {python.version}", torch)))
    state = PlaceState.RUNNING if is_open else PlaceState.READY
    return Place(python.runtime, python.place, PlaceKind.PYTHON, state, about=about)


def _python_about(version: str, device: str, words: Words) -> str:
    return words("server.joint").join(filter(None, (f"Python {version}", strip(device))))


async def _tell_servers(
    news: asyncio.Queue[Place | None], environment: Environment, servers: Sequence[KnownServer]
) -> None:
    try:
        alive = {one.life.runtime: one for one in await find_alive(environment) if one.server is not None}
        for place in asyncio.as_completed([_server(one, alive.get(one.runtime), environment.words) for one in servers]):
            news.put_nowait(await place)
    finally:
        news.put_nowait(None)


async def _server(server: KnownServer, alive: Alive | None, words: Words) -> Place:
    place = Place(server.runtime, strip(server.name), PlaceKind.SERVER)
    if alive is not None:
        facts = alive.life.facts
        about = _python_about(str(facts.get("python") or ""), str(facts.get("device") or ""), words)
        place = replace(
            place,
            about=about,
            since=alive.life.started,
            cost=alive.cost(words),
            idle=alive.idle(words),
            stops=alive.life.key,
        )
        if alive.model is not None:
            return replace(place, state=PlaceState.RUNNING)
    try:
        status = await _status(server.access, words)
    except ServerError as error:
        return replace(place, state=PlaceState.UNREACHABLE, problem=f"{error.message} {error.hint}".strip())
    return replace(place, state=PlaceState.READY, about=place.about or _about(status, words))


async def _status(access: Access, words: Words) -> ServerStatus:
    """Raises: ServerError: it does not let us in, or not in time."""
    async with Api(access, words, seconds=ASK_SECONDS) as api:
        return await api.status()


def _about(status: ServerStatus, words: Words) -> str:
    return words(
        "server.about_one" if status.kernels == 1 else "server.about", version=status.version, count=status.kernels
    )


# -- adding one


async def examine(environment: Environment, typed: str, token: str) -> ServerFound:
    """Ask a server whether it lets us in.

    Raises:
        ServerError: it does not.
    """
    address = _address(environment.words, typed)
    status = await _status(Access(address, token or address.token), environment.words)
    return ServerFound(address.root, address.host, _about(status, environment.words))


def keep(environment: Environment, new: NewServer) -> str:
    """Keep a server; what names its runtime.

    Raises:
        TutorError: it cannot be kept.
    """
    address = _address(environment.words, new.address)
    server = KnownServer(
        strip(new.name).strip() or address.host,
        replace(address, token=""),
        new.token or address.token,
        new.price,
        new.currency,
    )
    known = KnownServers(environment.paths.servers_file())
    before = known.find(server.runtime)
    known.keep(replace(server, headers=before.headers) if before else server)
    return server.runtime


def forget(environment: Environment, runtime: str) -> None:
    """Raises: TutorError: it cannot be forgotten."""
    KnownServers(environment.paths.servers_file()).forget(runtime)


def _address(words: Words, typed: str) -> Address:
    address = parse(typed)
    if address is not None and address.host.endswith("colab.research.google.com"):
        raise ServerError(words("server.is_colab"), words("server.is_colab_hint"))
    if address is None:
        shown = strip(typed).partition("?")[0]
        raise ServerError(words("server.not_an_address", text=shown), words("server.not_an_address_hint"))
    return address
