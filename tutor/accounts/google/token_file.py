"""The file in which tutor keeps a sign-in at Google: of the shape that Google's own libraries read, for its owner only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tutor import atomic
from tutor.accounts.google.client_file import MOST_BYTES, Client, is_open_to_others
from tutor.paths import make_private

NAME = "google.json"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a sign-in has brought."""

    client: Client
    refresh_token: str = field(repr=False)
    token: str = field(repr=False)
    expires: datetime
    """Of the access token, which is renewed."""
    scopes: Sequence[str]
    root: str
    """The address at which it was made; empty for Google itself."""
    way: str
    """`browser` or `device`: for which of both the client is good."""
    since: datetime
    ends: datetime | None = None
    """Of the sign-in itself, as far as Google says."""
    account: str = ""

    def renewed(self, token: str, expires: datetime) -> SignIn:
        """With another access token."""
        return replace(self, token=token, expires=expires)


def sign_in_of(client: Client, answer: Mapping[str, Any], *, root: str, way: str) -> SignIn:
    """From what the token endpoint has answered.

    Raises:
        KeyError: something is missing in it.
    """
    now = datetime.now(UTC)
    lasts = answer.get("refresh_token_expires_in")
    scope = answer.get("scope", "")
    return SignIn(
        client,
        str(answer["refresh_token"]),
        str(answer["access_token"]),
        now + timedelta(seconds=float(answer.get("expires_in", 0))),
        scope.split() if isinstance(scope, str) else list(scope),
        root,
        way,
        now,
        now + timedelta(seconds=float(lasts)) if lasts else None,
    )


class TokenFile:
    """The one file; another tutor may write it at this moment."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def read(self) -> SignIn | None:
        """None when there is no file.

        Raises:
            ValueError: it is no sign-in.
            OSError: it cannot be read.
        """
        try:
            with self.path.open("rb") as stream:
                raw = stream.read(MOST_BYTES)
        except FileNotFoundError:
            return None
        read = json.loads(raw)
        try:
            return SignIn(
                Client(str(read["client_id"]), str(read["client_secret"])),
                str(read["refresh_token"]),
                str(read.get("token", "")),
                _moment(read.get("expiry")) or datetime.fromtimestamp(0, UTC),
                [str(scope) for scope in read.get("scopes", ())],
                str(read.get("address", "")),
                str(read.get("way", "browser")),
                _moment(read.get("since")) or datetime.fromtimestamp(self.path.stat().st_mtime, UTC),
                _moment(read.get("ends")),
                str(read.get("account", "")),
            )
        except (KeyError, TypeError, AttributeError):
            raise ValueError("not a sign-in") from None

    def write(self, sign_in: SignIn) -> None:
        """Raises: OSError: it cannot be written."""
        kept = {
            "type": "authorized_user",
            "client_id": sign_in.client.id,
            "client_secret": sign_in.client.secret,
            "refresh_token": sign_in.refresh_token,
            "token": sign_in.token,
            "token_uri": TOKEN_URI,
            "expiry": _text(sign_in.expires),
            "scopes": list(sign_in.scopes),
            "address": sign_in.root,
            "way": sign_in.way,
            "since": _text(sign_in.since),
            "ends": _text(sign_in.ends),
            "account": sign_in.account,
        }
        make_private(self.path.parent)
        atomic.write(self.path, json.dumps(kept, ensure_ascii=False, indent=1).encode())

    def remove(self) -> None:
        """Raises: OSError: it is still there."""
        self.path.unlink(missing_ok=True)

    def close_to_others(self) -> bool:
        """Make it its owner's only; whether it was not."""
        was_open = is_open_to_others(self.path)
        if was_open:
            with suppress(OSError):
                self.path.chmod(atomic.OWNER_ONLY)
        return was_open


def _moment(text: object) -> datetime | None:
    try:
        return datetime.strptime(str(text), _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime(_MOMENT)
