"""Who may do what: OAuth clients, the tokens that were given out, and how the person answers when a client asks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tutor.practice.handler import Refusal
from tutor.practice.kept import Kept
from tutor.practice.service import LEARNER

DRIVE_FILE = "https://www.googleapis.com/auth/drive.file"
DRIVE = "https://www.googleapis.com/auth/drive"
KNOWN_SCOPES = (DRIVE_FILE, DRIVE, "openid", "email", "profile")
DEVICE_SCOPES = (DRIVE_FILE, "openid", "email", "profile")
"""The few that Google gives to devices without a browser."""
PROJECT = "practice-project"
"""To Drive an application is its Cloud project: what one of its clients made, the others see."""
PERSON = "the person"
"""In place of a project: whoever sits at drive.google.com."""
MAIL = f"{LEARNER}@example.com"

ACCESS_SECONDS = 3599
REFRESH_SECONDS = 604799
"""A week, as of clients whose consent screen is in testing."""
CODE_SECONDS = 600


@dataclass
class Person:
    """How the person answers; tests change it."""

    refuses: bool = False
    unticks_drive: bool = False
    """Leaves the box of Drive empty and goes on."""
    page: str = ""
    """Google shows a page with this error in place of asking (`org_internal`, `access_denied`): nobody is sent back."""
    polls_before: int = 0
    """How often a device is told to wait until the person has answered; -1: for ever."""
    interval: float = 5
    """Seconds between a device's polls."""
    device_seconds: float = 1800
    """For which a device's code is good."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token may do."""

    client_id: str
    project: str
    scopes: Sequence[str]
    expires: float | None = None
    """Seconds since the epoch; None: as long as the practice is."""

    @property
    def sees_all(self) -> bool:
        """All files of the Drive, not only those of this project."""
        return DRIVE in self.scopes


@dataclass(slots=True)
class _Code:
    client_id: str
    scopes: list[str]
    redirect_uri: str = ""
    challenge: str = ""
    made: float = field(default_factory=time.time)
    polls: int = 0
    last_poll: float = 0.0


class Grants:
    """All clients and tokens. Used in the server's thread, but for what is there from the beginning."""

    def __init__(self, kept: Kept, lent_token: str, person_token: str, secret: str) -> None:
        """Args: `secret`: of both clients."""
        self._kept = kept
        self.person = Person()
        self.api_enabled = True
        """Whether Drive's API is switched on in the project; it is not, in a new one."""
        self.secret = secret
        self.clients = {kind: f"practice-{kind}.apps.googleusercontent.com" for kind in ("desktop", "device")}
        """By the type that the console calls "Desktop app" and "TVs and Limited Input devices"."""
        self._lasting = {
            lent_token: Grant(self.clients["desktop"], PROJECT, [DRIVE_FILE]),
            person_token: Grant(PERSON, PERSON, [DRIVE, "openid", "email", "profile"]),
        }
        self._access: dict[str, Any] = kept.setdefault("access", {})
        self._refresh: dict[str, Any] = kept.setdefault("refresh", {})
        self._codes: dict[str, _Code] = {}

    def of(self, token: str) -> Grant | None:
        """What that access token may do; None: it is unknown, expired or revoked."""
        if token in self._lasting:
            return self._lasting[token]
        found = self._access.get(token)
        if found is None or found["expires"] <= time.time() or found["refresh"] not in self._refresh:
            return None
        return Grant(found["client_id"], PROJECT, found["scopes"], found["expires"])

    def check_client(self, client_id: str, secret: str) -> None:
        """Raises: Refusal: there is no such client, or its secret is another."""
        if client_id not in self.clients.values():
            raise Refusal(401, "invalid_client")
        if not secret:
            raise Refusal(400, "invalid_request: client_secret is missing.")
        if not hmac.compare_digest(secret, self.secret):
            raise Refusal(401, "invalid_client: Unauthorized")

    def scopes_of(self, text: str, allowed: Sequence[str] = KNOWN_SCOPES) -> list[str]:
        """What was asked for.

        Raises:
            Refusal: nothing, or something that is not given.
        """
        scopes = text.split()
        if not scopes:
            raise Refusal(400, "invalid_request: Missing required parameter: scope")
        for scope in scopes:
            if scope not in allowed:
                of_device = "device flow " if allowed is DEVICE_SCOPES else ""
                raise Refusal(400, f"invalid_scope: Invalid {of_device}scope: {scope}")
        return scopes

    def consent(self, scopes: list[str]) -> list[str] | None:
        """What the person grants of that; None: they refuse."""
        if self.person.refuses:
            return None
        if self.person.unticks_drive:
            return [scope for scope in scopes if scope not in (DRIVE_FILE, DRIVE)] or ["openid"]
        return scopes

    def code(self, client_id: str, scopes: list[str], *, redirect_uri: str = "", challenge: str = "") -> str:
        """One that is exchanged for tokens."""
        code = f"4/0A{secrets.token_urlsafe(40)}" if redirect_uri else f"AH-1Ng{secrets.token_urlsafe(64)}"
        self._codes[code] = _Code(client_id, scopes, redirect_uri, challenge)
        return code

    def exchange(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        """Tokens for a code that the browser brought.

        Raises:
            Refusal: it is none, was used, or belongs to another request.
        """
        made = self._codes.pop(code, None)
        if made is None or made.client_id != client_id or time.time() - made.made > CODE_SECONDS:
            raise Refusal(400, "invalid_grant: Malformed auth code.")
        if made.redirect_uri != redirect_uri:
            raise Refusal(400, "redirect_uri_mismatch")
        if made.challenge:
            if not verifier:
                raise Refusal(400, "invalid_grant: Missing code verifier.")
            found = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            if not hmac.compare_digest(found, made.challenge):
                raise Refusal(400, "invalid_grant: Invalid code verifier.")
        return self._issue(client_id, made.scopes)

    def poll(self, code: str, client_id: str) -> dict[str, Any]:
        """Tokens for a device's code, once the person has answered.

        Raises:
            Refusal: not yet, too fast, never.
        """
        made, person, now = self._codes.get(code), self.person, time.time()
        if made is None or made.client_id != client_id:
            raise Refusal(400, "invalid_grant: Malformed device code.")
        if now - made.made > person.device_seconds:
            raise Refusal(400, "expired_token")
        # A little earlier is forgiven: clocks differ.
        too_fast, made.last_poll = now - made.last_poll < 0.9 * person.interval, now
        if too_fast:
            raise Refusal(403, "slow_down")
        made.polls += 1
        if person.polls_before < 0 or made.polls <= person.polls_before:
            raise Refusal(428, "authorization_pending")
        granted = self.consent(made.scopes)
        del self._codes[code]
        if granted is None:
            raise Refusal(403, "access_denied")
        return self._issue(client_id, granted)

    def refresh(self, token: str, client_id: str) -> dict[str, Any]:
        """A new access token.

        Raises:
            Refusal: the refresh token is expired, revoked or of another client.
        """
        found = self._refresh.get(token)
        if found is None or found["client_id"] != client_id or found["expires"] <= time.time():
            raise Refusal(400, "invalid_grant: Token has been expired or revoked.")
        return self._access_for(token, found)

    def revoke(self, token: str) -> None:
        """Forget a token, and the grant with it.

        Raises:
            Refusal: there is no such token.
        """
        token = self._access.get(token, {}).get("refresh", token)
        if self._refresh.pop(token, None) is None:
            raise Refusal(400, "invalid_token: Token expired or revoked")
        self._kept.save()

    def forget(self) -> None:
        """Let everything that sign-ins gave out be expired, as after a week."""
        self._access.clear()
        self._refresh.clear()
        self._kept.save()

    def _issue(self, client_id: str, scopes: list[str]) -> dict[str, Any]:
        token = f"1//0g{secrets.token_urlsafe(60)}"
        made = {"client_id": client_id, "scopes": scopes, "expires": time.time() + REFRESH_SECONDS}
        self._refresh[token] = made
        answer = self._access_for(token, made)
        return {**answer, "refresh_token": token, "refresh_token_expires_in": REFRESH_SECONDS}

    def _access_for(self, refresh_token: str, grant: Mapping[str, Any]) -> dict[str, Any]:
        now, token = time.time(), f"ya29.a0{secrets.token_urlsafe(60)}"
        for old in [name for name, each in self._access.items() if each["expires"] <= now]:
            del self._access[old]
        self._access[token] = {
            "client_id": grant["client_id"],
            "scopes": grant["scopes"],
            "expires": now + ACCESS_SECONDS,
            "refresh": refresh_token,
        }
        self._kept.save()
        scope = " ".join(grant["scopes"])
        return {"access_token": token, "expires_in": ACCESS_SECONDS, "scope": scope, "token_type": "Bearer"}
