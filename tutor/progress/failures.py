"""What SQLite's errors mean to the person who owns the file, and what mends them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tutor.errors import StoreError

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_FORBIDDEN = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 when the error comes from Python's module itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_locked(error: sqlite3.Error) -> bool:
    """Another connection holds the file."""
    return primary_code(error) in _LOCKED


def explain(path: Path, error: sqlite3.Error | OSError) -> StoreError:
    """The error as tutor says it: which file, what happened, what mends it."""
    if isinstance(error, OSError):
        return StoreError(
            f"The store {path} cannot be opened: {error.strerror}",
            "Make its folder writable, or let TUTOR_HOME name a folder that is.",
        )
    code = primary_code(error)
    if code in _LOCKED:
        return StoreError(
            f"The store {path} is locked by another program",
            "Close the program that holds it (perhaps a database viewer or a backup) and start again.",
        )
    if code in _DAMAGED:
        return damaged(path, str(error))
    if code in _FORBIDDEN:
        return StoreError(
            f"The store {path} cannot be written: {error}",
            "Give yourself the right to write the file and its folder, or let TUTOR_HOME name another folder.",
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreError(f"The disk of the store {path} is full", "Free some space on it and start again.")
    if code == sqlite3.SQLITE_CANTOPEN:
        return StoreError(
            f"The store {path} cannot be opened: {error}",
            "Make its folder writable, or let TUTOR_HOME name a folder that is.",
        )
    return StoreError(
        f"The store {path} failed: {error}", "If it happens again, attach the file of `tutor report` to a bug report."
    )


def damaged(path: Path, detail: str) -> StoreError:
    """The file is no database that can be read."""
    backups = sorted(path.parent.glob(f"{path.name}.before-*"))
    back = f", or put its backup {backups[-1]} in its place" if backups else ""
    return StoreError(
        f"The store {path} is damaged or is no database: {detail}",
        f"Move it away{back}; without the file a new store is made and progress starts afresh.",
    )
