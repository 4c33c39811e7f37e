"""An account's state in words and as JSON, and which of a guide's lines mean something else than an answer. Pure: the time now is handed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tutor.accounts.connected import ADDRESSES, State
from tutor.accounts.model import Source, Trouble
from tutor.i18n import Words
from tutor.text.plain import strip
from tutor.text.sentences import in_a_row

SOON = timedelta(days=14)
"""Before its end, a credential is told to end soon."""
PASSING = frozenset({Trouble.NETWORK, Trouble.BUSY, Trouble.CLOCK})
"""Troubles that say nothing against the credential."""


class Told(NamedTuple):
    """One line about an account."""

    role: str
    """A verdict's role where it is good or bad; empty for a bare fact."""
    text: str


def mark_of(state: State) -> str:
    """A verdict's role; empty where nothing is connected."""
    if state.verified is not None:
        return "passed"
    if state.trouble in (None, Trouble.MISSING):
        return ""
    return "could_not_check" if state.trouble in PASSING else "not_yet"


def summary(state: State, words: Words) -> str:
    """Who it is, or why nobody is; a few words."""
    if state.verified is not None:
        return strip(state.verified.who)
    if state.trouble in (None, Trouble.MISSING):
        return words("accounts.none")
    return words("accounts.not_asked" if state.trouble in PASSING else "accounts.not_usable")


def details(state: State, now: datetime, words: Words) -> Iterator[Told]:
    """What else there is to know, a line each."""
    if state.message:
        yield Told(mark_of(state), strip(in_a_row(state.message, state.hint)))
    verified = state.verified
    if verified is not None and verified.rights:
        rights = words("accounts.joint").join(strip(right) for right in verified.rights)
        yield Told("", words("accounts.rights", rights=rights))
    if state.address:
        yield Told("", words("accounts.elsewhere", address=strip(state.address), variable=ADDRESSES[state.service]))
    if state.source is not None:
        yield Told("", words(f"accounts.from_{state.source}", place=strip(short(state.place))))
    if state.since is not None:
        yield Told("", words("accounts.since", at=state.since.astimezone()))
    if verified is not None and verified.expires is not None:
        yield _until(verified.expires, now, words)
    for remark in verified.remarks if verified is not None else ():
        yield Told("could_not_check", strip(remark))
    if state.source is Source.VARIABLE:
        yield Told("", words("accounts.variable_first"))


def _until(end: datetime, now: datetime, words: Words) -> Told:
    left = end - now
    at = end.astimezone()
    if left <= timedelta(0):
        return Told("not_yet", words("accounts.expired", at=at))
    if left < timedelta(days=1):
        return Told("could_not_check", words("accounts.until_time", at=at))
    if left <= SOON:
        return Told("could_not_check", words("accounts.until_soon", at=at, days=left.days))
    return Told("", words("accounts.until", at=at))


def short(place: str) -> str:
    """A file of the learner's, as people write it."""
    home = str(Path.home())
    return f"~{place.removeprefix(home)}" if place.startswith(f"{home}/") else place


def as_json(state: State) -> dict[str, Any]:
    """The state for programs."""
    verified = state.verified
    return {
        "service": state.service,
        "connected": verified is not None,
        "who": verified.who if verified else None,
        "rights": list(verified.rights) if verified else [],
        "since": _iso(state.since),
        "expires": _iso(verified.expires) if verified else None,
        "source": state.source,
        "place": state.place or None,
        "remarks": list(verified.remarks) if verified else [],
        "trouble": state.trouble,
        "message": state.message or None,
        "hint": state.hint or None,
        "address": state.address or None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
