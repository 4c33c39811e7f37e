"""Ways to end that are not the learner's: the terminal is as it was, and no kernel is left."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.commands.support import step, trusted, write_lesson
from tests.support.terminal import Person
from tests.support.waiting import wait_for
from tests.terminal.test_conversation import in_session

pytestmark = [pytest.mark.terminal]

OLD_SCREEN, NO_MOUSE = b"\x1b[?1049l", b"\x1b[?1000l"

CRASH = """
def fail(*_):
    raise ZeroDivisionError("made for a test")
"""
STRAY = """
def fail(*_):
    import os
    os.write(2, b"made for a test")
"""
ON_CTRL_C = """
from tutor.ui.screens.conversation import ConversationScreen
ConversationScreen.action_stop = fail
"""


def patched(folder: Path, fail: str) -> str:
    """A PYTHONPATH with which ctrl+c does that."""
    (folder / "sitecustomize.py").write_text(fail + ON_CTRL_C)
    return os.pathsep.join([str(folder), *sys.path])


@pytest.mark.kernel
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back_and_ends_the_kernel(lessons: Path, tmp_path: Path, number: int) -> None:
    note = tmp_path / "pid"
    code = f"import os\nopen({str(note)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    write_lesson(lessons, "made", step("stuck", code))
    trusted(lessons)
    with Person("made", TUTOR_LANG="en") as person:
        person.sees("Python 3")
        person.presses("r")
        wait_for(lambda: note.exists() and note.read_text().isdigit(), 20)
        os.kill(person.pid, number)
        assert person.leaves() == 128 + number
        assert OLD_SCREEN in person.drawn
        assert NO_MOUSE in person.drawn
        assert b"Traceback" not in person.drawn
    wait_for(lambda: not in_session(int(note.read_text())), 3)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "fault of its own: ZeroDivisionError: made for a test"),
        ("zh", "自身出错，已经停止：ZeroDivisionError: made for a test"),
    ],
)
def test_a_crash_of_the_screen_is_told_in_a_few_words_and_logged(
    tmp_path: Path, tutor_home: Path, language: str, said: str
) -> None:
    with Person("check-device", TUTOR_LANG=language, PYTHONPATH=patched(tmp_path, CRASH)) as person:
        person.sees("1/10")
        person.presses("\x03")
        assert person.leaves() == 4
        left = bytes(person.drawn).rpartition(OLD_SCREEN)[2].decode()
    assert said in left
    assert str(tutor_home / "logs" / "tutor.log") in left
    assert "tutor report" in left
    assert "Traceback" not in left
    log = (tutor_home / "logs" / "tutor.log").read_text("utf-8")
    assert "Traceback" in log
    assert "made for a test" in log


def test_what_is_written_behind_the_screen_s_back_goes_to_a_file(tmp_path: Path, tutor_home: Path) -> None:
    with Person("check-device", TUTOR_LANG="en", PYTHONPATH=patched(tmp_path, STRAY)) as person:
        person.sees("1/10")
        person.presses("\x03")
        stray = tutor_home / "logs" / "stderr.log"
        wait_for(lambda: stray.exists() and "made for a test" in stray.read_text(), 10)
        person.presses("/quit\r")
        assert person.leaves() == 0
        assert b"made for a test" not in person.drawn


def test_broken_mouse_reports_do_not_become_text(tmp_path: Path) -> None:
    with Person("check-device", TUTOR_LANG="en") as person:
        person.sees("1/10")
        person.presses("t")
        person.presses("be\x1b[<32;NaN;NaNM")
        person.presses("[<35;12;")
        person.presses("fore")
        person.sees("before")
