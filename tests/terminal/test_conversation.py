"""The whole program on a real terminal, with a real kernel."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tests.commands.support import step, trusted, tutor, write_lesson
from tests.support.terminal import Person
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.terminal, pytest.mark.kernel]

CTRL_C, CTRL_Q, ENTER, ESCAPE = "\x03", "\x11", "\r", "\x1b"


def is_alive(pid: int) -> bool:
    """Running, and not a zombie that waits for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def in_session(session: int) -> list[int]:
    """Processes of a kernel's session; a kernel leads its own."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if fields[0] != "Z" and int(fields[3]) == session:
                found.append(int(entry.name))
    return found


def test_a_learner_passes_a_step_leaves_and_comes_back_to_the_next(lessons: Path) -> None:
    body = step("first", "x = 6 * 7\nprint('it is', x)", "# x is the answer\nassert x == 42") + step(
        "second", "y = x", "assert y"
    )
    write_lesson(lessons, "made", body)
    trusted(lessons)
    with Person("made") as person:
        person.sees("it is', x")
        person.sees("Python 3")
        person.presses("r")
        person.sees("it is 42")
        person.sees_done("✓ x is the answer")
        person.presses("n")
        person.sees("Step 2 of 2")
        person.presses(CTRL_Q)
        assert person.leaves() == 0
    with Person() as person:
        person.sees("Step 2 of 2")
        person.sees("it is 42")
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "made")
    assert (row["passed"], row["state"]) == (1, "started")


def test_a_mistake_is_mended_in_the_editor_with_a_hint_and_in_chinese() -> None:
    with Person("check-device#always-yes", TUTOR_LANG="zh") as person:
        person.sees("is_available")
        person.sees("Python 3")
        person.presses("r")
        person.sees_done("✗")
        person.presses("h")
        person.sees("提示")
        person.presses("q")
        person.presses(CTRL_Q)
        assert person.leaves() == 0


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
        "import subprocess\nsubprocess.run(['sleep', '600'])",
    ],
    ids=["loop", "regex", "subprocess"],
)
def test_kill_9_keeps_what_was_done_and_leaves_no_kernel_behind(lessons: Path, tmp_path: Path, code: str) -> None:
    note = tmp_path / "pid"
    write = f"import os\nopen({str(note)!r}, 'w').write(str(os.getpid()))\n"
    write_lesson(lessons, "made", step("first", "x = 1", "assert x == 1") + step("stuck", write + code))
    trusted(lessons)
    with Person("made") as person:
        person.sees("Python 3")
        person.presses("r")
        person.sees_done("✓ Passed")
        person.presses("n")
        person.sees("Step 2 of 2")
        person.presses("r")
        wait_for(lambda: note.exists() and note.read_text().isdigit(), 20)
        kernel = int(note.read_text())
        assert is_alive(kernel)
        person.kill()
    wait_for(lambda: not in_session(kernel), 3, "nothing of the kernel is left")
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "made")
    assert row["passed"] == 1


def test_what_stands_in_the_editor_survives_kill_9(lessons: Path) -> None:
    write_lesson(lessons, "made", step("first", "x = 1", "assert x == 1"))
    trusted(lessons)
    with Person("made") as person:
        person.sees("Python 3")
        person.presses("e")
        person.sees("ctrl+r")
        person.presses("half = 'a thought'")
        person.sees("a thought")
        store = Path(os.environ["TUTOR_HOME"]) / "tutor.db"
        wait_for(lambda: any(b"a thought" in path.read_bytes() for path in store.parent.glob("tutor.db*")), 5)
        person.kill()
    with Person("made") as person:
        person.sees("a thought")


def test_quitting_a_running_step_asks_first_and_leaves_nothing(lessons: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"import os\nopen({str(note)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    write_lesson(lessons, "made", step("stuck", code))
    trusted(lessons)
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Python 3")
        person.presses("r")
        wait_for(lambda: note.exists() and note.read_text().isdigit(), 20)
        person.presses(CTRL_Q)
        person.sees("still running")
        person.presses("y")
        assert person.leaves() == 0
    wait_for(lambda: not in_session(int(note.read_text())), 3)


def test_two_tutors_share_one_home_and_work_in_folders_of_their_own(lessons: Path) -> None:
    write_lesson(lessons, "made", step("first", "import os\nprint('in', os.path.basename(os.getcwd()), 'now')"))
    trusted(lessons)
    with Person("made") as first:
        first.sees("Python 3")  # so that the folder is taken
        first.presses("r")
        first.sees("in made now")
        with Person("made") as second:
            second.sees("Python 3")
            second.presses("r")
            second.sees("in made.2 now")


def test_hanging_up_the_terminal_leaves_no_kernel(lessons: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    write_lesson(lessons, "made", step("first", f"import os\nopen({str(note)!r}, 'w').write(str(os.getpid()))"))
    trusted(lessons)
    with Person("made") as person:
        person.sees("Python 3")
        person.presses("r")
        wait_for(lambda: note.exists() and note.read_text().isdigit(), 20)
        os.kill(person.pid, signal.SIGHUP)
        wait_for(lambda: not in_session(int(note.read_text())), 5)


def test_a_command_typed_in_one_breath_arrives_whole(lessons: Path) -> None:
    write_lesson(lessons, "made", step("first", "x = 1") + step("second", "y = 1") + step("third", "z = 1"))
    trusted(lessons)
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Python 3")
        person.presses(f"/goto third{ENTER}")
        person.sees("Step 3 of 3")


def test_a_thread_that_prints_after_its_step_is_heard_while_nothing_runs(lessons: Path) -> None:
    code = """
        import threading
        timer = threading.Timer(0.5, print, ("late", "words"))
        timer.start()
    """
    write_lesson(lessons, "made", step("first", code, "# it began\nassert timer"))
    trusted(lessons)
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Python 3")
        person.presses("r")
        person.sees("✓ it began")
        person.sees("late words")


def test_names_that_a_restart_took_are_brought_back_by_one_key(lessons: Path) -> None:
    body = step("first", "x = 6 * 7", "assert x") + step("second", "print('it is', x)", "# x is there\nassert x == 42")
    write_lesson(lessons, "made", body)
    trusted(lessons)
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Python 3")
        person.presses("r")
        person.sees_done("✓ Passed.")
        person.presses("n")
        person.sees("Step 2 of 2")
        person.presses("x")
        person.sees("g bring")
        person.presses("g")
        person.watches(lambda: "g bring" not in person.screen and "ctrl+c" not in person.screen, "the names")
        person.presses("r")
        person.sees_done("✓ x is there")


def test_an_error_that_is_pasted_is_explained_and_not_run(tutor_home: Path) -> None:
    pasted = "Traceback (most recent call last):\r  File 'train.py', line 3\rAssertionError: Torch not compiled with CUDA enabled"
    with Person("check-device") as person:
        person.sees("Which Python is this?")
        person.presses("t")
        person.presses(f"\x1b[200~{pasted}\x1b[201~")
        person.sees("AssertionError")
        person.presses("\r")
        person.sees("What this error means")
        person.reads("torch.accelerator.current_accelerator()")
        assert "SyntaxError" not in person.screen
        person.presses("\x11")
        assert person.leaves() == 0
