"""Who may ask: access tokens, the old username and key, and what a login gives."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from tutor.practice.kept import Kept
from tutor.practice.service import LEARNER

LOGIN_SECONDS = 3 * 3600
"""So long an access token of a login is valid; a renewed one as long as it was asked for."""
CODE_SECONDS = 600
USER_ID = 4_201_128
ALL_RIGHTS = "resources.admin:*"
"""What Kaggle's own programs ask for."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A consent that was given and not yet exchanged."""

    challenge: str
    scope: str
    expires: float


class Tokens:
    """All that are or were valid, in the server's own thread."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._records: dict[str, dict[str, Any]] = kept.setdefault("tokens", {})
        self._pending: dict[str, Pending] = {}
        made = (value for value, record in self._records.items() if record.get("made") and not record.get("ended"))
        self.access = next(made, None) or self._add("KGAT_", {"made": True, "scope": ALL_RIGHTS})
        """The one that the learner made on the settings page, so to say. One that was revoked is followed by another in the next rehearsal."""
        self.key = str(kept.setdefault("key", secrets.token_hex(16)))
        """Of the old kind, used with the name."""

    def record(self, token: str) -> dict[str, Any] | None:
        """What is known of a token that is valid now."""
        record = self._records.get(token)
        if record is None or record.get("ended") or record.get("expires", time.time() + 1) <= time.time():
            return None
        return record

    def caller(self, authorization: str) -> str | None:
        """Whose the header is; None if nobody's. A refresh token signs nobody in."""
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "bearer":
            record = self.record(value.strip())
            return None if record is None or record.get("refresh") else LEARNER
        if scheme.lower() == "basic":
            pair = _decoded(value)
            return LEARNER if secrets.compare_digest(pair, f"{LEARNER}:{self.key}".encode()) else None
        return None

    def consent(self, challenge: str, scope: str) -> str:
        """The code of a consent that was given."""
        code = secrets.token_hex(16)
        self._pending[code] = Pending(challenge.rstrip("="), scope, time.time() + CODE_SECONDS)
        return code

    def exchange(self, code: str, verifier: str) -> dict[str, Any] | None:
        """The tokens for a code, once; None when code or verifier is not right."""
        pending = self._pending.pop(code, None)
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        if pending is None or pending.expires < time.time() or digest != pending.challenge:
            return None
        refresh = self._add("KGRT_", {"refresh": True, "scope": pending.scope})
        return {
            "accessToken": self._access_for(refresh, LOGIN_SECONDS),
            "refreshToken": refresh,
            "tokenType": "Bearer",
            "expiresIn": LOGIN_SECONDS,
            "username": LEARNER,
            "userId": USER_ID,
            "scope": pending.scope,
        }

    def renew(self, refresh: str, seconds: int) -> str | None:
        """A new access token; None when the refresh token is not valid."""
        record = self.record(refresh)
        return None if record is None or not record.get("refresh") else self._access_for(refresh, seconds)

    def end(self, token: str) -> bool:
        """A token is no longer valid, nor what was made with it; False when it was not."""
        if self.record(token) is None:
            return False
        for value, record in self._records.items():
            if token in (value, record.get("parent")):
                record["ended"] = True
        self._kept.save()
        return True

    def _access_for(self, refresh: str, seconds: int) -> str:
        scope = self._records[refresh]["scope"]
        return self._add("KGAT_", {"parent": refresh, "scope": scope, "expires": time.time() + seconds})

    def _add(self, shape: str, record: dict[str, Any]) -> str:
        value = shape + secrets.token_hex(16)
        self._records[value] = record
        self._kept.save()
        return value


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return b""
