"""The token that tutor keeps for itself, in one file that nobody else can read."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tutor import atomic
from tutor.accounts.model import AccountTrouble, Trouble
from tutor.i18n import Words
from tutor.paths import make_private


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of it since it was connected."""

    token: str = field(repr=False)
    root: str
    """The only address that it is ever sent to."""
    since: datetime | None = None
    expires: datetime | None = None
    repository: str = ""
    """In which it has been tried out."""


class Kept:
    """The file `github.json`."""

    def __init__(self, folder: Path, words: Words) -> None:
        self.file = folder / "github.json"
        self._words = words

    def read(self) -> Token | None:
        """What is in it; None when there is no file.

        Raises:
            AccountTrouble: BROKEN: it cannot be read, or is none of ours.
        """
        try:
            value: Any = json.loads(self.file.read_bytes())
            token, root = value["token"], value["root"]
            if not (isinstance(token, str) and isinstance(root, str) and token):
                raise TypeError
            return Token(
                token,
                root,
                _moment(value.get("since")),
                _moment(value.get("expires")),
                str(value.get("repository", "")),
            )
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._trouble("unreadable", reason=error.strerror or "") from None
        except (ValueError, KeyError, TypeError):
            raise self._trouble("broken") from None

    def write(self, token: Token) -> Token:
        """Put it there, connected now.

        Raises:
            AccountTrouble: BROKEN: it cannot be written.
        """
        token = replace(token, since=datetime.now(UTC).replace(microsecond=0))
        value = {
            "token": token.token,
            "root": token.root,
            "since": _text(token.since),
            "expires": _text(token.expires),
            "repository": token.repository,
        }
        try:
            make_private(self.file.parent)
            atomic.write(self.file, json.dumps(value, indent=1).encode(), synced=True)
        except OSError as error:
            raise self._trouble("not_written", reason=error.strerror or "") from None
        return token

    def remove(self) -> None:
        """It is not there any more.

        Raises:
            AccountTrouble: BROKEN: it cannot be removed.
        """
        try:
            self.file.unlink(missing_ok=True)
        except OSError as error:
            raise self._trouble("not_removed", reason=error.strerror or "") from None

    def is_open_to_others(self) -> bool:
        """Whether somebody else on this computer can read it."""
        try:
            return bool(stat.S_IMODE(self.file.stat().st_mode) & 0o077)
        except OSError:
            return False

    def _trouble(self, key: str, **values: object) -> AccountTrouble:
        message = self._words(f"github.{key}", file=self.file, **values)
        return AccountTrouble(Trouble.BROKEN, message, self._words(f"github.{key}_hint", file=self.file))


def _moment(value: Any) -> datetime | None:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError(value)
    return moment


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
