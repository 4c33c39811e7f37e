"""Attempts, and what they say about each step."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Sequence
from typing import Any

from tutor.progress.connection import storable
from tutor.progress.model import STATE_AFTER, Attempt, Entry, GoodRun, StepRecord, StepState, Verdict
from tutor.progress.transcript import Transcript, insert_entries, to_json

_ADD_ATTEMPT = (
    "INSERT INTO attempt (lesson, step, hash, verdict, language, attempt, seconds, hints_taken, solution_shown, practice,"
    " runtime, device, python, code, reason, checks, time) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
# What was passed stays passed, with the hash and the code that it was passed with. An open step keeps the code that was not missed.
_MOVE_STEP = """
INSERT INTO step (lesson, step, practice, state, passed_hash, hash, attempts, code, unmet, receipt, time)
VALUES (:lesson, :step, :practice, :state, CASE WHEN :state = 'passed' THEN :hash ELSE '' END, :hash, :attempts, :code,
    :unmet, :receipt, :time)
ON CONFLICT (lesson, step, practice) DO UPDATE SET
    state = CASE WHEN state = 'passed' THEN 'passed' ELSE excluded.state END,
    passed_hash = CASE WHEN excluded.state = 'passed' THEN excluded.hash ELSE passed_hash END,
    hash = excluded.hash,
    attempts = attempts + excluded.attempts,
    code = CASE WHEN excluded.code != '' AND (excluded.state = 'passed' OR state != 'passed') THEN excluded.code ELSE code END,
    unmet = excluded.unmet,
    receipt = CASE WHEN excluded.state = 'passed' THEN excluded.receipt ELSE receipt END,
    time = excluded.time
"""
_IS_PASSED_HERE = "SELECT 1 FROM step WHERE lesson = ? AND step = ? AND practice = 0 AND state = 'passed' AND passed_hash = ? AND receipt = ''"
_COLUMNS = "lesson, step, state, passed_hash, hash, attempts, code, unmet, receipt, time"


class Steps(Transcript):
    """What was tried and where each step stands. Practice is kept apart and never moves the live step."""

    def record(self, attempt: Attempt, entries: Sequence[Entry] = ()) -> list[Entry]:
        """Keep an attempt, the step's new state and what was said about it, all or nothing."""
        with self._writing() as connection:
            _insert(connection, attempt)
            return insert_entries(connection, entries)

    def record_receipt(self, attempts: Sequence[Attempt], entries: Sequence[Entry] = ()) -> list[Entry]:
        """Keep steps that passed elsewhere, each with its `device` as the place; all or nothing.

        A step that passed here in the same form stays as it is: that somebody says so adds nothing to it.
        """
        with self._writing() as connection:
            for attempt in attempts:
                step = (attempt.lesson_id, attempt.step_id, attempt.step_hash)
                if connection.execute(_IS_PASSED_HERE, step).fetchone() is None:
                    _insert(connection, attempt, receipt=attempt.device or "?")
            return insert_entries(connection, entries)

    def set_state(
        self,
        lesson_id: str,
        step_id: str,
        state: StepState,
        step_hash: str,
        entries: Sequence[Entry] = (),
        *,
        unmet: Sequence[str] = (),
    ) -> list[Entry]:
        """Move a step without an attempt: skipped, left open for want of what is `unmet`, or passed by reading. One that was passed stays passed."""
        now = datetime.datetime.now(datetime.UTC).isoformat()
        with self._writing() as connection:
            connection.execute(
                _MOVE_STEP,
                {
                    "lesson": lesson_id,
                    "step": step_id,
                    "practice": False,
                    "state": state,
                    "hash": step_hash,
                    "attempts": 0,
                    "code": "",
                    "unmet": " ".join(unmet),
                    "receipt": "",
                    "time": now,
                },
            )
            return insert_entries(connection, entries)

    def steps(self, lesson_id: str, *, practice: bool = False) -> dict[str, StepRecord]:
        """The steps of a lesson by id, also those that the lesson no longer has."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM step WHERE lesson = ? AND practice = ?",  # noqa: S608
            (lesson_id, practice),
        )
        return {row[1]: _record(row) for row in rows}

    def all_steps(self) -> dict[str, dict[str, StepRecord]]:
        """The live steps of all lessons, by lesson and step id."""
        found: dict[str, dict[str, StepRecord]] = {}
        for row in self._read(f"SELECT {_COLUMNS} FROM step WHERE practice = 0"):  # noqa: S608
            found.setdefault(row[0], {})[row[1]] = _record(row)
        return found

    def good_run(self, run: GoodRun) -> None:
        """The lesson's own solution passed this step: keep when."""
        self._write(
            "INSERT OR REPLACE INTO good_run VALUES (?, ?, ?, ?, ?)",
            (run.lesson_id, run.step_id, run.hash, run.language, run.time.isoformat()),
        )


def _insert(connection: sqlite3.Connection, attempt: Attempt, *, receipt: str = "") -> None:
    """One attempt, and the step's new state. Args: `receipt`: where it was, if nobody saw it here."""
    a = attempt
    time, code = a.time.isoformat(), storable(a.code)
    connection.execute(
        _ADD_ATTEMPT,
        (
            a.lesson_id,
            a.step_id,
            a.step_hash,
            a.verdict,
            a.language,
            a.attempt,
            a.seconds,
            a.hints_taken,
            a.solution_shown,
            a.practice,
            a.runtime,
            storable(a.device),
            a.python,
            code,
            storable(a.reason),
            to_json(a.checks),
            time,
        ),
    )
    connection.execute(
        _MOVE_STEP,
        {
            "lesson": a.lesson_id,
            "step": a.step_id,
            "practice": a.practice,
            "state": STATE_AFTER[a.verdict],
            "hash": a.step_hash,
            "attempts": 0 if receipt else 1,
            "code": code if a.verdict is not Verdict.NOT_YET else "",
            "unmet": " ".join(a.unmet),
            "receipt": storable(receipt),
            "time": time,
        },
    )


def _record(row: tuple[Any, ...]) -> StepRecord:
    lesson_id, step_id, state, passed_hash, step_hash, attempts, code, unmet, receipt, time = row
    return StepRecord(
        lesson_id=lesson_id,
        step_id=step_id,
        state=StepState(state),
        passed_hash=passed_hash,
        hash=step_hash,
        attempts=attempts,
        code=code,
        unmet=tuple(unmet.split()),
        receipt=receipt,
        time=datetime.datetime.fromisoformat(time),
    )
