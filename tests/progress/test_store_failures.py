from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from tests.progress.samples import attempt
from tutor.errors import StoreError, StoreTooNew
from tutor.progress import migrations
from tutor.progress.connection import Connection
from tutor.progress.migrations import MIGRATIONS
from tutor.progress.store import Store

NEXT = ("0002-next", ("CREATE TABLE next (x)",))


def test_the_file_is_private(store: Store, path: Path) -> None:
    store.record(attempt())
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_a_file_that_is_no_database_is_named_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"hello, I am no database at all" * 100)
    with pytest.raises(StoreError, match="no database") as caught:
        Store(path)
    assert str(path) in caught.value.message
    assert "Move it away" in caught.value.hint
    assert path.read_bytes().startswith(b"hello")


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store(path)
    assert path.read_bytes() == before


def test_a_damaged_page_is_a_store_error(path: Path) -> None:
    store = Store(path)
    for number in range(200):
        store.record(attempt(step_id=f"s{number}", code="x" * 500))
    store.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        Store(path).all_steps()


def test_a_folder_in_the_place_of_the_file(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(path)


def test_a_file_in_the_place_of_the_folder(path: Path) -> None:
    path.parent.write_text("")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        Store(path)
    assert "TUTOR_HOME" in caught.value.hint


def test_a_locked_file_is_waited_for_and_then_named(path: Path) -> None:
    Store(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        Connection(path, busy_seconds=0.05)
    other.execute("ROLLBACK")
    Store(path).close()
    other.close()


def test_a_store_that_cannot_be_written_says_so(store: Store) -> None:
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="cannot be written"):
        store.record(attempt())
    with pytest.raises(StoreError, match="cannot be written"):
        store.set_draft("a", "s", "x")


def test_a_full_disk_loses_nothing_that_was_recorded(store: Store) -> None:
    store.record(attempt())
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="is full"):
        store.record(attempt(step_id="second", code="x" * 100_000))
    assert list(store.steps("check-device")) == ["ask"]
    store._connection.execute("PRAGMA max_page_count = 100000")
    store.record(attempt(step_id="second"))


def test_the_store_of_a_newer_tutor_is_refused_and_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations.migrate, "__defaults__", ((*MIGRATIONS, NEXT),))
    Store(path).close()
    monkeypatch.undo()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="0002-next"):
        Store(path)
    assert path.read_bytes() == before


def test_a_migration_keeps_a_backup_of_what_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_progress(path)
    assert [file.name for file in path.parent.iterdir()] == ["tutor.db"]
    monkeypatch.setattr(migrations.migrate, "__defaults__", ((*MIGRATIONS, NEXT),))
    migrated = Store(path)
    assert list(migrated.steps("check-device")) == ["ask"]
    migrated.close()
    monkeypatch.undo()

    backup = path.with_name("tutor.db.before-0002-next")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    backup.replace(path)
    restored = Store(path)
    assert list(restored.steps("check-device")) == ["ask"]
    restored.close()


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_progress(path)
    broken = ("0002-broken", ("CREATE TABLE half (x)", "CREATE TABLE step (x)"))
    monkeypatch.setattr(migrations.migrate, "__defaults__", ((*MIGRATIONS, broken),))
    with pytest.raises(StoreError, match="already exists"):
        Store(path)
    monkeypatch.undo()
    store = Store(path)
    assert list(store.steps("check-device")) == ["ask"]
    assert "half" not in str(store._read("SELECT name FROM sqlite_master"))
    store.close()


def test_a_damaged_store_names_its_backup(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 100)
    path.with_name("tutor.db.before-0002-next").touch()
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert "before-0002-next" in caught.value.hint


def test_closing_twice_is_fine_and_using_it_after_is_a_store_error(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError):
        store.all_steps()


def with_progress(path: Path) -> None:
    store = Store(path)
    store.record(attempt())
    store.close()


def test_a_backup_before_a_reset_has_everything(store: Store) -> None:
    store.record(attempt())
    copy = store.backup()
    store.reset()
    restored = Store(copy)
    assert list(restored.steps("check-device")) == ["ask"]
    restored.close()
