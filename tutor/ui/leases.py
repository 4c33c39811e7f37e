"""What a rented place has cost so far, and since when it runs, in words. Pure: the time now is handed in."""

from __future__ import annotations

from datetime import datetime

from tutor.i18n import Words
from tutor.runtime.base import RuntimeState
from tutor.ui.elsewhere import Lease

BEFORE = frozenset("$€£¥")
"""Signs that stand before the amount; what else people call their money stands behind it."""
EXACT_BELOW = 100
"""Cents are said up to there."""


def money(amount: float, currency: str) -> str:
    """An amount as people write it: `$0.53`, `3.80 元`, `0.53`."""
    number = f"{amount:,.2f}" if amount < EXACT_BELOW else f"{amount:,.0f}"
    if not currency:
        return number
    return f"{currency}{number}" if currency[-1] in BEFORE else f"{number} {currency}"


def cost_so_far(lease: Lease, now: datetime) -> float | None:
    """What the lease has cost by then; None when nobody knows the price. A clock that was set back costs nothing."""
    if lease.price is None:
        return None
    hours = (_aware(now) - _aware(lease.since)).total_seconds() / 3600
    return max(hours, 0.0) * lease.price


def since_in_words(since: datetime, now: datetime, words: Words) -> str:
    """The time of day, with the date unless that is today's; both as the learner's own clock shows them."""
    at, today = _aware(since).astimezone(), _aware(now).astimezone().date()
    return words("places.time" if at.date() == today else "places.date", at=at)


def lease_in_words(lease: Lease, now: datetime, words: Words) -> str:
    """Since when and for how much, for the status line."""
    since, cost = since_in_words(lease.since, now, words), cost_so_far(lease, now)
    if cost is None:
        return words("places.lease_unknown", since=since)
    return words("places.lease", since=since, cost=money(cost, lease.currency))


def lease_parts(lease: Lease, state: RuntimeState, device: str, now: datetime, words: Words) -> list[str]:
    """The server for the status line, the most important first. Args: `device`: empty while it is not known."""
    if device:
        name = words("places.device_there", name=lease.name, device=device)
    elif state is RuntimeState.READY:
        name = lease.name
    else:
        name = words("places.state_there", name=lease.name, state=words(f"places.state_{state}"))
    return [name, lease_in_words(lease, now, words)]


def _aware(moment: datetime) -> datetime:
    """One without a time zone is meant in the learner's own."""
    return moment if moment.tzinfo is not None else moment.astimezone()
