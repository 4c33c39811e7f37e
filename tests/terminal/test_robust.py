"""What terminals, networks and hands do to a program: nothing of it ends the conversation or loses work."""

from __future__ import annotations

import json
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.commands.support import step, trusted, tutor, write_lesson
from tests.support.terminal import Person
from tests.support.waiting import wait_for
from tests.terminal.test_conversation import in_session, is_alive

pytestmark = [pytest.mark.terminal]

CTRL_Q, CTRL_R, ENTER, ESCAPE = "\x11", "\x12", "\r", "\x1b"
NEW_SCREEN, OLD_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
PASTE, END_OF_PASTE = "\x1b[200~", "\x1b[201~"

SIZES = [(80, 24), (20, 5), (200, 60), (41, 13), (1, 1), (120, 40), (60, 20)] * 4
GARBAGE = [
    b"\x1b[<0;9999;9999M\x1b[<0;9999;9999m",
    b"\x1b[<64;-1;-5M",
    b"\x1b[<99999999999999999999;1;1M",
    b"\x1b[<35;12;",
    b"\x1b[<32;NaN;NaNM",
    b"\x1b[M\xff\xff\xff",
    b"\xff\xfe",
]
SURROUNDINGS = {
    "linux-console": {"TERM": "linux", "COLORTERM": ""},
    "no-colour": {"NO_COLOR": "1"},
    "no-utf-8": {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "unknown-terminal": {"TERM": "", "COLORTERM": ""},
}


def has_drawn_more(person: Person, than: int) -> bool:
    return len(person.drawn) > than


@pytest.mark.kernel
def test_kill_9_while_changed_code_runs_keeps_draft_and_finished_steps(lessons: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    endless = f"import os\nopen({str(note)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    write_lesson(lessons, "made", step("first", "x = 1", "assert x == 1") + step("second", endless))
    trusted(lessons)
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Python 3")
        person.presses("r")
        person.sees_done("✓ Passed")
        person.presses("n")
        person.sees("Step 2 of 2")
        person.presses("e")
        person.sees("back to the step")
        person.presses("  # mine")
        person.sees("os  # mine")
        person.presses(CTRL_R)
        wait_for(lambda: note.exists() and note.read_text().isdigit(), 20)
        kernel = int(note.read_text())
        assert is_alive(kernel)
        person.kill()
    wait_for(lambda: not in_session(kernel), 3, "nothing of the kernel is left")
    (row,) = (row for row in json.loads(tutor("list", "--json").out) if row["id"] == "made")
    assert row["passed"] == 1
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Step 2 of 2")
        person.sees("# mine")


@pytest.mark.kernel
def test_a_window_that_is_pulled_about_while_output_floods(lessons: Path) -> None:
    code = "for i in range(200_000):\n    print('line', i)\nprint('all', 'of it')"
    write_lesson(lessons, "made", step("first", code, "# it ran\nassert i == 199_999"))
    trusted(lessons)
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Python 3")
        person.presses("r")
        person.sees("line ")
        for size in SIZES:
            person.resizes(*size)
            person.watches(partial(has_drawn_more, person, len(person.drawn)), "something drawn")
        person.resizes(100, 30)
        person.sees("all of it", 60)
        person.sees_done("✓ it ran")
        person.presses(CTRL_Q)
        assert person.leaves() == 0


@pytest.mark.kernel
def test_five_thousand_pasted_lines_run_as_one_piece(lessons: Path) -> None:
    write_lesson(lessons, "made", step("first", "x = 1"))
    trusted(lessons)
    lines = "".join(f"x{number} = {number}\n" for number in range(5_000)) + "print('sum', x4999 + 1)"
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Python 3")
        person.presses("t")
        person.sees("new line")
        person.presses(PASTE + lines + END_OF_PASTE)
        person.sees("print('sum'")
        person.presses(ENTER)
        person.sees("sum 5000")


def test_garbage_from_the_terminal_is_no_text_and_ends_nothing() -> None:
    with Person("check-device", TUTOR_LANG="en") as person:
        person.sees("1/10")
        for garbage in GARBAGE:
            person.presses(garbage)
        person.presses("n")
        person.sees("step 2/10")
        person.presses("t")
        person.sees("new line")
        # What a terminal of another encoding sends for two Chinese characters.
        person.presses("学习".encode("gbk"))
        person.presses("after")
        person.sees("after")
        person.presses(ESCAPE)
        person.sees("n next")
        person.presses(CTRL_Q)
        assert person.leaves() == 0


def test_stopped_by_the_shell_it_gives_the_terminal_back_and_goes_on_later() -> None:
    with Person("check-device", TUTOR_LANG="en") as person:
        person.sees("1/10")
        os.kill(person.pid, signal.SIGTSTP)
        person.watches(lambda: OLD_SCREEN in person.drawn, "the terminal as it was")
        person.watches(lambda: Path(f"/proc/{person.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T", "stop")
        os.kill(person.pid, signal.SIGCONT)
        person.watches(lambda: person.drawn.count(NEW_SCREEN) == 2, "the screen again")
        person.presses("n")
        person.sees("step 2/10")
        person.presses(CTRL_Q)
        assert person.leaves() == 0


@pytest.mark.parametrize("surroundings", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_simple_terminals_show_the_conversation(surroundings: dict[str, Any]) -> None:
    with Person("check-device", columns=80, rows=24, **{"TUTOR_LANG": "zh", **surroundings}) as person:
        person.sees("这是哪个 Python？")
        person.presses("?")
        person.sees("现在可用的按键")
        person.presses(ESCAPE)
        person.watches(lambda: "现在可用的按键" not in person.screen, "the conversation again")
        if "NO_COLOR" in surroundings:
            assert b"\x1b[38;" not in person.drawn
            assert b"\x1b[48;" not in person.drawn
        person.presses(CTRL_Q)
        assert person.leaves() == 0


@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (1, 1)])
def test_a_screen_too_small_to_read_takes_keys_and_grows(columns: int, rows: int) -> None:
    with Person("check-device", TUTOR_LANG="en", columns=columns, rows=rows) as person:
        person.watches(lambda: NEW_SCREEN in person.drawn, "a screen")
        person.presses("n?")
        person.resizes(80, 24)
        person.sees("Keys act on the step")
        person.presses(ESCAPE)
        person.watches(lambda: "Keys act on the step" not in person.screen, "the conversation again")
        person.sees("step 2/10")
        person.presses(CTRL_Q)
        assert person.leaves() == 0


@pytest.mark.kernel
def test_a_terminal_that_can_only_print_gets_lines() -> None:
    with Person("check-device", TUTOR_LANG="en", TERM="dumb") as person:
        person.sees("Answer with a number.")
        person.presses(f"n{ENTER}")
        person.sees("Step 2 of 10")
        person.presses(f"q{ENTER}")
        assert person.leaves() == 0
        assert b"\x1b" not in person.drawn
