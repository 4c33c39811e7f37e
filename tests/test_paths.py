from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.errors import TutorError
from tutor.paths import Paths, make_private


def test_everything_lies_under_tutor_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    paths = Paths.from_environment({"TUTOR_HOME": str(home)})
    found = [
        paths.config_file(),
        paths.database(),
        paths.log_file(),
        paths.data(),
        paths.logs(),
        paths.cache(),
        paths.bundles(),
        paths.outputs(),
        paths.work("check-device"),
    ]
    assert all(path.is_relative_to(home) for path in found)
    assert paths.work("check-device") == home / "work" / "check-device"


def test_nothing_is_made_before_it_is_asked_for(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.config_file(), paths.database(), paths.log_file()
    assert not (tmp_path / "home").exists()


def test_folders_are_private(tmp_path: Path) -> None:
    previous = os.umask(0o002)
    try:
        folder = Paths(tmp_path / "a" / "home").work("check-device")
    finally:
        os.umask(previous)
    for path in (folder, folder.parent, tmp_path / "a" / "home", tmp_path / "a"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_relative_home_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.from_environment({"TUTOR_HOME": "here"}).home == tmp_path / "here"


def test_without_a_home_the_folders_are_the_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    for environment in ({}, {"TUTOR_HOME": ""}):
        database = Paths.from_environment(environment).database()
        assert database.is_relative_to(tmp_path)
        assert database.parent.name == "gpu-tutor"


def test_further_tutors_get_another_working_folder(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert paths.work("a") != paths.work("a", 2)


@pytest.mark.parametrize("lesson_id", ["", "..", "a/b", "/etc", "a.2"])
def test_a_lesson_id_cannot_lead_elsewhere(tmp_path: Path, lesson_id: str) -> None:
    with pytest.raises(ValueError, match="not a lesson id"):
        Paths(tmp_path).work(lesson_id)


def test_a_folder_that_cannot_be_made_says_what_mends_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TutorError, match="cannot be made") as caught:
        Paths(tmp_path / "file").cache()
    assert "TUTOR_HOME" in caught.value.hint


def test_the_import_does_not_load_platformdirs() -> None:
    code = "import sys, tutor.paths; sys.exit('platformdirs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
