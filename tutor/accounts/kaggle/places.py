"""Where credentials for Kaggle lie, in the order in which Kaggle's own program takes them; asks nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from tutor.accounts.model import AccountTrouble, Trouble
from tutor.i18n import Words
from tutor.kit.services.kaggle_client import config_folder

MOST_BYTES = 64_000
"""Of a file that may be a credential."""


class Kind(StrEnum):
    """What signs in."""

    TOKEN = "token"  # noqa: S105 - a word, and no password
    """An access token of the settings page."""
    KEY = "key"
    """The older pair of name and key."""
    LOGIN = "login"
    """What `kaggle auth login` gives: a refresh token, from which access tokens are made."""


@dataclass(frozen=True, slots=True)
class Found:
    """One credential."""

    kind: Kind
    place: str
    """The variable's name, or the file."""
    secret: str = field(repr=False)
    """The token, the key, or the refresh token."""
    file: Path | None = None
    """None: a variable holds it."""
    is_variable: bool = False
    """A variable holds it, or names its file."""
    username: str = ""
    access_token: str = field(default="", repr=False)
    """Of a login: the one in use."""
    expires: datetime | None = None
    """Of a login: when that one ends."""


class Places:
    """All places of one learner."""

    def __init__(self, environment: Mapping[str, str], home: Path, words: Words) -> None:
        self._environment = environment
        self._words = words
        self.own = home / ".kaggle"
        """For tokens and logins."""
        self.token = self.own / "access_token"
        self.login = self.own / "credentials.json"

    @property
    def key(self) -> Path:
        """The file for name and key, which has the settings of Kaggle's program too."""
        chosen = self._environment.get("KAGGLE_CONFIG_DIR")
        return (Path(chosen) if chosen else config_folder(self._environment, self.own.parent)) / "kaggle.json"

    def all(self) -> Iterator[Found]:
        """Every credential; the first is the one in force.

        Raises:
            AccountTrouble: BROKEN: a file is none.
        """
        for step in self._steps():
            found = step()
            if found is not None:
                yield found

    def sound(self) -> Iterator[Found]:
        """The same, with what is none left out."""
        for step in self._steps():
            with suppress(AccountTrouble):
                found = step()
                if found is not None:
                    yield found

    def first(self) -> Found | None:
        """The one in force.

        Raises:
            AccountTrouble: BROKEN: a file that comes before any credential is none.
        """
        return next(self.all(), None)

    def _steps(self) -> Sequence[Callable[[], Found | None]]:
        return (self._notebook, self._variable, self._token, self._key, self._login)

    def _notebook(self) -> Found | None:
        """Within a Kaggle notebook there is a token for it."""
        named = self._environment.get("KAGGLE_API_V1_TOKEN")
        is_notebook = "KAGGLE_KERNEL_RUN_TYPE" in self._environment and "KAGGLE_DATA_PROXY_URL" in self._environment
        if not (named and is_notebook and Path(named).exists()):
            return None
        value = self._text(Path(named))
        return Found(Kind.TOKEN, "KAGGLE_API_V1_TOKEN", value, Path(named), is_variable=True) if value else None

    def _variable(self) -> Found | None:
        name = "KAGGLE_API_TOKEN"
        given = self._environment.get(name)
        if not given:
            return None
        file = Path(given)
        try:
            is_file = file.exists()
        except (OSError, ValueError):  # too long for a path
            is_file = False
        if not is_file:
            return Found(Kind.TOKEN, name, given, is_variable=True)
        value = self._text(file)
        if not value:
            raise self._broken("kaggle.empty", file=file)
        return Found(Kind.TOKEN, name, self._usable(value, file), file, is_variable=True)

    def _token(self) -> Found | None:
        for file in (self.token, self.token.with_suffix(".txt")):
            if file.exists() and (value := self._text(file)):
                return Found(Kind.TOKEN, str(file), self._usable(value, file), file)
        return None

    def _key(self) -> Found | None:
        known = self._json(self.key) if self.key.exists() else {}
        name = self._environment.get("KAGGLE_USERNAME")
        key = self._environment.get("KAGGLE_KEY")
        username, secret = name or known.get("username"), key or known.get("key")
        if not username and not secret:
            return None  # nothing, or the program's settings only
        if not (isinstance(username, str) and isinstance(secret, str) and username and secret):
            if key or name:
                raise self._broken("kaggle.half_variables")
            raise self._broken("kaggle.half_file", file=self.key)
        place = "KAGGLE_KEY" if key else str(self.key)
        return Found(Kind.KEY, place, secret, None if key else self.key, is_variable=bool(key), username=username)

    def _login(self) -> Found | None:
        if not self.login.exists():
            return None
        known = self._json(self.login)
        refresh = known.get("refresh_token")
        if not isinstance(refresh, str) or not refresh:
            raise self._broken("kaggle.no_login", file=self.login)
        return Found(
            Kind.LOGIN,
            str(self.login),
            refresh,
            self.login,
            username=str(known.get("username") or ""),
            access_token=str(known.get("access_token") or ""),
            expires=_moment(known.get("access_token_expiration")),
        )

    def _text(self, file: Path) -> str:
        try:
            with file.open("rb") as stream:
                return stream.read(MOST_BYTES).decode("utf-8").strip()
        except OSError as error:
            raise self._broken("kaggle.unreadable", file=file, reason=error.strerror or "") from None
        except UnicodeDecodeError:
            raise self._broken("kaggle.not_text", file=file) from None

    def _usable(self, value: str, file: Path) -> str:
        if not value.isascii() or not value.isprintable() or " " in value:
            raise self._broken("kaggle.not_text", file=file)
        return value

    def _json(self, file: Path) -> dict[str, Any]:
        try:
            known = json.loads(self._text(file) or "{}")
        except ValueError:
            raise self._broken("kaggle.not_json", file=file) from None
        if not isinstance(known, dict):
            raise self._broken("kaggle.not_json", file=file)
        return known

    def _broken(self, key: str, **values: object) -> AccountTrouble:
        return AccountTrouble(Trouble.BROKEN, self._words(key, **values), self._words(f"{key}_hint", **values))


def _moment(text: object) -> datetime | None:
    """Aware; None if there is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
