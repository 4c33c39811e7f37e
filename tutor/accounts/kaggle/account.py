"""The learner's account at Kaggle."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tutor.accounts.kaggle.asking import Asker, Who
from tutor.accounts.kaggle.guide import KaggleGuide
from tutor.accounts.kaggle.keeping import Keeper, is_open_to_others
from tutor.accounts.kaggle.places import Found, Kind, Places
from tutor.accounts.kaggle.written import Written
from tutor.accounts.model import AccountTrouble, Credential, Disconnected, Guide, Source, Trouble, Verified
from tutor.i18n import Words
from tutor.kit.services.kaggle_client import address
from tutor.text.sentences import in_a_row

RENEWED_BEFORE = timedelta(minutes=10)
"""So long before its end an access token of a login is replaced. Kaggle's own program waits half an hour too long."""
ADDRESS = "TUTOR_KAGGLE_API_URL"


class Kaggle:
    """What signs in is where Kaggle's own program has it, so that both use the same."""

    service = "kaggle"

    def __init__(
        self, folder: Path, words: Words, environment: Mapping[str, str] = os.environ, home: Path | None = None
    ) -> None:
        """Args: `folder`: of what tutor notes for itself; `home`: where `.kaggle` is, if not in the learner's home."""
        self._words = words
        self._environment = environment
        self._home = home or Path(environment.get("HOME") or Path.home())
        self._places = Places(environment, self._home, words)
        self._written = Written(folder)
        self._keeper = Keeper(self._places, self._written)
        self._asker = Asker(address(environment), words)

    def find(self) -> Credential | None:
        """The credential in force, without asking Kaggle.

        Raises:
            AccountTrouble: BROKEN: a file is there and is no credential.
        """
        found = self._places.first()
        return None if found is None else self._credential(found)

    def verify(self, credential: Credential) -> Verified:
        """Ask Kaggle.

        Raises:
            AccountTrouble: it does not accept it, or could not be asked.
        """
        who = self._ask(self.fresh(credential))
        found = self._found(credential)
        # A login outlives its access tokens.
        expires = None if found is not None and found.kind is Kind.LOGIN else who.expires
        return Verified(who.name, who.rights, expires, tuple(self._remarks(credential)))

    def fresh(self, credential: Credential) -> Credential:
        """The same, with an access token that is valid for the next minutes; of all but a login the same object.

        Raises:
            AccountTrouble: it cannot be renewed.
        """
        found = self._found(credential)
        if found is None or found.kind is not Kind.LOGIN:
            return credential
        if found.access_token and found.expires and found.expires - datetime.now(UTC) > RENEWED_BEFORE:
            return self._credential(found)
        access, expires = self._asker.renewed(found.secret)
        with suppress(OSError):  # it is valid all the same; Kaggle's own program will renew it for itself
            self._keeper.renew_login(found, access, expires)
        return Credential(
            self._with_address({"KAGGLE_API_TOKEN": access}), credential.source, credential.place, credential.since
        )

    def guide(self) -> Guide:
        """The way to a new credential."""
        return KaggleGuide(
            self._words, self._environment, self._home, places=self._places, keeper=self._keeper, asker=self._asker
        )

    def disconnect(self, credential: Credential) -> Disconnected:
        """Forget what tutor wrote, and have it revoked where Kaggle can.

        Raises:
            AccountTrouble: it is none of tutor's, with what the learner can do.
        """
        found = self._found(credential)
        if found is None or found.is_variable or not self._written.is_ours(found):
            raise self._not_ours(credential, found)
        revoked, why = self._revoke(found)
        came_from = self._written.came_from(Path(credential.place))
        try:
            self._keeper.remove(found)
        except OSError as error:
            raise AccountTrouble(
                Trouble.BROKEN,
                self._words("kaggle.not_removed", file=credential.place, reason=error.strerror or ""),
                self._words("kaggle.not_removed_hint", file=credential.place),
            ) from None
        said = [self._words("kaggle.removed", file=credential.place)]
        if came_from:
            said.append(self._words("kaggle.came_from", file=came_from))
        said.append(self._words("kaggle.revoked") if revoked else why)
        return Disconnected(revoked, in_a_row(*said))

    # -- parts

    def _credential(self, found: Found) -> Credential:
        if found.kind is Kind.KEY:
            values = {"KAGGLE_USERNAME": found.username, "KAGGLE_KEY": found.secret}
        else:
            values = {"KAGGLE_API_TOKEN": found.access_token if found.kind is Kind.LOGIN else found.secret}
        if found.is_variable:
            return Credential(self._with_address(values), Source.VARIABLE, found.place)
        is_ours = self._written.is_ours(found)
        since = self._written.since(Path(found.place)) if is_ours else _changed(Path(found.place))
        return Credential(self._with_address(values), Source.OURS if is_ours else Source.TOOL, found.place, since)

    def _with_address(self, values: Mapping[str, str]) -> Mapping[str, str]:
        own = self._environment.get(ADDRESS)
        return {**values, ADDRESS: own} if own else values

    def _found(self, credential: Credential) -> Found | None:
        """What stands at its place now."""
        return next((found for found in self._places.sound() if found.place == credential.place), None)

    def _ask(self, credential: Credential) -> Who:
        values = credential.environment
        if key := values.get("KAGGLE_KEY"):
            return self._asker.key(values["KAGGLE_USERNAME"], key)
        return self._asker.token(values["KAGGLE_API_TOKEN"])

    def _remarks(self, credential: Credential) -> Iterator[str]:
        for found in self._places.sound():
            if found.place != credential.place:
                yield self._words("kaggle.hidden", hidden=found.place, place=credential.place)
                continue
            if found.file is not None and found.file.exists() and is_open_to_others(found.file):
                yield self._words("kaggle.open_file", file=found.file)
            if found.kind is Kind.KEY:
                yield self._words("kaggle.old_key")

    def _revoke(self, found: Found) -> tuple[bool, str]:
        """Whether Kaggle says that it is no longer valid, and otherwise what is left to do."""
        if found.kind is Kind.KEY:
            return False, self._words("kaggle.key_stays")
        try:
            access = found.secret
            if found.kind is Kind.LOGIN:
                access = self.fresh(self._credential(found)).environment["KAGGLE_API_TOKEN"]
            if self._asker.end(found.secret, access):
                return True, ""
        except AccountTrouble as trouble:
            if trouble.trouble is Trouble.REFUSED:
                return True, ""  # it was no longer accepted anyway
            return False, self._words("kaggle.not_asked", reason=trouble.message)
        return False, self._words("kaggle.token_stays")

    def _not_ours(self, credential: Credential, found: Found | None) -> AccountTrouble:
        place = credential.place
        if credential.source is Source.VARIABLE:
            key = "kaggle.variable"
        elif found is not None and found.kind is Kind.LOGIN:
            key = "kaggle.foreign_login"
        else:
            key = "kaggle.foreign_file"
        return AccountTrouble(Trouble.RIGHTS, self._words(key, place=place), self._words(f"{key}_hint", place=place))


def _changed(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return None
