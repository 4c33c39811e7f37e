"""What lies on the learner's desk: drafts, places, ticks, form values, prompt history."""

from __future__ import annotations

import datetime

from tutor.progress.connection import Connection, storable

PROMPTS_KEPT = 1000
VERSIONS_KEPT = 20
"""Of the learner's own code of one step that were given up."""


class Desk(Connection):
    """Small things that make coming back pleasant; one value a key. Secrets never come here."""

    def draft(self, lesson_id: str, step_id: str) -> str | None:
        """What stands in the editor of a step, if it differs from the lesson's own code."""
        rows = self._read("SELECT code FROM draft WHERE lesson = ? AND step = ?", (lesson_id, step_id))
        return rows[0][0] if rows else None

    def set_draft(self, lesson_id: str, step_id: str, text: str) -> None:
        """Keep the editor's text."""
        self._write("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (lesson_id, step_id, storable(text)))

    def delete_draft(self, lesson_id: str, step_id: str) -> None:
        """Back to the lesson's own code."""
        self._write("DELETE FROM draft WHERE lesson = ? AND step = ?", (lesson_id, step_id))

    def versions(self, lesson_id: str, step_id: str) -> list[str]:
        """What the learner ran or gave up at a step, newest first, each once."""
        where = (lesson_id, step_id)
        rows = self._read(
            "SELECT code, time FROM version WHERE lesson = ? AND step = ?"
            " UNION ALL SELECT code, time FROM attempt WHERE lesson = ? AND step = ? AND code != ''"
            " ORDER BY time DESC LIMIT ?",
            (*where, *where, 2 * VERSIONS_KEPT),
        )
        return list(dict.fromkeys(code for code, _ in rows))

    def add_version(self, lesson_id: str, step_id: str, text: str) -> None:
        """Keep what is given up; the oldest make room."""
        now = datetime.datetime.now(datetime.UTC).isoformat()
        where = (lesson_id, step_id)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO version (lesson, step, code, time) VALUES (?, ?, ?, ?)", (*where, storable(text), now)
            )
            connection.execute(
                "DELETE FROM version WHERE lesson = ? AND step = ? AND id NOT IN"
                " (SELECT id FROM version WHERE lesson = ? AND step = ? ORDER BY id DESC LIMIT ?)",
                (*where, *where, VERSIONS_KEPT),
            )

    def position(self, lesson_id: str) -> str | None:
        """The step at which the learner stopped."""
        rows = self._read("SELECT step FROM position WHERE lesson = ?", (lesson_id,))
        return rows[0][0] if rows else None

    def set_position(self, lesson_id: str, step_id: str) -> None:
        """The learner is at this step now."""
        self._write(
            "INSERT OR REPLACE INTO position SELECT ?, ?, coalesce(max(turn), 0) + 1 FROM position",
            (lesson_id, step_id),
        )

    def last_lesson(self) -> str | None:
        """The lesson in which the learner was last."""
        rows = self._read("SELECT lesson FROM position ORDER BY turn DESC LIMIT 1")
        return rows[0][0] if rows else None

    def preference(self, key: str) -> str | None:
        """A small thing that is remembered for the screen."""
        rows = self._read("SELECT value FROM preference WHERE key = ?", (key,))
        return rows[0][0] if rows else None

    def set_preference(self, key: str, value: str) -> None:
        """Remember it."""
        self._write("INSERT OR REPLACE INTO preference VALUES (?, ?)", (key, storable(value)))

    def ticks(self, lesson_id: str, step_id: str) -> tuple[int, ...]:
        """The ticked items of a checklist, from 0, in order."""
        rows = self._read("SELECT item FROM tick WHERE lesson = ? AND step = ? ORDER BY item", (lesson_id, step_id))
        return tuple(row[0] for row in rows)

    def set_tick(self, lesson_id: str, step_id: str, item: int, done: bool = True) -> None:
        """Tick or untick one item."""
        if done:
            self._write("INSERT OR IGNORE INTO tick VALUES (?, ?, ?)", (lesson_id, step_id, item))
        else:
            self._write("DELETE FROM tick WHERE lesson = ? AND step = ? AND item = ?", (lesson_id, step_id, item))

    def form_values(self, scope: str) -> dict[str, str]:
        """Form values by name. A scope is the shipped lessons together, or one trusted folder."""
        return dict(self._read("SELECT name, value FROM form_value WHERE scope = ?", (scope,)))

    def set_form_value(self, scope: str, name: str, value: str) -> None:
        """Keep a plain value; a secret one must never be given."""
        self._write("INSERT OR REPLACE INTO form_value VALUES (?, ?, ?)", (scope, name, storable(value)))

    def prompts(self, limit: int = PROMPTS_KEPT) -> list[str]:
        """What was typed at the prompt; the newest comes last."""
        rows = self._read("SELECT text FROM prompt ORDER BY id DESC LIMIT ?", (limit,))
        return [row[0] for row in reversed(rows)]

    def add_prompt(self, text: str) -> None:
        """Keep a line of the prompt, unless it repeats the newest; the oldest ones make room."""
        text = storable(text)
        with self._writing() as connection:
            newest = connection.execute("SELECT text FROM prompt ORDER BY id DESC LIMIT 1").fetchone()
            if newest == (text,):
                return
            last = connection.execute("INSERT INTO prompt (text) VALUES (?)", (text,)).lastrowid or 0
            connection.execute("DELETE FROM prompt WHERE id <= ?", (last - PROMPTS_KEPT,))
