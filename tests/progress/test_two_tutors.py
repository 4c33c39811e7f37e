from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.progress.samples import attempt
from tutor.progress.store import Store

WRITER = """
import sys
from pathlib import Path
from tests.progress.samples import attempt, entry
from tutor.progress.store import Store
path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = Store(path)
for number in range(count):
    store.record(attempt(lesson_id=name, step_id=str(number)), [entry()])
    print(number, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def test_two_processes_make_and_write_one_store(path: Path) -> None:
    names = ("a", "b", "c")
    processes = [writer(path, name, 100) for name in names]
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0, 0]
    store = Store(path)
    assert {name: len(steps) for name, steps in store.all_steps().items()} == dict.fromkeys(names, 100)
    assert len(store.entries("check-device", limit=1000)) == 300
    store.close()


def test_what_was_recorded_survives_kill_9(path: Path) -> None:
    process = writer(path, "a", 1_000_000)
    assert process.stdout is not None
    for _ in range(20):
        last = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    store = Store(path)
    assert len(store.steps("a")) >= last + 1
    store.record(attempt())
    store.close()


def test_two_connections_in_turn(path: Path) -> None:
    first, second = Store(path), Store(path)
    first.record(attempt())
    second.record(attempt(step_id="two"))
    assert list(first.steps("check-device")) == ["ask", "two"]
    first.close()
    second.close()
