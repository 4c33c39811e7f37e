"""What is the same whichever service is asked: how long it is tried, why there was no answer, and what its clock says of this computer's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tutor.accounts.model import AccountTrouble, Trouble
from tutor.i18n import Words
from tutor.kit.services.answers import Answer, seconds_asked
from tutor.kit.services.trying import Patience
from tutor.kit.services.unreached import Unreached

PATIENCE = Patience(attempts=3, seconds=8.0, first_wait=0.5, longest_wait=4.0, say=lambda _: None)
"""Somebody waits for the answer, so it is not tried for long."""
SKEW = timedelta(minutes=5)
"""So wrong may this computer's clock be."""


class Clock:
    """This computer's, held against the service's newest answer."""

    def __init__(self) -> None:
        self.ahead: timedelta | None = None
        """By how much it is ahead; None before the first answer."""

    def note(self, date: str) -> None:
        """Take in the header `Date` of an answer."""
        try:
            self.ahead = datetime.now(UTC) - parsedate_to_datetime(date)
        except (ValueError, TypeError):  # the second: a date without a zone
            return

    @property
    def is_wrong(self) -> bool:
        """Whether it is so wrong that things fail by it."""
        return self.ahead is not None and abs(self.ahead) > SKEW

    @property
    def minutes(self) -> int:
        """How many it is off, at least one."""
        return max(1, round(abs(self.ahead or timedelta()).total_seconds() / 60))


class Reaching:
    """Says why one service could not be asked."""

    def __init__(self, words: Words, service: str) -> None:
        """Args: `service`: its name, as `GitHub`."""
        self._words = words
        self._service = service

    def away(self, kind: Unreached) -> AccountTrouble:
        """It did not answer."""
        return self._said(Trouble.NETWORK, f"accounts.away_{kind.value}")

    def busy(self, answer: Answer) -> AccountTrouble:
        """It wants fewer requests."""
        seconds = seconds_asked(answer)
        if seconds is None:
            return self._said(Trouble.BUSY, "accounts.busy")
        if seconds < 100:
            return self._said(Trouble.BUSY, "accounts.busy_seconds", count=max(1, round(seconds)))
        return self._said(Trouble.BUSY, "accounts.busy_minutes", count=round(seconds / 60))

    def fault(self, status: int) -> AccountTrouble:
        """It has trouble of its own."""
        return self._said(Trouble.BUSY, "accounts.fault", status=status)

    def clock(self, clock: Clock) -> tuple[bool, str]:
        """Whether this computer's clock is right, and a sentence about it."""
        if clock.is_wrong:
            return False, self._words("accounts.clock_off", minutes=clock.minutes)
        return True, self._words("accounts.clock_right")

    def _said(self, trouble: Trouble, key: str, **values: object) -> AccountTrouble:
        values["service"] = self._service
        return AccountTrouble(trouble, self._words(key, **values), self._words(f"{key}_hint", **values))
