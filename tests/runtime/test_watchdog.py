"""A tutor that is killed leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.kernels import alive, kernels_of, processes
from tests.support.waiting import wait_for
from tutor.harness import BASH_CODE
from tutor.runtime import watchdog as watchdog_module
from tutor.runtime.process import WATCHDOG

pytestmark = pytest.mark.kernel

PARENT = """
import asyncio, sys
from pathlib import Path
from tests.runtime.kernels import make_runtime
from tutor.runtime.base import Request

async def main():
    runtime = make_runtime(Path(sys.argv[1]))
    await runtime.start()
    execution = runtime.execute([Request(sys.argv[2], {metadata})])
    while not (Path(sys.argv[1]) / "work" / "running").exists():
        await asyncio.sleep(0.01)
    print("running", flush=True)
    await execution.wait()

asyncio.run(main())
"""
SEEN = "open('running', 'w').close()\n"
CASES = {
    "plain loop": SEEN + "while True: pass",
    "regex that holds the GIL": SEEN + "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
    "subprocess": SEEN + "import subprocess\nsubprocess.run(['bash', '-c', 'sleep 81 & sleep 82'])",
    "child in a session of its own": SEEN
    + "import subprocess\nsubprocess.run(['sleep', '83'], start_new_session=True)",
    "idle": SEEN,
}


def killed(folder: Path, code: str, metadata: str) -> list[int]:
    """Start a parent with that code under way, kill it, and return what lived then."""
    (folder / "work").mkdir()
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.replace("{metadata}", metadata), str(folder), code],
        stdout=subprocess.PIPE,
        cwd=WATCHDOG.parents[2],
        text=True,
    )
    assert parent.stdout is not None
    try:
        assert parent.stdout.readline() == "running\n"
        # The process table is no snapshot: one that is read while it changes can lack the kernel.
        pids = wait_for(lambda: [*found] if len(found := kernels_of(parent.pid)) >= 2 else [])
        children = wait_for(lambda: [p.pid for p in processes() if p.parent in pids] or "subprocess" not in code)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
    return pids + (children if isinstance(children, list) else [])


@pytest.mark.parametrize("code", CASES.values(), ids=CASES.keys())
def test_nothing_is_left_when_the_tutor_is_killed(tmp_path: Path, code: str) -> None:
    pids = killed(tmp_path, code, '{"op": "free"}')
    wait_for(lambda: not alive(pids), 3.0, "the end of every process")


def test_nothing_of_a_bash_step_is_left_when_the_tutor_is_killed(tmp_path: Path) -> None:
    script = "sleep 84 & (sleep 85 & sleep 86) & touch running; wait"
    metadata = repr({"op": "attempt", "step": "b", "fresh": True, "language": "bash", "script": script})
    pids = killed(tmp_path, BASH_CODE, metadata)
    assert len(pids) >= 5
    wait_for(lambda: not alive(pids), 3.0, "the end of every process")


def test_it_ends_a_program_that_ignores_signals_and_removes_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir()
    (folder / "k-1").touch()
    program = "import signal, sys, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nprint(flush=True)\ntime.sleep(60)"
    watchdog = start(folder, sys.executable, "-c", program)
    assert watchdog.stdout is not None
    assert watchdog.stderr is not None
    pid = int(watchdog.stdout.readline().split()[1])
    watchdog.stderr.readline()
    assert os.getsid(pid) == pid
    assert os.getsid(watchdog.pid) == watchdog.pid
    assert watchdog.communicate()[0] == b"exit -9\n"
    assert not alive([pid])
    assert not folder.exists()


def test_it_tells_the_exit_and_ends_what_was_left_behind(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys\nchild = subprocess.Popen(['sleep', '87'])\nprint(child.pid, flush=True)\nsys.exit(3)"
    )
    watchdog = start(tmp_path / "none", sys.executable, "-c", program)
    assert watchdog.stdout is not None
    assert watchdog.stderr is not None
    watchdog.stdout.readline()
    child = int(watchdog.stderr.readline())
    assert watchdog.stdout.readline() == b"exit 3\n"
    assert not alive([child])
    watchdog.communicate()


def test_it_tells_why_a_program_does_not_start(tmp_path: Path) -> None:
    output, _ = start(tmp_path / "none", str(tmp_path / "nothing")).communicate()
    assert output == b"error 2\n"


def test_terminating_the_watchdog_ends_the_kernel(tmp_path: Path) -> None:
    watchdog = start(tmp_path / "none", "/bin/sleep", "88")
    assert watchdog.stdout is not None
    pid = int(watchdog.stdout.readline().split()[1])
    watchdog.terminate()
    assert watchdog.stdout.readline() == b"exit -9\n"
    assert not alive([pid])
    watchdog.communicate()


@pytest.mark.skipif(shutil.which("ps") is None, reason="no ps on this machine")
def test_ps_shows_what_proc_shows() -> None:
    """macOS has no /proc."""
    child = subprocess.Popen(["/bin/sleep", "89"])
    try:
        assert dict(watchdog_module.from_ps())[child.pid] == os.getpid()
        assert not watchdog_module.zombie(child.pid)
    finally:
        child.kill()
        wait_for(lambda: watchdog_module.zombie(child.pid))
        child.wait()
    assert watchdog_module.zombie(child.pid)


def start(folder: Path, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(WATCHDOG), str(folder), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
