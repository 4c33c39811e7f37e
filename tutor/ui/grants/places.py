"""The wish to have lessons run somewhere else."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor
    from tutor.ui.elsewhere import Place, Places


async def runtime(conductor: Conductor, name: str) -> None:
    """Choose among the places, or go to the one that is named; an address is a server to be added."""
    from tutor.ui.addresses import address_in

    if not name or address_in(name):
        _show_places(conductor, name)
    else:
        conductor.start(partial(_go, conductor, name), "runtime")


def _show_places(conductor: Conductor, address: str) -> None:
    from tutor.ui.moving import move
    from tutor.ui.screens.places import PlacesScreen

    conductor.screen.app.push_screen(PlacesScreen(conductor, partial(move, conductor), address=address))


async def _go(conductor: Conductor, name: str) -> None:
    from tutor.ui.moving import move
    from tutor.ui.places import nearest

    say = conductor.stage.talk.say
    try:
        place, places = await _look_for(conductor, name)
        if place is not None:
            await move(conductor, place)
        elif near := nearest(places, name):
            say(conductor.words("places.unknown", name=name, near=near))
        else:
            say(conductor.words("places.unknown_alone", name=name))
    except TutorError as error:
        say(f"{error.message} {error.hint}".strip(), "error")


async def _look_for(conductor: Conductor, name: str) -> tuple[Place | None, Places]:
    """The place of that name as soon as it is told, and all that were told until then."""
    from tutor.ui.places import named

    places: Places = ()
    async with aclosing(conductor.host.places()) as told:
        async for places in told:
            if (place := named(places, name)) is not None:
                return place, places
    return None, places


GRANTS = {Wish.RUNTIME: runtime}
