"""The conversation's work behind the screen, where something under it is broken."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import os
import sqlite3
from pathlib import Path

import pytest

from tests.commands.support import step, write_lesson
from tutor import log
from tutor.commands.backstage import Backstage, FileSource
from tutor.commands.environment import Environment
from tutor.commands.folders import WorkingFolder
from tutor.commands.selection import read_lesson, trust_key
from tutor.errors import LessonError, TutorError
from tutor.lesson.trust import content_digest
from tutor.paths import Paths
from tutor.progress.store import Store


def surroundings() -> Environment:
    return Environment.of(argparse.Namespace(lang="en", runtime=None), log=False)


def backstage(environment: Environment) -> Backstage:
    return Backstage(environment, environment.runtimes(), practice=False)


def made_and_trusted(lessons: Path, environment: Environment) -> Path:
    folder = write_lesson(lessons, "made", step("first", "x = 1"))
    with contextlib.closing(Store(environment.paths.database())) as store:
        store.add_trust(trust_key(folder), content_digest(folder), "made")
    return folder


def lose_every_table(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
        ]
        for name in names:
            connection.execute(f"ALTER TABLE {name} RENAME TO lost_{name}")


def test_a_store_that_cannot_be_read_is_done_without_and_logged_once(lessons: Path, tutor_home: Path) -> None:
    environment = surroundings()
    write_lesson(lessons, "made", step("first", "x = 1"))

    async def ask() -> None:
        behind = backstage(environment)
        assert await behind.store() is not None
        lose_every_table(environment.paths.database())
        assert "made" in [row.id for row in await behind.lessons()]
        assert await behind.entries("made", None, 50) == []
        assert await behind.history() == []
        assert (await behind.first(("", "")))[0]
        await behind.aclose()

    environment.start_log()
    try:
        asyncio.run(ask())
    finally:
        log.stop()
    assert (tutor_home / "logs" / "tutor.log").read_text("utf-8").count("the store cannot be read") == 1


def test_without_a_store_nobody_can_tell_whether_a_lesson_is_trusted(lessons: Path) -> None:
    environment = surroundings()
    write_lesson(lessons, "made", step("first", "x = 1"))
    environment.paths.database().mkdir(parents=True)

    async def open_it() -> None:
        behind = backstage(environment)
        try:
            await behind.open("made", "")
        finally:
            await behind.aclose()

    with pytest.raises(LessonError, match="cannot be looked up") as raised:
        asyncio.run(open_it())
    assert "has not been trusted" not in raised.value.message


def test_a_lesson_that_is_read_again_without_a_store_is_a_lesson_error(lessons: Path) -> None:
    environment = surroundings()
    made_and_trusted(lessons, environment)
    source = FileSource(environment, read_lesson(environment, "made"))
    assert source.reload().id == "made"
    for file in environment.paths.database().parent.glob("tutor.db*"):
        file.unlink()
    environment.paths.database().mkdir()
    with pytest.raises(LessonError, match="cannot be looked up"):
        source.reload()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_lesson_is_watched_in_each_language(lessons: Path, language: str) -> None:
    environment = surroundings()
    folder = write_lesson(lessons, "made", step("first", "x = 1"))
    write_lesson(lessons, "made", step("first", "x = 1"), language="zh")
    source = FileSource(environment, read_lesson(environment, "made"))
    assert not source.changed()
    with (folder / f"{language}.md").open("a", encoding="utf-8") as file:
        file.write("\nMore.\n")
    assert source.changed()


def test_a_working_folder_whose_lock_cannot_be_opened_says_which_and_what_mends_it(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    lock = paths.work("made").with_name(".made.lock")
    lock.mkdir()
    with pytest.raises(TutorError, match=str(lock)) as raised:
        WorkingFolder.take(paths, "made")
    assert "TUTOR_HOME" in raised.value.hint


def test_a_file_system_without_locks_is_worked_on_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(_descriptor: int, _operation: int) -> None:
        raise OSError(95, os.strerror(95))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    folder = WorkingFolder.take(Paths(tmp_path), "made")
    assert folder.path.name == "made"
    folder.release()
