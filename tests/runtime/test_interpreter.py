"""The environment of a kernel."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.runtime.interpreter import environment


def test_folders_for_the_kit_are_meant_from_where_tutor_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TUTOR_DATA", "data/sets")
    monkeypatch.setenv("TUTOR_HOME", "~/tutor")
    found = environment()
    assert found["TUTOR_DATA"] == str(tmp_path / "data" / "sets")
    assert found["TUTOR_HOME"] == str(Path.home() / "tutor")


def test_a_folder_that_is_not_named_stays_unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_DATA", "")
    assert environment()["TUTOR_DATA"] == ""
    monkeypatch.delenv("TUTOR_DATA")
    assert "TUTOR_DATA" not in environment()
