"""The store: everything that is kept of a learner's progress, in one SQLite file.

Nothing but SQL happens here; what a verdict means is the session's business.
"""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

from tutor.progress.desk import Desk
from tutor.progress.failures import explain
from tutor.progress.migrations import back_up
from tutor.progress.steps import Steps

_PROGRESS_TABLES = ("step", "attempt", "entry", "draft", "version", "position", "good_run", "tick")


class Store(Steps, Desk):
    """Every method is one short transaction, committed when it returns. Belongs to the thread that made it."""

    def trusted(self, path: str) -> str | None:
        """The digest of what was trusted under this absolute path, if anything."""
        rows = self._read("SELECT digest FROM trust WHERE path = ?", (path,))
        return rows[0][0] if rows else None

    def all_trusted(self) -> dict[str, str]:
        """The digests of all that was trusted, by path."""
        return dict(self._read("SELECT path, digest FROM trust"))

    def add_trust(self, path: str, digest: str, what: str) -> None:
        """The learner saw the content with this digest, described by `what`, and agreed."""
        now = datetime.datetime.now(datetime.UTC).isoformat()
        self._write("INSERT OR REPLACE INTO trust VALUES (?, ?, ?, ?)", (path, digest, what, now))

    def backup(self) -> Path:
        """Copy the whole store beside itself; where the copy is."""
        now = datetime.datetime.now(datetime.UTC)
        try:
            return back_up(self.path, f"reset-{now:%Y%m%dT%H%M%S}")
        except (OSError, sqlite3.Error) as error:
            raise explain(self.path, error) from error

    def reset(self, lesson_id: str | None = None) -> None:
        """Forget the progress in one lesson, or in all. Trust, form values and prompt history stay."""
        where, values = ("", ()) if lesson_id is None else (" WHERE lesson = ?", (lesson_id,))
        with self._writing() as connection:
            for table in _PROGRESS_TABLES:
                connection.execute(f"DELETE FROM {table}{where}", values)  # noqa: S608

    def export_report(self) -> dict[str, int | str]:
        """Counts for a bug report: nothing of what was written or said."""
        counts: dict[str, int | str] = {
            table: self._read(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608
            for table in (*_PROGRESS_TABLES, "form_value", "prompt", "trust")
        }
        for state, count in self._read("SELECT state, count(*) FROM step WHERE practice = 0 GROUP BY state"):
            counts[f"step.{state}"] = count
        for verdict, count in self._read("SELECT verdict, count(*) FROM attempt GROUP BY verdict"):
            counts[f"attempt.{verdict}"] = count
        counts["migrations"] = ", ".join(name for (name,) in self._read("SELECT name FROM migration ORDER BY name"))
        counts["journal"] = self._read("PRAGMA journal_mode")[0][0]
        counts["bytes"] = self.path.stat().st_size
        counts["sqlite"] = sqlite3.sqlite_version
        return counts
