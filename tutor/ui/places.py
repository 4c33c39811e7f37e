"""The places where steps can run, as lines to choose from, and which one a typed name means. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime

from tutor.i18n import Words
from tutor.ui.blocks import text
from tutor.ui.elsewhere import Place, PlaceKind, PlaceState, StillRunning, Stopped
from tutor.ui.leases import since_in_words
from tutor.ui.widgets.menu import Item

ADD = "+"
"""The line that leads to a new server; no runtime is called so."""
BETWEEN = " · "


def place_items(places: Sequence[Place], now: datetime, words: Words) -> list[Item]:
    """A line for each place, and one to add another."""
    items = [_item(place, now, words) for place in places]
    return [*items, Item(ADD, words("places.add"), words("places.add_note"))]


def _item(place: Place, now: datetime, words: Words) -> Item:
    mark, role = ("●", "passed") if place.is_chosen else (" ", "")
    if place.state is PlaceState.UNREACHABLE:
        mark, role = "!", "not_yet"
    about = (text(place.problem, first="! ", rest="  ", gap=False, mark="not_yet"),) if place.problem else ()
    return Item(place.runtime, place.name, note_of(place, now, words), about, mark, role)


def note_of(place: Place, now: datetime, words: Words) -> str:
    """What there is to know about it in one line."""
    state = {PlaceState.UNKNOWN: "places.asking", PlaceState.UNREACHABLE: "places.unreachable"}.get(place.state)
    since = since_in_words(place.since, now, words) if place.since is not None else ""
    parts = [
        words("places.in_use") if place.is_chosen else "",
        words(state) if state else "",
        place.about,
        words("places.running_since", since=since) if since else "",
        words("places.cost", cost=place.cost) if place.cost else "",
        place.idle,
    ]
    return BETWEEN.join(part for part in parts if part)


def named(places: Sequence[Place], name: str) -> Place | None:
    """The place that is called so, by its name or its runtime; capital letters do not matter where they decide nothing."""
    wanted = name.strip()
    for exact in (str, str.casefold):
        found = [place for place in places if exact(wanted) in (exact(place.name), exact(place.runtime))]
        if found:
            return found[0]
    return None


def nearest(places: Sequence[Place], name: str) -> str:
    """The most similar name, or empty text."""
    names = {one.casefold(): place.name for place in places for one in (place.name, place.runtime)}
    near = difflib.get_close_matches(name.strip().casefold(), names, 1, cutoff=0.5)
    return names[near[0]] if near else ""


def is_own_server(place: Place | None) -> bool:
    """Whether the learner has added it, and can forget it."""
    return place is not None and place.kind is PlaceKind.SERVER


def named_apart(stopped: Stopped) -> str:
    """The name to be said before what came of stopping it; empty where that begins with it already."""
    return "" if stopped.told.startswith(stopped.name) else stopped.name


def stop_first(running: Sequence[StillRunning]) -> bool:
    """What enter does at the end: where money is known to run, forgetting it is the costlier mistake, and what is lost can be had back by
    running it again; where none is, nothing is lost by leaving it.
    """
    return any(one.is_paid for one in running)
