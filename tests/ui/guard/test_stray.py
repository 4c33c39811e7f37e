"""Descriptor 2 while a screen is shown, on a real terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tutor.ui.guard.stray import MOST_BYTES

PROGRAM = """
import faulthandler, os, sys
from pathlib import Path
from tutor.ui.guard.stray import kept_out, let_through

with kept_out(Path(sys.argv[1])):
    os.write(2, b"(stray)")
    faulthandler.dump_traceback(file=2)
    sys.__stderr__.write("(drawn)")
    sys.__stderr__.flush()
    with let_through():
        os.write(2, b"(other program)")
    os.write(2, b"(stray again)")
os.write(2, b"(after)")
"""


def shown(path: Path, **streams: int) -> str:
    """What the terminal shows when that program runs on it. Args: `streams`: that lead somewhere else."""
    terminal, program = pty.openpty()
    arguments = [sys.executable, "-c", PROGRAM, str(path)]
    taken = {"stdin": program, "stdout": program, "stderr": program, **streams}
    subprocess.run(arguments, check=True, timeout=30, **taken)  # type: ignore[call-overload]
    os.close(program)
    with os.fdopen(terminal, "rb", buffering=0) as file:
        return (file.read(1 << 16) or b"").decode()


def test_only_the_screen_writes_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "stderr.log"
    assert shown(path) == "(drawn)(other program)(after)"
    kept = path.read_text()
    assert kept.startswith("(stray)")
    assert "most recent call first" in kept
    assert kept.endswith("(stray again)")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("no folder")
    assert shown(tmp_path / "logs" / "stderr.log") == "(drawn)(other program)(after)"


def test_a_file_that_has_grown_long_begins_afresh(tmp_path: Path) -> None:
    path = tmp_path / "stderr.log"
    path.write_bytes(b"x" * (MOST_BYTES + 1))
    shown(path)
    assert path.stat().st_size < MOST_BYTES


def test_where_errors_go_to_a_file_already_they_go_on_and_the_screen_is_drawn(tmp_path: Path) -> None:
    errors = tmp_path / "errors.txt"
    with errors.open("wb") as file:
        assert shown(tmp_path / "stderr.log", stderr=file.fileno()) == "(drawn)(other program)"
    assert "(stray)" in errors.read_text()
    assert not (tmp_path / "stderr.log").exists()
