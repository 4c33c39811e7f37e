"""The one connection of a store: opened with care, its errors explained, its writes in transactions."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tutor.paths import make_private
from tutor.progress.failures import explain, is_locked
from tutor.progress.migrations import migrate

BUSY_SECONDS = 5.0
"""How long to wait for another tutor that is writing."""


class Connection:
    """Owns the sqlite3 connection; must be used in the thread that made it."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, make it if there is none, and bring its schema up to date.

        Raises:
            StoreTooNew: the file was written by a newer tutor.
            StoreError: it cannot be opened, read or written.
        """
        self.path = path
        try:
            make_private(path.parent)
            # SQLite gives the files it makes beside this one the same mode.
            os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
            # Transactions are begun and ended here, not guessed by Python's module.
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=busy_seconds, cached_statements=256)
        except (OSError, sqlite3.Error) as error:
            raise explain(path, error) from error
        try:
            self._prepare(busy_seconds)
        except BaseException as error:
            self._connection.close()
            if isinstance(error, OSError | sqlite3.Error):
                raise explain(path, error) from error
            raise

    def close(self) -> None:
        """Close it; safe to call twice."""
        # What a full or vanished disk says at the end changes nothing: all that was recorded is committed.
        with suppress(sqlite3.Error):
            self._connection.close()

    def _prepare(self, busy_seconds: float) -> None:
        # The schema first: a file of another program must not be changed, not even its journal mode.
        migrate(self._connection, self.path)
        mode = self._with_patience("PRAGMA journal_mode = WAL", busy_seconds)
        # With a write-ahead log NORMAL loses nothing when a program is killed, since a commit has been handed to the system by then; only
        # a power cut can take the newest commits, and never the file. FULL would wait for the disk at every step. Where
        # there can be no such log (some network folders), FULL keeps the file whole.
        self._connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")
        self._connection.execute("PRAGMA foreign_keys = ON")
        # A file that can only be read shows it here and not at the first finished step.
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("ROLLBACK")

    def _with_patience(self, statement: str, seconds: float) -> str:
        """SQLite does not wait when two connections change the journal mode at once."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return str(self._connection.execute(statement).fetchone()[0])
            except sqlite3.OperationalError as error:
                if not is_locked(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _read(self, statement: str, values: Iterable[Any] = ()) -> list[Any]:
        try:
            return self._connection.execute(statement, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise explain(self.path, error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction. It takes the write lock at once, so that two tutors wait for each other instead of failing."""
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # A full disk has already rolled back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise explain(self.path, error) from error

    def _write(self, statement: str, values: Iterable[Any] = ()) -> None:
        """One statement as a transaction of its own."""
        try:
            self._connection.execute(statement, tuple(values))
        except sqlite3.Error as error:
            raise explain(self.path, error) from error


def storable(text: str) -> str:
    """The text without lone surrogates, which stand for bytes that were no UTF-8 and which SQLite refuses."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
