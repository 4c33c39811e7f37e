"""`tutor --plain` through a pipe, with a real kernel."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.terminal, pytest.mark.kernel]

LIMIT = 90.0


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    program = subprocess.Popen(
        [sys.executable, "-m", "tutor", "--plain", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TUTOR_LANG": "en"},
    )
    with program:
        try:
            yield program
        finally:
            program.kill()


def type_line(program: subprocess.Popen[str], line: str) -> None:
    assert program.stdin is not None
    program.stdin.write(line + "\n")
    program.stdin.flush()


def read_to(program: subprocess.Popen[str], wanted: str) -> None:
    assert program.stdout is not None
    seen = ""
    while wanted not in seen:
        line = program.stdout.readline()
        assert line, f"never: {wanted}\n{seen}"
        seen += line


def test_the_first_step_is_run_through_a_pipe_and_kept(lessons: Path) -> None:
    with started("check-device") as program:
        said, complaints = program.communicate("r\n", LIMIT)
    assert "Passed: The output names the Python that runs this lesson" in said
    assert complaints == ""
    assert program.returncode == 0
    with started("check-device") as again:
        said, _ = again.communicate("l\n", LIMIT)
    assert "1 of 10 steps passed" in said


def test_ctrl_c_stops_code_and_then_the_program(lessons: Path) -> None:
    with started("check-device") as program:
        type_line(program, "k")
        type_line(program, "import time; print('begun', flush=True); time.sleep(1000)")
        read_to(program, "begun")
        program.send_signal(signal.SIGINT)
        read_to(program, "KeyboardInterrupt")
        type_line(program, "print('alive')")
        read_to(program, "alive")
        read_to(program, "? help")
        program.send_signal(signal.SIGINT)
        assert program.wait(LIMIT) == 130
