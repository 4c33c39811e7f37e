"""A folder of lessons for each test."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.commands.support import Ran, Run
from tutor import log
from tutor.cli import main


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`tutor`, in this process, with a pipe as its input: what needs no process of its own is quicker so."""

    def run_it(*arguments: str, stdin: str = "") -> Ran:
        reading, writing = os.pipe()
        os.write(writing, stdin.encode())
        os.close(writing)
        with open(reading, encoding="utf-8") as lines:  # noqa: PTH123 - of a descriptor
            monkeypatch.setattr(sys, "stdin", lines)
            code = main(arguments)
        log.stop()
        return Ran(code, *capsys.readouterr())

    return run_it


@pytest.fixture
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for lessons of this test."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    monkeypatch.setenv("TUTOR_LESSONS", str(folder))
    return folder
