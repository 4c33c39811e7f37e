"""A file that is written whole is there as it was or as it shall be, and nothing lies beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor import atomic


def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    atomic.write(tmp_path / "a.json", b"new")
    assert (tmp_path / "a.json").read_bytes() == b"new"
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o600


def test_another_mode_is_kept_to(tmp_path: Path) -> None:
    atomic.write(tmp_path / "a.md", b"new", mode=0o640, synced=True)
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o640


def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        atomic.write(file, b"new", synced=True)
    assert file.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / ("x" * 250)
    atomic.write(file, b"new")
    assert file.read_bytes() == b"new"
