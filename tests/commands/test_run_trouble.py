"""`tutor run` when things go wrong: each ends in a clear message, and the run goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.support import step, trusted, tutor, write_lesson
from tests.support.waiting import wait_for

pytestmark = pytest.mark.kernel

HOSTILE = {
    "loop": step("bad", "while True: pass", "assert True", attributes="timeout=2"),
    "exit": step("bad", "import os\nos._exit(3)", "assert True"),
    "memory": step(
        "bad",
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\nx = bytearray(8 << 30)",
        "assert True",
    ),
    "recursion": step("bad", "def f(): return f()\nf()", "assert True"),
    "input": step("bad", "while True:\n    input('? ')", "assert True"),
    "regex": step("bad", "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')", "assert True", attributes="timeout=2"),
}


@pytest.mark.parametrize(
    ("name", "verdict", "told"),
    [
        ("loop", "not_yet", "longer than 2 s"),
        ("exit", "not_yet", "exit status 3"),
        ("memory", "not_yet", "MemoryError"),
        ("recursion", "not_yet", "RecursionError"),
        ("input", "could_not_check", "input"),
        ("regex", "not_yet", "longer than 2 s"),
    ],
)
def test_code_that_misbehaves_ends_in_a_clear_message_and_the_run_goes_on(
    lessons: Path, name: str, verdict: str, told: str
) -> None:
    write_lesson(lessons, name, HOSTILE[name] + step("after", "x = 1", "assert x == 1"))
    trusted(lessons)
    ran = tutor("run", name, "--json")
    finished = ran.finished("bad")
    assert finished["verdict"] == verdict
    assert told in json.dumps([finished["checks"], finished["reason"], finished["error"]])
    assert ran.finished("after")["verdict"] == "passed"


def test_bytes_that_are_no_text_and_escapes_arrive_clean(lessons: Path) -> None:
    code = """
        import os, sys
        sys.stdout.flush()
        os.write(1, b"caf\\xe9 \\xff\\n")
        print("\\x1b[31mred\\x1b[0m \\x1b]0;title\\x07 \\x1b[2J end")
    """
    write_lesson(lessons, "odd", step("odd", code, "assert 'end' in result.text"))
    trusted(lessons)
    ran = tutor("run", "odd", "--json")
    text = ran.printed("odd")
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "title" not in text
    assert "red" in text
    assert "caf" in text
    assert ran.code == 0


def test_a_hundred_megabytes_are_printed_and_the_whole_of_it_is_reported(lessons: Path) -> None:
    code = "line = 'x' * 99\nfor _ in range(1_000_000): print(line)"
    write_lesson(lessons, "flood", step("flood", code, "assert result.text.count('x') > 1000"))
    trusted(lessons)
    ran = tutor("run", "flood", "--json")
    assert ran.printed("flood").count("\n") == 1_000_000
    assert ran.code == 0


def test_a_thread_that_prints_late_is_not_taken_for_the_next_step(lessons: Path) -> None:
    start = """
        import threading, time
        def late():
            while not done.wait(0.05): pass
            print("late words")
        done = threading.Event()
        thread = threading.Thread(target=late)
        thread.start()
    """
    end = "done.set()\nthread.join()\nprint('own words')"
    write_lesson(lessons, "late", step("start", start) + step("end", end, "assert result.text == 'own words\\n'"))
    trusted(lessons)
    ran = tutor("run", "late", "--json")
    assert ran.finished("end")["verdict"] == "passed"
    assert "late words" in ran.out


def test_a_store_that_cannot_be_opened_stops_the_run_before_it_begins(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1", "assert x"))
    trusted(lessons)
    (Path(os.environ["TUTOR_HOME"]) / "tutor.db").write_bytes(b"this is no database" * 100)
    ran = tutor("run", "good", "--json")
    assert (ran.code, ran.out) == (4, "")
    assert "tutor.db" in ran.err


def test_a_proxy_in_the_environment_does_not_come_between_us_and_the_kernel(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1", "assert x"))
    trusted(lessons)
    dead = "http://127.0.0.1:9"
    assert tutor("run", "good", HTTP_PROXY=dead, HTTPS_PROXY=dead, ALL_PROXY="socks5://127.0.0.1:9").code == 0


def test_ctrl_c_ends_the_run_with_130_and_leaves_no_kernel(lessons: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"import os, time\nopen({str(note)!r}, 'w').write(str(os.getpid()))\nwhile True: time.sleep(0.02)"
    write_lesson(lessons, "long", step("wait", code))
    trusted(lessons)
    process = subprocess.Popen([sys.executable, "-m", "tutor", "run", "long"], stdout=subprocess.DEVNULL)
    wait_for(lambda: note.exists() and note.read_text() != "", 30)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    wait_for(lambda: not Path(f"/proc/{note.read_text()}").exists(), 5)


def test_a_closed_pipe_ends_quietly(lessons: Path) -> None:
    body = "".join(step(f"s{number}", f"print({number})") for number in range(5))
    write_lesson(lessons, "many", body)
    trusted(lessons)
    done = subprocess.run(
        f"{sys.executable} -m tutor run many --json | head -n 1",
        shell=True,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.stderr == ""


def test_a_store_that_fails_on_the_way_is_said_once_and_the_steps_go_on(lessons: Path) -> None:
    lock = """
        import os, sqlite3
        connection = sqlite3.connect(os.environ["TUTOR_HOME"] + "/tutor.db", isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
    """
    body = step("lock", lock, "assert connection") + step("one", "x = 1", "assert x") + step("two", "y = x", "assert y")
    write_lesson(lessons, "locked", body)
    trusted(lessons)
    ran = tutor("run", "locked", "--json")
    assert [ran.finished(name)["verdict"] for name in ("lock", "one", "two")] == ["passed"] * 3
    assert (ran.code, ran.events[-1]["exit_code"]) == (4, 4)
    assert ran.err.count("kept") == 1
