"""Gives the snapshot plugin back the one variable that it passes to itself; `tests/conftest.py` clears all of Textual's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TEMPDIR = "TEXTUAL_SNAPSHOT_TEMPDIR"


@pytest.fixture(scope="session")
def snapshot_folder() -> str:
    """Read before any test's own environment is made."""
    return os.environ.get(TEMPDIR, "")


@pytest.fixture(autouse=True)
def plugin_environment(snapshot_folder: str, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the cleaning of `environment`."""
    if snapshot_folder:
        monkeypatch.setenv(TEMPDIR, snapshot_folder)
