"""The file that Google's console gives for an OAuth client, and what can be wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.accounts.model import AccountTrouble, Trouble
from tutor.i18n import Words

MOST_BYTES = 65536
SUFFIX = ".apps.googleusercontent.com"
PATTERN = "client_secret*.json"
"""How the console names it."""
_OTHERS_MAY = 0o077


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth client of the learner's own."""

    id: str
    secret: str = field(repr=False)


def read_client(path: Path, words: Words) -> Client:
    """The client in that file, or in the newest such file of that folder.

    Raises:
        AccountTrouble: there is none; says what the file is instead.
    """
    if path.is_dir():
        found = newest(path)
        if found is None:
            raise _broken(words, "google.file_folder", path)
        path = found
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _broken(words, "google.file_missing", path, reason=error.strerror or "") from None
    try:
        if len(raw) > MOST_BYTES:
            raise ValueError
        read = json.loads(raw)
    except ValueError:
        raise _broken(words, "google.file_not_json", path) from None
    return _client(read if isinstance(read, dict) else {}, path, words)


def _client(read: Mapping[str, Any], path: Path, words: Words) -> Client:
    if read.get("type") == "service_account":
        raise _broken(words, "google.file_service", path)
    if read.get("type") == "authorized_user":
        raise _broken(words, "google.file_token", path)
    if "web" in read:
        raise _broken(words, "google.file_web", path)
    found = read.get("installed")
    if not isinstance(found, dict):
        raise _broken(words, "google.file_other", path)
    client_id, secret = str(found.get("client_id") or "").strip(), str(found.get("client_secret") or "").strip()
    if not client_id.endswith(SUFFIX):
        raise _broken(words, "google.file_no_id", path)
    if not secret:
        raise _broken(words, "google.file_no_secret", path)
    return Client(client_id, secret)


def newest(folder: Path) -> Path | None:
    """The file that was downloaded last; None if there is none."""
    try:
        files = sorted(folder.glob(PATTERN), key=lambda file: file.stat().st_mtime)
    except OSError:
        return None
    return files[-1] if files else None


def is_open_to_others(path: Path) -> bool:
    """Whether anybody else on this computer may read or change it."""
    try:
        return bool(path.stat().st_mode & _OTHERS_MAY)
    except OSError:
        return False


def _broken(words: Words, key: str, path: Path, *, reason: str = "") -> AccountTrouble:
    return AccountTrouble(Trouble.BROKEN, words(key, file=path, reason=reason), words(f"{key}_hint"))
