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
from tutor.ui.screens.conversation import ConversationScreen
def fail(*_):
    raise ZeroDivisionError("made for a test")
ConversationScreen.action_stop = fail
"""


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


def test_a_crash_of_the_screen_is_a_failure_of_tutor_and_logged(tmp_path: Path, tutor_home: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(CRASH)
    with Person(TUTOR_LANG="en", PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path])) as person:
        person.sees("Step 1")
        person.presses("\x03")
        assert person.leaves() == 4
        assert OLD_SCREEN in person.drawn
    assert "made for a test" in (tutor_home / "logs" / "tutor.log").read_text("utf-8")
