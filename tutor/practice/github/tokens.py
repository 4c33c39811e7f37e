"""Who a token is and what it may do, in GitHub's two ways: scopes of classic tokens, permissions of fine-grained ones."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any

from tutor.practice.service import LEARNER

ALL = "all"
"""Of a fine-grained token's repositories: every one of its owner."""
HOUR = 3600
SIGNED_IN = 5000
"""Requests an hour."""
NOT_SIGNED_IN = 60


class Right(IntEnum):
    """How much of one permission a token has."""

    NONE = 0
    READ = 1
    WRITE = 2


@dataclass(frozen=True, slots=True)
class Grant:
    """What one token stands for."""

    login: str = LEARNER
    scopes: Sequence[str] | None = None
    """Of a classic token; None: it is a fine-grained one."""
    permissions: Mapping[str, str] = field(default_factory=dict)
    """Of a fine-grained one, `read` or `write` by name: `contents`, `administration`, `workflows`; `gists` is the account's."""
    repositories: str | Sequence[str] = ()
    """Of a fine-grained one: the names of those that it was made for, or `ALL`. Other public ones it may read."""
    expires: float | None = None
    revoked: bool = False

    @property
    def is_classic(self) -> bool:
        return self.scopes is not None

    def is_accepted(self) -> bool:
        """Whether GitHub still knows it."""
        return not self.revoked and (self.expires is None or time.time() < self.expires)

    def right(self, permission: str, repository: str = "") -> Right:
        """How much of this permission a fine-grained token has. Args: `repository`: its name; empty for what is the account's."""
        if repository and self.repositories != ALL and repository not in self.repositories:
            return Right.NONE
        found = self.permissions.get(permission, "")
        return {"read": Right.READ, "write": Right.WRITE}.get(found, Right.NONE)

    def has_scope(self, *scopes: str) -> bool:
        """Whether a classic token has one of them."""
        return any(scope in (self.scopes or ()) for scope in scopes)


APPLICATION = Grant(permissions={"metadata": "read", "contents": "write", "gists": "write"}, repositories=ALL)
"""The token that a lesson's code gets: files of the account's repositories, and gists."""
PERSON = Grant(
    permissions={
        "metadata": "read",
        "contents": "write",
        "workflows": "write",
        "administration": "write",
        "gists": "write",
    },
    repositories=ALL,
)
"""Whoever sits before the browser may do everything."""


class Tokens:
    """All that were made. They are kept in a mapping of the service's file, so that they hold the next day."""

    def __init__(self, kept: dict[str, Any]) -> None:
        """Args: `kept`: where they are; the owner writes it down after `set`."""
        self._kept = kept

    def set(self, token: str, grant: Grant) -> None:
        """Make a token, or change what it may do."""
        self._kept[token] = asdict(grant)

    def get(self, token: str) -> Grant | None:
        """What the token stands for, accepted or not; None if it was never made."""
        found = self._kept.get(token)
        return None if found is None else Grant(**found)

    def revoke(self, token: str) -> bool:
        """It is no longer accepted from now on. False if there is none."""
        if token not in self._kept:
            return False
        self._kept[token]["revoked"] = True
        return True


@dataclass(slots=True)
class Hour:
    """The requests of one token in one hour."""

    limit: int
    ends: int
    used: int = 0

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def numbers(self) -> dict[str, int]:
        """In the API's own names."""
        return {"limit": self.limit, "used": self.used, "remaining": self.left, "reset": self.ends}


class RateLimit:
    """How many requests each token has left in its hour."""

    def __init__(self) -> None:
        self._hours: dict[str, Hour] = {}

    def hour(self, token: str) -> Hour:
        """The hour that the token is in. Args: `token`: empty for everybody without one."""
        now = time.time()
        hour = self._hours.get(token)
        if hour is None or hour.ends <= now:
            hour = self._hours[token] = Hour(SIGNED_IN if token else NOT_SIGNED_IN, int(now) + HOUR)
        return hour
