"""A folder of lessons for each test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for lessons of this test."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    monkeypatch.setenv("TUTOR_LESSONS", str(folder))
    return folder
