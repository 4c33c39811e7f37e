"""The learner's Google account, for Drive."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tutor.accounts.google.addresses import SCOPE, VARIABLE, Addresses
from tutor.accounts.google.asking import Asker
from tutor.accounts.google.guide import GoogleGuide
from tutor.accounts.google.renewing import is_fresh, renewed
from tutor.accounts.google.token_file import SignIn, TokenFile
from tutor.accounts.model import AccountTrouble, Credential, Disconnected, Source, Trouble, Verified
from tutor.i18n import Words

TOKEN = "TUTOR_DRIVE_TOKEN"  # noqa: S105 - the name of a variable
REMOVE_PAGE = "https://myaccount.google.com/connections"
_PREFIX = "https://www.googleapis.com/auth/"
_SOON = timedelta(days=2)

log = logging.getLogger(__name__)


class Google:
    """Google Drive, by a token in a variable or by a sign-in of tutor's own."""

    service = "google"

    def __init__(self, folder: Path, words: Words, environment: Mapping[str, str] = os.environ) -> None:
        """Args: `folder`: of the files that tutor writes for itself."""
        self._words = words
        self._environment = environment
        self._addresses = Addresses.of(environment)
        self._file = TokenFile(folder)

    def find(self) -> Credential | None:
        """The token in the variable, else our own file; a sign-in that was made at another address is none here.

        Raises:
            AccountTrouble: BROKEN: the file is there and is no sign-in.
        """
        token = self._environment.get(TOKEN, "").strip()
        if token:
            if not (token.isascii() and token.isprintable()) or " " in token:
                message = self._words("google.no_token", variable=TOKEN)
                raise AccountTrouble(Trouble.BROKEN, message, self._words("google.no_token_hint"))
            return Credential(self._variables(token), Source.VARIABLE, TOKEN)
        sign_in = self._sign_in()
        return None if sign_in is None else self._credential(sign_in)

    def fresh(self, credential: Credential) -> Credential:
        """With an access token for the next minutes; a variable's stays as it is.

        Raises:
            AccountTrouble: Google does not renew it, or could not be asked.
        """
        if credential.source is Source.VARIABLE:
            return credential
        sign_in = self._sign_in()
        if sign_in is None:
            raise AccountTrouble(Trouble.MISSING, self._words("google.gone"), self._words("google.gone_hint"))
        if is_fresh(sign_in):
            return self._credential(sign_in)
        sign_in = renewed(sign_in, self._words, self._addresses, Asker(self._words, self._addresses))
        try:
            # Disconnected meanwhile, or connected anew: then that holds.
            kept = self._file.read()
            if kept is not None and kept.refresh_token == sign_in.refresh_token:
                self._file.write(sign_in)
        except (OSError, ValueError) as error:  # it can be renewed again
            log.warning("the sign-in at Google could not be kept: %s", type(error).__name__)
        return self._credential(sign_in)

    def verify(self, credential: Credential) -> Verified:
        """Ask Google whose it is, and what it may do.

        Raises:
            AccountTrouble: it is not accepted, may not use Drive, or Google could not be asked.
        """
        asker = Asker(self._words, self._addresses)
        who = asker.who(credential.environment[TOKEN])
        remarks = []
        expires = who.expires
        if credential.source is Source.OURS:
            sign_in = self._sign_in()
            expires = sign_in.ends if sign_in else None  # the hour of the access token is renewed, and nobody's concern
            if self._file.close_to_others():
                remarks.append(self._words("google.file_was_open", file=self._file.path))
            if expires is not None and expires - datetime.now(UTC) < _SOON:
                remarks.append(self._words("google.ends_soon"))
        wider = [scope for scope in who.scopes if scope.startswith(f"{_PREFIX}drive") and scope != SCOPE]
        if wider:
            remarks.append(self._words("google.wider", rights=", ".join(_short(scope) for scope in wider)))
        if asker.clock.is_wrong:
            remarks.append(asker.reaching.clock(asker.clock)[1])
        return Verified(who.name, tuple(_short(scope) for scope in who.scopes), expires, tuple(remarks))

    def guide(self) -> GoogleGuide:
        """The way to a new sign-in."""
        with suppress(AccountTrouble):
            return GoogleGuide(self._words, self._environment, self._addresses, self._file, self._sign_in())
        return GoogleGuide(self._words, self._environment, self._addresses, self._file, None)

    def disconnect(self, credential: Credential) -> Disconnected:
        """Revoke it at Google, and remove our file, whatever Google says.

        Raises:
            AccountTrouble: it stands in a variable, or the file cannot be removed.
        """
        if credential.source is Source.VARIABLE:
            message = self._words("google.of_variable", variable=TOKEN)
            raise AccountTrouble(Trouble.RIGHTS, message, self._words("google.of_variable_hint", variable=TOKEN))
        revoked, why = False, ""
        try:
            sign_in = self._sign_in()
            if sign_in is not None:
                revoked = Asker(self._words, self._addresses).revoke(sign_in.refresh_token)
        except AccountTrouble as trouble:
            why = trouble.message
        try:
            self._file.remove()
        except OSError as error:
            message = self._words("google.not_removed", file=self._file.path, reason=error.strerror or "")
            raise AccountTrouble(Trouble.BROKEN, message, self._words("google.not_removed_hint")) from None
        if revoked:
            return Disconnected(True, self._words("google.revoked", file=self._file.path))
        return Disconnected(
            False,
            self._words("google.only_removed", file=self._file.path, why=why, page=REMOVE_PAGE).replace("  ", " "),
        )

    def _sign_in(self) -> SignIn | None:
        try:
            sign_in = self._file.read()
        except (OSError, ValueError):
            message = self._words("google.broken", file=self._file.path)
            raise AccountTrouble(Trouble.BROKEN, message, self._words("google.broken_hint")) from None
        # What signs in at one address is shown to no other.
        return sign_in if sign_in is not None and sign_in.root == self._addresses.root else None

    def _credential(self, sign_in: SignIn) -> Credential:
        return Credential(self._variables(sign_in.token), Source.OURS, str(self._file.path), sign_in.since)

    def _variables(self, token: str) -> dict[str, str]:
        address = {VARIABLE: self._addresses.root} if self._addresses.root else {}
        return {TOKEN: token, **address}


def _short(scope: str) -> str:
    """A right without the address before it."""
    return scope.removeprefix(_PREFIX)
