"""Writes credentials where Kaggle's own program reads them: for their owner only, in one step, and nothing of the learner's is lost."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from tutor import atomic
from tutor.accounts.kaggle.places import Found, Places
from tutor.accounts.kaggle.written import Written
from tutor.paths import make_private

OTHERS = stat.S_IRGRP | stat.S_IROTH
PAIR = ("username", "key")


class Keeper:
    """What stands in the files."""

    def __init__(self, places: Places, written: Written) -> None:
        self._places = places
        self._written = written

    def put_token(self, token: str) -> Path | None:
        """Write an access token. Returns where another one that was there is kept.

        Raises:
            OSError: it cannot be written.
        """
        file = self._places.token
        old = _read(file)
        kept = None
        if old.strip() and old.strip() != token.encode() and not self._is_ours(file):
            kept = _keep(file)
        self._put(file, token.encode(), token)
        return kept

    def put_key(self, username: str, key: str, came_from: Path) -> Path | None:
        """Write name and key beside the program's settings, and take them away from where they were, if that may be done.

        Returns where others that were there are kept.

        Raises:
            OSError: it cannot be written.
        """
        file = self._places.key
        known = _settings(file)
        others = {name: value for name, value in known.items() if name not in PAIR}
        kept = None
        is_other = any(known.get(name) not in (None, value) for name, value in zip(PAIR, (username, key), strict=True))
        if is_other and not self._is_ours(file):
            kept = _keep(file)
        pair = json.dumps({**others, "username": username, "key": key}).encode()
        is_moved = not (file.exists() and came_from.samefile(file))
        self._put(file, pair, key, came_from=str(came_from) if is_moved else "")
        if is_moved:
            with suppress(OSError):
                came_from.unlink()
        return kept

    def put_login(self, refresh: str, access: str, expires: datetime, username: str, scopes: list[str]) -> None:
        """Write a login as Kaggle's program does.

        Raises:
            OSError: it cannot be written.
        """
        known = {
            "refresh_token": refresh,
            "access_token": access,
            "access_token_expiration": expires.isoformat(),
            "username": username,
            "scopes": scopes,
        }
        self._put(self._places.login, json.dumps(known, indent=2).encode(), refresh)

    def renew_login(self, found: Found, access: str, expires: datetime) -> None:
        """Another access token of the same login; whose file it is does not change.

        Raises:
            OSError: it cannot be written.
        """
        known = _settings(self._places.login)
        if known.get("refresh_token") != found.secret:
            return  # somebody has logged in anew meanwhile
        known |= {"access_token": access, "access_token_expiration": expires.isoformat()}
        atomic.write(self._places.login, json.dumps(known, indent=2).encode())

    def remove(self, found: Found) -> None:
        """Take away what tutor wrote, and the folder that it made for it if nothing else is in it.

        Raises:
            OSError: it cannot be removed.
        """
        file = found.file
        assert file is not None
        rest = {name: value for name, value in _settings(file).items() if name not in PAIR}
        if file == self._places.key and rest:
            atomic.write(file, json.dumps(rest, indent=2).encode())
        else:
            file.unlink(missing_ok=True)
        if self._written.made_folder(file) and not any(file.parent.iterdir()):
            file.parent.rmdir()
        self._written.forget(file)

    def _put(self, file: Path, data: bytes, secret: str, *, came_from: str = "") -> None:
        made = not file.parent.exists()
        make_private(file.parent)
        atomic.write(file, data, synced=True)
        self._written.add(file, secret, came_from=came_from, made=made)

    def _is_ours(self, file: Path) -> bool:
        return any(found.file == file and self._written.is_ours(found) for found in self._places.sound())


def is_open_to_others(file: Path) -> bool:
    """Whether other people on this computer may read it."""
    return os.name == "posix" and bool(file.stat().st_mode & OTHERS)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _settings(file: Path) -> dict[str, Any]:
    try:
        known = json.loads(_read(file) or b"{}")
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}


def _keep(file: Path) -> Path:
    """Put a file aside, for its owner only."""
    number = 1
    while (kept := file.with_name(f"{file.name}.before-tutor{'' if number == 1 else f'-{number}'}")).exists():
        number += 1
    file.rename(kept)
    kept.chmod(atomic.OWNER_ONLY)
    return kept
