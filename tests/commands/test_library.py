"""What the screen knows of all lessons, from real files and a real store."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.commands.support import step, write_lesson
from tests.commands.test_backstage import backstage, surroundings
from tutor.commands.environment import Environment
from tutor.commands.selection import trust_key
from tutor.lesson import parse
from tutor.lesson.trust import content_digest
from tutor.progress.model import Attempt, Verdict
from tutor.progress.store import Store
from tutor.ui.host import Home, LessonRow

TWO = step("first", "x = 1") + step("second", "y = 2", attributes="minutes=4")


def home_of(environment: Environment) -> Home:
    async def ask() -> Home:
        behind = backstage(environment)
        try:
            return await behind.home()
        finally:
            await behind.aclose()

    return asyncio.run(ask())


def row_of(home: Home, lesson_id: str) -> LessonRow:
    return next(row for row in home.lessons if row.id == lesson_id)


def trust(environment: Environment, folder: Path) -> None:
    store = Store(environment.paths.database())
    store.add_trust(trust_key(folder), content_digest(folder), "")
    store.close()


def attempt(environment: Environment, step_id: str, verdict: Verdict, *unmet: str, digest: str = "") -> None:
    hashes = surroundings().catalogue.hashes("made")
    store = Store(environment.paths.database())
    store.record(Attempt("made", step_id, digest or hashes[step_id], verdict, "en", 1, 0.1, unmet=unmet))
    store.set_position("made", step_id)
    store.close()


def test_open_steps_come_with_title_minutes_and_what_they_lack(lessons: Path) -> None:
    environment = surroundings()
    write_lesson(lessons, "made", TWO)
    attempt(environment, "second", Verdict.COULD_NOT_CHECK, "cuda")
    (found,) = home_of(surroundings()).open_steps
    assert (found.lesson, found.title, found.minutes, found.lacks) == ("Made", "Second", 4, ("cuda",))


def test_where_the_learner_stopped(lessons: Path) -> None:
    environment = surroundings()
    write_lesson(lessons, "made", TWO)
    attempt(environment, "first", Verdict.PASSED)
    home = home_of(surroundings())
    assert (home.lesson_id, home.step_id, home.step, home.position) == ("made", "first", "First", 1)
    assert home.minutes_left == 4


def test_a_step_that_changed_after_its_pass_is_counted(lessons: Path) -> None:
    environment = surroundings()
    write_lesson(lessons, "made", TWO)
    attempt(environment, "first", Verdict.PASSED, digest="another")
    row = row_of(home_of(surroundings()), "made")
    assert (row.state, row.changed) == ("changed", 1)


def test_lessons_from_elsewhere_wait_until_they_are_trusted_in_their_present_form(lessons: Path) -> None:
    environment = surroundings()
    folder = write_lesson(lessons, "made", TWO)
    assert row_of(home_of(environment), "made").waits == str(folder)
    trust(environment, folder)
    assert row_of(home_of(surroundings()), "made").waits == ""
    write_lesson(lessons, "made", TWO, title="Changed")
    assert row_of(home_of(surroundings()), "made").waits == str(folder)


def test_news_are_what_changed_since_the_last_sitting(lessons: Path) -> None:
    write_lesson(lessons, "made", TWO)
    assert not any(row.is_news for row in home_of(surroundings()).lessons)
    write_lesson(lessons, "later", TWO)
    write_lesson(lessons, "made", "## No id")
    home = home_of(surroundings())
    assert {row.id for row in home.lessons if row.is_news} == {"later", "made"}
    assert not any(row.is_news for row in home_of(surroundings()).lessons)


def test_both_languages_can_be_searched(lessons: Path) -> None:
    write_lesson(lessons, "made", TWO)
    write_lesson(lessons, "made", TWO, language="zh", title="做好的")
    row = row_of(home_of(surroundings()), "made")
    assert row.title == "Made"
    assert "做好的" in row.also


def test_no_lesson_that_the_index_knows_is_read_again(lessons: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = surroundings()
    folder = write_lesson(lessons, "made", TWO)
    for file in folder.iterdir():
        os.utime(file, (1, 1))
    attempt(environment, "second", Verdict.COULD_NOT_CHECK, "cuda")
    assert home_of(surroundings()).open_steps

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a lesson was parsed")

    monkeypatch.setattr(parse, "parse_lesson", never)
    monkeypatch.setattr("tutor.lesson.scan.parse_lesson", never)
    assert home_of(surroundings()).open_steps


def test_the_report_is_written_from_the_screen_as_well(
    lessons: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def ask() -> str:
        behind = backstage(surroundings())
        try:
            return await behind.report()
        finally:
            await behind.aclose()

    path = Path(asyncio.run(ask()))
    assert path.parent == tmp_path
    assert "== store" in path.read_text("utf-8")
