"""All accounts together: what is connected, the way to a credential, and the way out. A service's own module is loaded when that one is asked for."""

from __future__ import annotations

import asyncio
import difflib
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from tutor.accounts.beside import in_thread
from tutor.accounts.led import Led
from tutor.accounts.model import (
    SERVICES,
    Account,
    AccountTrouble,
    Credential,
    Disconnected,
    Source,
    Trouble,
    Verified,
)
from tutor.accounts.rooms import account_of
from tutor.errors import AccountError
from tutor.i18n import Words

ADDRESSES = {"github": "GITHUB_API_URL", "google": "TUTOR_DRIVE_API_URL", "kaggle": "TUTOR_KAGGLE_API_URL"}
"""Variables that put another address in the place of the service's own."""
OTHER_NAMES = {
    "drive": "google",
    "google drive": "google",
    "google-drive": "google",
    "google 云端硬盘": "google",
    "云端硬盘": "google",
    "gh": "github",
}
"""What people call them besides."""
LIMIT_SECONDS = 12.0
"""One that has not answered by then is told as one that does not."""

log = logging.getLogger(__name__)


def service_named(name: str) -> str | None:
    """The service that is called so, by its name or another usual one."""
    wanted = " ".join(name.casefold().split())
    return wanted if wanted in SERVICES else OTHER_NAMES.get(wanted)


def nearest(name: str) -> str:
    """The service with the most similar name, or empty text."""
    near = difflib.get_close_matches(name.casefold(), [*SERVICES, *OTHER_NAMES], 1, cutoff=0.5)
    return service_named(near[0]) or "" if near else ""


@dataclass(frozen=True, slots=True)
class State:
    """What is known of one account. Nothing in it is secret."""

    service: str
    source: Source | None = None
    """Where the credential comes from; None when there is none, or none that can be read."""
    place: str = ""
    """Variable, command or file."""
    since: datetime | None = None
    verified: Verified | None = None
    """What the service said of it; None when nothing is connected, or something is wrong."""
    trouble: Trouble | None = None
    """Why it cannot be used; None where nothing is wrong."""
    message: str = ""
    hint: str = ""
    """What mends the trouble."""
    address: str = ""
    """Of what stands in the service's place, if a variable says so."""


class Connected:
    """The accounts of one learner."""

    def __init__(
        self,
        folder: Path,
        words: Words,
        environment: Mapping[str, str],
        *,
        changed: Callable[[str], None] = lambda _: None,
        limit: float = LIMIT_SECONDS,
    ) -> None:
        """
        Args:
            folder: of the files that tutor writes for itself.
            changed: told of each service that was connected or disconnected.
            limit: seconds for which a service is waited for.
        """
        self._folder = folder
        self._words = words
        self._environment = environment
        self._changed = changed
        self._limit = limit

    def account(self, service: str) -> Account:
        """The room of one service. Slow the first time: its client is loaded."""
        return account_of(service, self._folder, self._words, self._environment)

    # -- what is connected

    async def states(self) -> AsyncGenerator[State, None]:
        """Each of the services once, in the order in which they answer."""
        tasks = [asyncio.create_task(self.state(service)) for service in SERVICES]
        try:
            for next_one in asyncio.as_completed(tasks):
                yield await next_one
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def state(self, service: str) -> State:
        """What one of them is like now; whatever goes wrong is part of that."""
        found: Credential | None = None
        verified: Verified | None = None
        wrong: tuple[Trouble | None, str, str] = (None, "", "")
        try:
            async with asyncio.timeout(self._limit):
                account = await in_thread(partial(self.account, service))
                found = await in_thread(account.find)
                if found is not None:
                    verified = await in_thread(partial(_verified, account, found))
        except AccountTrouble as trouble:
            wrong = (trouble.trouble, trouble.message, trouble.hint)
        except TimeoutError:
            silent = self._words("accounts.silent", name=self.name(service), seconds=f"{self._limit:.0f}")
            wrong = (Trouble.NETWORK, silent, self._words("accounts.silent_hint"))
        except Exception as error:
            # The last boundary before a page that shows three of them.
            log.exception("the state of %s is not known", service)
            failed = self._words("accounts.failed", kind=type(error).__name__)
            wrong = (Trouble.BUSY, failed, self._words("accounts.failed_hint"))
        address = self._environment.get(ADDRESSES[service], "")
        if found is None:
            return State(service, None, "", None, verified, *wrong, address)
        return State(service, found.source, found.place, found.since, verified, *wrong, address)

    def name(self, service: str) -> str:
        """As people call it."""
        return self._words(f"accounts.{service}")

    # -- changing it

    async def guide(self, service: str) -> Led:
        """The way to a new credential.

        Raises:
            AccountError: a variable decides, whatever else is connected.
        """
        return await in_thread(partial(self._guide, service))

    def _guide(self, service: str) -> Led:
        account = self.account(service)
        try:
            found = account.find()
        except AccountTrouble:
            found = None  # what is broken is what the guide replaces
        if found is not None and found.source is Source.VARIABLE:
            decided = self._words("accounts.variable_decides", name=self.name(service), variable=found.place)
            raise AccountError(decided, self._words("accounts.variable_decides_hint", variable=found.place))
        return Led(service, account.guide(), partial(self._changed, service))

    async def disconnect(self, service: str) -> Disconnected | None:
        """Forget the credential, and revoke it where the service can; None when there was none.

        Raises:
            AccountTrouble: it comes from where tutor must not touch it, or could not be forgotten.
        """
        gone = await in_thread(partial(self._disconnect, service))
        self._changed(service)
        return gone

    def _disconnect(self, service: str) -> Disconnected | None:
        account = self.account(service)
        found = account.find()
        return None if found is None else account.disconnect(found)


def _verified(account: Account, credential: Credential) -> Verified:
    return account.verify(account.fresh(credential))
