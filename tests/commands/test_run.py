"""`tutor run` on made lessons with a real kernel: what lesson-format.md promises of a headless run."""

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

SEVERAL = (
    step("bind", "x = 6 * 7\nprint('hello')\nx", "# x is the answer\nassert x == 42")
    + step("miss", "x = 1", "# x is the answer\nassert x == 42, 'x is too small'")
    + step("ungpu", "x = 2", "assert x == 2", attributes='needs="module:no_such_module_here"')
    + """\
## Ask {#ask}

```toml quiz
question = "Which?"

[[choice]]
text = "this"
right = true

[[choice]]
text = "that"
why = "Not that."
```

```md hint
Think.
```
"""
)


@pytest.fixture
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for lessons of this test."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    monkeypatch.setenv("TUTOR_LESSONS", str(folder))
    return folder


def test_a_run_tells_each_step_in_order_with_its_verdict(lessons: Path) -> None:
    write_lesson(lessons, "several", SEVERAL)
    trusted(lessons)
    ran = tutor("run", "several", "--json")
    assert [event["event"] for event in ran.events if event["event"] != "output"] == [
        "lesson_started",
        *["step_started", "step_finished"] * 4,
        "lesson_finished",
        "run_finished",
    ]
    assert all(event["time"].endswith("Z") for event in ran.events)
    assert ran.finished("bind")["verdict"] == "passed"
    assert ran.printed("bind") == "hello\n"
    (missed,) = ran.finished("miss")["checks"]
    assert (missed["label"], missed["verdict"]) == ("x is the answer", "not_yet")
    assert (missed["message"], missed["expected"], missed["seen"]) == ("x is too small", "42", "1")
    unmet = ran.finished("ungpu")
    assert (unmet["verdict"], unmet["checks"]) == ("could_not_check", [])
    assert "no_such_module_here" in unmet["reason"]
    assert ran.finished("ask")["verdict"] == "could_not_check"
    assert ran.events[-1]["counts"] == {"passed": 1, "not_yet": 1, "could_not_check": 2}
    assert (ran.events[-1]["exit_code"], ran.code) == (1, 1)


def test_progress_of_a_plain_run_is_listed_and_open_steps_run_again(lessons: Path) -> None:
    write_lesson(lessons, "several", SEVERAL)
    trusted(lessons)
    tutor("run", "several")
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "several")
    assert (row["steps"], row["passed"], row["open"], row["state"]) == (4, 1, 2, "started")
    again = tutor("run", "--open", "--set", "ask=1", "--json")
    assert [event["step"] for event in again.events if event["event"] == "step_finished"] == ["ungpu", "ask"]
    assert again.finished("ask")["verdict"] == "passed"
    assert again.code == 3


def test_open_steps_get_the_names_of_earlier_steps_back(lessons: Path, tmp_path: Path) -> None:
    marker = tmp_path / "there"
    write_lesson(
        lessons,
        "later",
        step("bind", "x = 42", "assert x == 42")
        + step("use", "y = x + 1", "assert y == 43", attributes=f'needs="command:{marker.name}"'),
    )
    trusted(lessons)
    assert tutor("run", "later").code == 3
    marker.write_text("#!/bin/sh\n")
    marker.chmod(0o755)
    ran = tutor("run", "--open", "--json", PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert ran.finished("use")["verdict"] == "passed"


def test_solutions_answer_everything_and_leave_no_progress(lessons: Path) -> None:
    write_lesson(lessons, "several", SEVERAL)
    trusted(lessons)
    ran = tutor("run", "several#ask", "--solutions", "--json")
    assert (ran.finished("ask")["verdict"], ran.code) == ("passed", 0)
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "several")
    assert row["state"] == "new"


def test_one_step_alone_says_which_step_binds_a_missing_name(lessons: Path) -> None:
    write_lesson(lessons, "two", step("first", "x = 1", "assert x") + step("second", "y = x", "assert y"))
    trusted(lessons)
    ran = tutor("run", "two#second", "--json")
    finished = ran.finished("second")
    assert finished["error"]["type"] == "NameError"
    assert "(first)" in finished["checks"][0]["message"]


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


def test_bash_keeps_its_exit_status_and_its_folder(lessons: Path) -> None:
    body = (
        step("make", "echo hello > note.txt; cd /", language="bash")
        + step("read", "cat note.txt; exit 3", "assert result.exit_code == 3", language="bash", words="exit=3")
        + step("wrong", "exit 2", "assert True", language="bash")
    )
    write_lesson(lessons, "shell", body)
    trusted(lessons)
    ran = tutor("run", "shell", "--json")
    assert ran.finished("read")["verdict"] == "passed"
    assert ran.printed("read") == "hello\n"
    assert "2" in ran.finished("wrong")["checks"][0]["message"]


FORM = """\
## Fill in {#fill-in}

```toml form
[[field]]
name = "repo"
label = "Repository"
example = "me/work"
pattern = '\\w+/\\w+'

[[field]]
name = "token"
label = "Token"
example = "ghp_0123456789"
secret = true
```

"""


def test_form_values_reach_the_code_and_a_secret_is_never_shown(lessons: Path, tmp_path: Path) -> None:
    secret = "sesame-open-12345"
    code = """
        import base64
        print("{{repo}}", "{{token}}", base64.b64encode("{{token}}".encode()).decode())
        for letter in "{{token}}": print(letter, end="", flush=True)
    """
    write_lesson(lessons, "form", FORM + step("use", code, "assert '{{repo}}'.count('/') == 1"))
    trusted(lessons)
    file = tmp_path / "token"
    file.write_text(secret + "\n")
    ran = tutor("run", "form", "--set", "repo=you/yours", "--set", f"token=@{file}", "--json")
    assert ran.code == 0, ran.out
    assert "you/yours" in ran.printed("use")
    stored = b"".join(path.read_bytes() for path in Path(os.environ["TUTOR_HOME"]).rglob("*") if path.is_file())
    for form in (secret, "c2VzYW1lLW9wZW4tMTIzNDU"):
        assert form not in ran.out + ran.err
        assert form.encode() not in stored


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["repo=nonsense"], "repo"),
        (["token=short"], "token"),
        (["nobody=1"], "nobody"),
        (["repo"], "NAME=VALUE"),
        (["token=@/no/such/file"], "/no/such/file"),
    ],
)
def test_a_set_that_does_not_fit_is_refused_before_anything_runs(lessons: Path, given: list[str], told: str) -> None:
    write_lesson(lessons, "form", FORM + step("use", "print('{{repo}}')"))
    trusted(lessons)
    ran = tutor("run", "form", "--json", *[word for pair in given for word in ("--set", pair)])
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert "short" not in ran.err.replace("short_secret", "")


def test_unknown_broken_and_untrusted_lessons_are_refused_by_name_and_passed_over_with_all(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1", "assert x"))
    write_lesson(lessons, "stranger", step("one", "x = 1", "assert x"))
    broken = write_lesson(lessons, "broken", "## No id\n")
    trusted(lessons / "good")
    for name in ("nowhere", "broken", "stranger", "good#nowhere"):
        ran = tutor("run", name, "--json")
        assert (ran.code, ran.out) == (2, ""), name
        assert name.partition("#")[2] or name in ran.err
    assert "tutor trust" in tutor("run", "stranger").err
    (broken / "en.md").unlink()
    ran = tutor("run", "--all", "--json", "--solutions")
    assert ran.code == 3
    assert "stranger" in ran.err
    assert ran.finished("one")["lesson"] == "good"


def test_a_changed_lesson_asks_for_trust_again(lessons: Path) -> None:
    folder = write_lesson(lessons, "mine", step("one", "x = 1", "assert x"))
    trusted(lessons)
    assert tutor("run", "mine").code == 0
    write_lesson(lessons, "mine", step("one", "x = 2", "assert x"))
    assert tutor("run", "mine").code == 2
    trusted(folder)
    assert tutor("run", "mine").code == 0


@pytest.mark.parametrize("runtime", ["colab", "kaggle:NvidiaTeslaT4", "http://127.0.0.1:8888/?token=x", "moon"])
def test_runtimes_of_later_versions_are_refused_in_one_sentence(runtime: str) -> None:
    ran = tutor("run", "check-device", "--runtime", runtime, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "token=x" not in ran.err


def test_a_python_that_is_not_there_is_the_tutors_own_failure(lessons: Path) -> None:
    write_lesson(lessons, "good", step("one", "x = 1", "assert x"))
    trusted(lessons)
    ran = tutor("run", "good", "--runtime", "local:/no/such/python", "--json")
    assert ran.code in (2, 4)
    assert "/no/such/python" in ran.err


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


def test_practice_rehearses_what_is_done_by_hand(lessons: Path) -> None:
    body = """\
## By hand {#by-hand}

- [ ] make the file

```python practice
open("made.txt", "w").write("made")
```

```python check
# The file is there
assert open("made.txt").read() == "made"
```
"""
    write_lesson(lessons, "hands", body)
    trusted(lessons)
    assert tutor("run", "hands", "--json").finished("by-hand")["verdict"] == "could_not_check"
    finished = tutor("run", "hands", "--practice", "--json").finished("by-hand")
    assert (finished["verdict"], finished["practice"]) == ("passed", True)
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "hands")
    assert (row["passed"], row["open"]) == (0, 1)


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
