"""Asks Google, and turns whatever goes wrong on the way into plain words. No token is ever in an address, a log or an error's text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tutor.accounts.google.addresses import SCOPE, Addresses
from tutor.accounts.google.client_file import Client
from tutor.accounts.google.refusals import certificate_out_of_date, refusal
from tutor.accounts.model import AccountTrouble, Trouble
from tutor.accounts.reaching import PATIENCE, Clock, Reaching
from tutor.i18n import Words
from tutor.kit.services.answers import answer_of
from tutor.kit.services.trying import keep_trying
from tutor.kit.services.unreached import Unreached, unreached

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Google did answer, with JSON."""

    status: int
    data: Mapping[str, Any] = field(repr=False)

    @property
    def is_well(self) -> bool:
        return self.status < 300

    @property
    def error(self) -> str:
        """Google's word for what is wrong: of the sign-in, or the reason of Drive's."""
        said = self.data.get("error", self.data.get("error_code", ""))
        if isinstance(said, Mapping):
            errors = said.get("errors")
            first = errors[0] if isinstance(errors, Sequence) and errors else {}
            return str(first.get("reason", said.get("status", "")) if isinstance(first, Mapping) else "")
        return str(said)

    @property
    def description(self) -> str:
        """Google's sentence; looked at, never shown."""
        return str(self.data.get("error_description", ""))


@dataclass(frozen=True, slots=True)
class Who:
    """Whose a token is, and what it may do."""

    name: str
    scopes: Sequence[str]
    expires: datetime | None


class Asker:
    """Of one Google. For one thread at a time."""

    def __init__(self, words: Words, addresses: Addresses) -> None:
        self._words = words
        self._addresses = addresses
        self.clock = Clock()
        self.reaching = Reaching(words, "Google")
        self._last: requests.Response | None = None
        self._session = self.prepared(requests.Session())

    def prepared(self, session: requests.Session) -> requests.Session:
        """The session, with our rules: no proxy to this computer, no credential out of `~/.netrc`, only JSON, no connection kept open."""
        session.headers["Connection"] = "close"
        session.trust_env = not self._addresses.is_loopback
        session.auth = _NOTHING
        session.hooks["response"].append(self._look_at)
        if self._addresses.root.startswith("http://"):
            session.mount(self._addresses.root.replace("http://", "https://", 1), PlainAdapter())
        return session

    # -- questions

    def reach(self) -> None:
        """See that Google answers, without anything that signs in.

        Raises:
            AccountTrouble: it does not.
        """
        self._ask("POST", self._addresses.token_info)

    def who(self, token: str) -> Who:
        """Whose token it is.

        Raises:
            AccountTrouble: Google does not accept it, or it may not use Drive.
        """
        answer = self._ask("POST", self._addresses.token_info, token=token)
        if not answer.is_well:
            expired = AccountTrouble(
                Trouble.REFUSED, self._words("google.not_accepted"), self._words("google.not_accepted_hint")
            )
            raise self.refused(answer) if answer.error not in ("invalid_token", "") else expired
        scopes = str(answer.data.get("scope", "")).split()
        if not any(scope in (SCOPE, SCOPE.removesuffix(".file")) for scope in scopes):
            raise refusal(self._words, "insufficientPermissions")
        seconds = str(answer.data.get("expires_in", ""))
        expires = datetime.now(UTC) + timedelta(seconds=int(seconds)) if seconds.isdigit() else None
        return Who(self.name(token), scopes, expires)

    def name(self, token: str) -> str:
        """The account's address, as Drive knows it.

        Raises:
            AccountTrouble: Drive does not let it in.
        """
        answer = self._ask("GET", f"{self._addresses.about}?fields=user(displayName,emailAddress)", token=token)
        if not answer.is_well:
            raise self.refused(answer)
        user = answer.data.get("user")
        known: Mapping[str, Any] = user if isinstance(user, Mapping) else {}
        return str(known.get("emailAddress") or known.get("displayName") or "Google")

    def device_code(self, client: Client) -> Mapping[str, Any]:
        """What a device without a browser shows, and asks with.

        Raises:
            AccountTrouble: Google gives none to this client.
        """
        answer = self._ask("POST", self._addresses.device, {"client_id": client.id, "scope": SCOPE})
        if not answer.is_well:
            raise self.refused(answer)
        return answer.data

    def poll(self, client: Client, device_code: str) -> Answer:
        """Whether the person has answered.

        Raises:
            AccountTrouble: Google could not be asked.
        """
        form = {
            "client_id": client.id,
            "client_secret": client.secret,
            "device_code": device_code,
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        }
        # Not tried again by itself: the code is good for one answer, and whoever polls comes back anyway.
        return self._ask("POST", self._addresses.token, form, repeat=False)

    def revoke(self, token: str) -> bool:
        """Let the token, and the grant that it comes from, be no longer valid; whether Google says so.

        Raises:
            AccountTrouble: Google could not be asked.
        """
        answer = self._ask("POST", self._addresses.revoke, {"token": token})
        # Of a token that is not valid any more, it says that it knows none.
        return answer.is_well or answer.error in ("invalid_token", "invalid_grant")

    # -- troubles

    def refused(self, answer: Answer) -> AccountTrouble:
        """Google's refusal in words."""
        return refusal(self._words, answer.error, answer.description, clock=self.clock)

    def failed(self, error: BaseException) -> AccountTrouble:
        """What ended a request without an answer that could be used."""
        if isinstance(error, AccountTrouble):
            return error
        answer = answer_of(error)
        if answer is not None:
            return self.reaching.busy(answer) if answer.status == 429 else self.reaching.fault(answer.status)
        if isinstance(error, requests.exceptions.SSLError):
            text = str(error)
            if "not yet valid" in text or "has expired" in text:
                return certificate_out_of_date(self._words)
        return self.reaching.away(unreached(error))

    @property
    def busy(self) -> AccountTrouble | None:
        """What the newest answer was, if Google had a fault of its own or wanted a pause."""
        if self._last is None or not _is_busy(self._last):
            return None
        return self.failed(requests.HTTPError(response=self._last))

    # -- the way there

    def _ask(
        self, method: str, url: str, form: Mapping[str, str] | None = None, *, token: str = "", repeat: bool = True
    ) -> Answer:
        def once() -> requests.Response:
            response = self._session.request(
                method,
                url,
                data=form if form is not None or method == "GET" else {},
                auth=_Bearer(token) if token else _NOTHING,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,  # what is in the form is meant for nobody else
            )
            if _is_busy(response):
                raise requests.HTTPError(response=response)
            return response

        try:
            response = keep_trying(once, patience=PATIENCE) if repeat else once()
        except (requests.RequestException, OSError, ValueError) as error:
            raise self.failed(error) from None
        return Answer(response.status_code, response.json())

    def _look_at(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Each answer: what time it is there, and whether it is Google's at all."""
        self._last = response
        self.clock.note(response.headers.get("Date", ""))
        if _is_busy(response):
            return
        try:
            said = response.json()
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise self.reaching.away(Unreached.PAGE)


def _is_busy(response: requests.Response) -> bool:
    return response.status_code == 429 or response.status_code >= 500


class _Bearer(requests.auth.AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class PlainAdapter(HTTPAdapter):
    """For an address in force that is plain http: oauthlib asks for nothing but https, though on this computer there is nobody to listen."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send it without TLS."""
        request.url = f"http{(request.url or '').removeprefix('https')}"
        return super().send(request, *args, **kwargs)


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


_NOTHING: Callable[[requests.PreparedRequest], requests.PreparedRequest] = _unsigned
"""Without it, requests looks for a password in `~/.netrc`."""
