"""The store's schema as a list of named changes, and how they are applied.

A change that was released is never edited; a new one is added at the end.
"""

from __future__ import annotations

import datetime
import os
import sqlite3
from pathlib import Path

from tutor.errors import StoreError, StoreTooNew

Migration = tuple[str, tuple[str, ...]]
"""Its name, and its statements."""

MIGRATIONS: tuple[Migration, ...] = (
    (
        "0001-begin",
        (
            # Rows are keyed by lesson and step ids, which the lessons own: a step that is gone keeps its rows.
            """CREATE TABLE step (
                lesson TEXT NOT NULL, step TEXT NOT NULL, practice INTEGER NOT NULL,
                state TEXT NOT NULL, passed_hash TEXT NOT NULL DEFAULT '', hash TEXT NOT NULL DEFAULT '',
                attempts INTEGER NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '', time TEXT NOT NULL,
                PRIMARY KEY (lesson, step, practice)
            )""",
            """CREATE TABLE attempt (
                id INTEGER PRIMARY KEY, lesson TEXT NOT NULL, step TEXT NOT NULL, hash TEXT NOT NULL,
                verdict TEXT NOT NULL, language TEXT NOT NULL, attempt INTEGER NOT NULL, seconds REAL NOT NULL,
                hints_taken INTEGER NOT NULL, solution_shown INTEGER NOT NULL, practice INTEGER NOT NULL,
                runtime TEXT NOT NULL, device TEXT NOT NULL, python TEXT NOT NULL, code TEXT NOT NULL,
                reason TEXT NOT NULL, checks TEXT NOT NULL, time TEXT NOT NULL
            )""",
            "CREATE INDEX attempt_of_step ON attempt (lesson, step, id)",
            # An id is never used again, even after a reset: another open tutor knows messages by it.
            """CREATE TABLE entry (
                id INTEGER PRIMARY KEY AUTOINCREMENT, lesson TEXT NOT NULL, step TEXT NOT NULL, speaker TEXT NOT NULL,
                kind TEXT NOT NULL, body TEXT NOT NULL, data TEXT NOT NULL, time TEXT NOT NULL
            )""",
            "CREATE INDEX entry_of_lesson ON entry (lesson, id)",
            """CREATE TABLE draft (
                lesson TEXT NOT NULL, step TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (lesson, step)
            )""",
            # `turn` says which lesson came last; a clock may go back.
            """CREATE TABLE position (
                lesson TEXT PRIMARY KEY, step TEXT NOT NULL, turn INTEGER NOT NULL
            )""",
            """CREATE TABLE good_run (
                lesson TEXT NOT NULL, step TEXT NOT NULL, hash TEXT NOT NULL, language TEXT NOT NULL,
                time TEXT NOT NULL, PRIMARY KEY (lesson, step, hash, language)
            )""",
            """CREATE TABLE tick (
                lesson TEXT NOT NULL, step TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (lesson, step, item)
            )""",
            """CREATE TABLE form_value (
                scope TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (scope, name)
            )""",
            "CREATE TABLE prompt (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL)",
            "CREATE TABLE preference (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
            """CREATE TABLE trust (
                path TEXT PRIMARY KEY, digest TEXT NOT NULL, what TEXT NOT NULL, time TEXT NOT NULL
            )""",
        ),
    ),
    # What an open step lacked, so that open steps can be told by what closes them.
    ("0002-unmet", ("ALTER TABLE step ADD COLUMN unmet TEXT NOT NULL DEFAULT ''",)),
    (
        "0003-versions",
        (
            # What the learner wrote and then gave up; what ran stands in `attempt`.
            """CREATE TABLE version (
                id INTEGER PRIMARY KEY, lesson TEXT NOT NULL, step TEXT NOT NULL, code TEXT NOT NULL, time TEXT NOT NULL
            )""",
            "CREATE INDEX version_of_step ON version (lesson, step, id)",
        ),
    ),
    # Where a step was passed that a receipt told of; empty for one that ran here.
    ("0004-receipt", ("ALTER TABLE step ADD COLUMN receipt TEXT NOT NULL DEFAULT ''",)),
)


def migrate(connection: sqlite3.Connection, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Apply what is missing, after a backup of a file that already holds something.

    All of it is one transaction: a tutor that is killed, or another that starts at the same time, finds the old schema or the new.

    Raises:
        StoreTooNew: the file knows changes that this program does not.
        StoreError: it is the database of another program.
    """
    if not _missing(connection, path, migrations):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Again under the lock: another tutor may have done it meanwhile.
        missing = _missing(connection, path, migrations)
        if len(missing) == len(migrations):
            connection.execute("CREATE TABLE migration (name TEXT PRIMARY KEY, time TEXT NOT NULL)")
        elif missing:
            back_up(path, missing[0][0])
        for name, statements in missing:
            for statement in statements:
                connection.execute(statement)
            now = datetime.datetime.now(datetime.UTC).isoformat()
            connection.execute("INSERT INTO migration VALUES (?, ?)", (name, now))
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has already rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _missing(connection: sqlite3.Connection, path: Path, migrations: tuple[Migration, ...]) -> tuple[Migration, ...]:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return migrations
    if not {"migration", "entry"} <= tables:
        raise StoreError(
            f"The file {path} is the database of another program",
            "Move it away, or let TUTOR_HOME name another folder.",
        )
    applied = {name for (name,) in connection.execute("SELECT name FROM migration")}
    unknown = sorted(applied - {name for name, _ in migrations})
    if unknown:
        raise StoreTooNew(
            f"The store {path} was written by a newer tutor (it has {unknown[-1]})",
            "Update this one (`pip install --upgrade gpu-tutor`), or let TUTOR_HOME name another folder.",
        )
    return tuple(migration for migration in migrations if migration[0] not in applied)


def back_up(path: Path, name: str) -> Path:
    """Make a copy beside the file, named for what comes next; it is whole or not there at all. A connection of its own, because SQLite refuses to copy
    through one that holds the write lock.
    """
    backup = path.with_name(f"{path.name}.before-{name}")
    unfinished = path.with_name(f"{backup.name}.part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))
    source, copy = sqlite3.connect(path), sqlite3.connect(unfinished)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    return unfinished.replace(backup)
