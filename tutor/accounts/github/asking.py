"""Asks GitHub about a token, and puts each refusal into plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any

import requests
from github import GithubException
from github.Requester import Requester

from tutor.accounts.github.addresses import Addresses
from tutor.accounts.model import AccountTrouble, Trouble
from tutor.accounts.reaching import PATIENCE, Clock, Reaching
from tutor.i18n import Words
from tutor.kit.services.answers import answer_of
from tutor.kit.services.github_words import Reason, trouble_of
from tutor.kit.services.trying import Patience, keep_trying
from tutor.kit.services.unreached import UNEXPECTED, Unreached
from tutor.version import __version__

CONNECT_SECONDS, READ_SECONDS = 4.0, 8.0
_TROUBLES = {
    Reason.TOKEN: Trouble.REFUSED,
    Reason.RIGHTS: Trouble.RIGHTS,
    Reason.SSO: Trouble.RIGHTS,
    Reason.CONFLICT: Trouble.BUSY,
    Reason.MISSING: Trouble.NETWORK,
    Reason.UNACCEPTED: Trouble.REFUSED,
    Reason.LARGE: Trouble.REFUSED,
}
_REVOKED_AFTER = (0.0, 0.5, 1.0, 2.0)
"""Seconds between looks whether a revoked token is still accepted: GitHub takes the order, and carries it out a little later."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose a token is."""

    login: str
    scopes: tuple[str, ...] | None
    """Of a classic token or a program's; None of a fine-grained one, whose rights GitHub tells nobody."""
    expires: datetime | None


class Asker:
    """One address. For one thread at a time."""

    def __init__(self, addresses: Addresses, words: Words, patience: Patience | None = None) -> None:
        self._addresses = addresses
        self._words = words
        self._patience = patience or PATIENCE
        self.clock = Clock()
        self.reaching = Reaching(words, "GitHub")

    def reach(self) -> None:
        """See whether GitHub answers at all.

        Raises:
            AccountTrouble: NETWORK or BUSY.
        """
        try:
            # The one request that counts for nothing. A company's own may want a token for everything; then that is its answer.
            keep_trying(lambda: self._once("GET", "/rate_limit", ""), patience=self._patience)
        except GithubException as error:
            if trouble_of(error).reason not in (Reason.TOKEN, Reason.RIGHTS, Reason.MISSING):
                raise self._trouble(error) from None
        except (OSError, HTTPException, *UNEXPECTED) as error:
            raise self._trouble(error) from None

    def who(self, token: str) -> Who:
        """Whose a token is.

        Raises:
            AccountTrouble: it is not accepted, or GitHub could not be asked.
        """
        headers, value = self._asked("GET", "/user", token)
        login = value.get("login") if isinstance(value, dict) else None
        if not isinstance(login, str):
            raise self.reaching.away(Unreached.PAGE)
        scopes = headers.get("x-oauth-scopes")
        rights = None if scopes is None else tuple(filter(None, (each.strip() for each in scopes.split(","))))
        return Who(login, rights, _end(headers.get("github-authentication-token-expiration", "")))

    def repository(self, name: str, token: str = "") -> str | None:
        """Its name as GitHub writes it now; None when it cannot be seen with this token, or without one.

        Raises:
            AccountTrouble: the token is not accepted, or GitHub could not be asked.
        """
        try:
            _, value = self._asked("GET", f"/repos/{name}", token)
        except _Missing:
            return None
        return str(value["full_name"]) if isinstance(value, dict) and "full_name" in value else None

    def may_write(self, name: str, token: str) -> bool:
        """Whether files of that repository may be written: a few bytes are kept there as an object of git, which no commit has and nobody sees.

        Raises:
            AccountTrouble: the token is not accepted, or GitHub could not be asked.
        """
        return self._may(f"/repos/{name}/git/blobs", {"content": "tutor", "encoding": "utf-8"}, token)

    def may_gist(self, token: str) -> bool:
        """Whether gists may be made: one without files is asked for, which GitHub refuses to everybody, in other words to those who may.

        Raises:
            AccountTrouble: the token is not accepted, or GitHub could not be asked.
        """
        return self._may("/gists", {"files": {}}, token)

    def revoke(self, token: str) -> bool:
        """Have it revoked, and look whether it is. False when GitHub takes no such order, or still accepts the token.

        Raises:
            AccountTrouble: GitHub could not be asked.
        """
        # On github.com nobody may sign this order, on a company's own somebody must.
        if not self._is_ordered(token, "") and not self._is_ordered(token, token):
            return False
        for seconds in _REVOKED_AFTER:
            self._patience.sleep(seconds)
            if not self._is_accepted(token):
                return True
        return False

    def _is_ordered(self, token: str, signed: str) -> bool:
        try:
            self._asked("POST", "/credentials/revoke", signed, {"credentials": [token]})
        except (_Missing, _Allowed):
            return False
        except AccountTrouble as trouble:
            if trouble.trouble in (Trouble.NETWORK, Trouble.BUSY):
                raise
            return False
        return True

    def _is_accepted(self, token: str) -> bool:
        try:
            self.who(token)
        except AccountTrouble as trouble:
            if trouble.trouble is Trouble.REFUSED:
                return False
            raise
        return True

    # -- calls

    def _may(self, path: str, body: Mapping[str, Any], token: str) -> bool:
        try:
            self._asked("POST", path, token, body)
        except _Missing:
            return False
        except _Allowed:
            return True
        except AccountTrouble as trouble:
            if trouble.trouble is Trouble.RIGHTS:
                return False
            raise
        return True

    def _asked(
        self, verb: str, path: str, token: str, body: Mapping[str, Any] | None = None
    ) -> tuple[Mapping[str, str], Any]:
        try:
            return keep_trying(lambda: self._once(verb, path, token, body), patience=self._patience)
        except (GithubException, OSError, HTTPException, *UNEXPECTED) as error:
            raise self._trouble(error) from None

    def _once(
        self, verb: str, path: str, token: str, body: Mapping[str, Any] | None = None
    ) -> tuple[Mapping[str, str], Any]:
        with requests.Session() as session:
            # Loopback never goes through a proxy.
            session.trust_env = not self._addresses.is_loopback
            answer = session.request(
                verb,
                self._addresses.root + path,
                json=body,
                headers={"Accept": "application/vnd.github+json", "User-Agent": f"gpu-tutor/{__version__}"},
                auth=_Signed(token),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
            )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        self.clock.note(headers.get("date", ""))
        if answer.status_code >= 400:
            raise Requester.createException(answer.status_code, headers, _json(answer))
        return headers, answer.json() if answer.content else None

    # -- troubles

    def _trouble(self, error: BaseException) -> AccountTrouble:
        found = trouble_of(error)
        answered = answer_of(error)
        if isinstance(found.reason, Unreached):
            return self.reaching.away(found.reason)
        if found.reason is Reason.RATE and answered is not None:
            return self.reaching.busy(answered)
        if found.reason is Reason.BUSY:
            return self.reaching.fault(found.status)
        kind = {Reason.MISSING: _Missing, Reason.UNACCEPTED: _Allowed, Reason.CONFLICT: _Allowed}.get(found.reason)
        return self._said(_TROUBLES[found.reason], found.reason, kind, status=found.status)

    def _said(
        self, trouble: Trouble, reason: Reason, kind: type[AccountTrouble] | None = None, **values: object
    ) -> AccountTrouble:
        values |= {"tokens": self._addresses.tokens, "host": self._addresses.host}
        message = self._words(f"github.reason_{reason.value}", **values)
        hint = self._words(f"github.reason_{reason.value}_hint", **values)
        return (kind or AccountTrouble)(trouble, message, hint)


class _Missing(AccountTrouble):
    """404."""


class _Allowed(AccountTrouble):
    """The request was looked at, so whoever asked may ask: it only makes no sense, or comes to an empty repository."""


class _Signed(requests.auth.AuthBase):
    """The token, or nobody; never what a `.netrc` has for that host."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            r.headers["Authorization"] = f"Bearer {self._token}"
        return r


def _json(answer: requests.Response) -> Any:
    try:
        value = answer.json()
    except ValueError:
        return {"data": answer.text}
    return value if isinstance(value, dict) else {"data": value}


def _end(text: str) -> datetime | None:
    """When a token ends, out of GitHub's header: `2026-12-31 09:59:59 UTC`, or with an offset."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (UTC|[+-]\d{4})", text.strip())
    if found is None:
        return None
    return datetime.strptime(f"{found[1]} {'+0000' if found[2] == 'UTC' else found[2]}", "%Y-%m-%d %H:%M:%S %z")
