"""Kernels of every Python that lessons may run in, with ipykernel and nothing of tutor's beside it.

An environment is made for each Python on this machine; `TUTOR_TEST_PYTHONS` names Pythons that have ipykernel, to spare that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.kernels import LONG, make_runtime, printed
from tutor.harness import JUDGE_CODE
from tutor.runtime.base import Request

pytestmark = [pytest.mark.kernel, pytest.mark.usefixtures("nothing_left")]

VERSIONS = ("3.10", "3.13", "3.14")
"""The oldest, and the newest that there are: each needs an environment of its own, which takes its time."""
QUICKLY = ("-q", "--disable-pip-version-check", "--retries=0", "--no-compile")
GIVEN = [path for path in os.environ.get("TUTOR_TEST_PYTHONS", "").split(os.pathsep) if path]
PYENV = os.environ.get("PYENV_ROOT", "")


def says(python: str, code: str) -> str:
    """What that Python prints for the code; empty if it fails."""
    try:
        done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, timeout=LONG, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def find(version: str) -> str | None:
    """A Python of that version."""
    beside = sorted(map(str, Path(PYENV).glob(f"versions/{version}.*/bin/python"))) if PYENV else []
    on_path = shutil.which(f"python{version}")
    candidates = [*GIVEN, *([on_path] if on_path else []), *beside]
    wanted = "import sys; print('%d.%d' % sys.version_info[:2])"
    return next((python for python in candidates if says(python, wanted) == version), None)


@pytest.fixture(params=VERSIONS)
def python(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    found = find(request.param)
    if found is None:
        pytest.skip(f"no Python {request.param} on this machine")
    if found in GIVEN:
        return found
    environment = tmp_path / "environment"
    made = environment / "bin" / "python"
    for command in (
        # Without a pip of its own, which takes longer to make than all the rest.
        [found, "-m", "venv", "--without-pip", str(environment)],
        [sys.executable, "-m", "pip", "--python", str(made), "install", *QUICKLY, "ipykernel"],
    ):
        try:
            subprocess.run(command, capture_output=True, timeout=60, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"no environment with ipykernel for Python {request.param}: {error}")
    return str(made)


async def test_lessons_run_in_it(python: str, tmp_path: Path) -> None:
    runtime = make_runtime(tmp_path, python)
    try:
        info = await runtime.start()
        assert info.python.startswith(tuple(VERSIONS))
        attempt = Request("x = 2\nprint(x)\nx", {"op": "attempt", "step": "a", "fresh": True})
        checks = [
            {"code": "# two\nassert x == 2", "line": 1, "needs": []},
            {"code": "assert x > 3", "line": 3, "needs": []},
        ]
        judge = Request(JUDGE_CODE, {"op": "judge", "step": "a", "checks": checks, "attempted": True}, silent=True)
        execution = runtime.execute([attempt, judge], timeout=LONG)
        finished = await execution.wait()
        assert finished.judged is not None
        assert [line["verdict"] for line in finished.judged["lines"]] == ["passed", "not_yet"]
        assert printed(execution.output) == "2\n"
    finally:
        await runtime.aclose()
