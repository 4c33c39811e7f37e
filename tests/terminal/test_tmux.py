"""Inside tmux, where many people who work on other computers spend their day."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.commands.support import step, trusted, write_lesson
from tests.support.terminal import Person
from tests.support.waiting import wait_for

TMUX = shutil.which("tmux") or ""

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.kernel,
    pytest.mark.skipif(not TMUX, reason="tmux is not installed here"),
]

CONFIGURATION = """
set -g default-terminal "tmux-256color"
set -ga terminal-features ",xterm-256color:RGB"
set -g mouse on
set -g set-clipboard on
set -g status off
set -g exit-empty off
set -g window-size latest
set -sg escape-time 10
"""
DETACH = "\x02d"
FLOOD = "for i in range(500_000):\n    print('line', i)\nprint('all of it')"


class Tmux:
    """A server of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        configuration = folder / "tmux.conf"
        configuration.write_text(CONFIGURATION)
        self._command = (TMUX, "-u", "-S", str(folder / "socket"), "-f", str(configuration))

    def call(self, *arguments: str) -> str:
        inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        done = subprocess.run([*self._command, *arguments], capture_output=True, text=True, check=True, env=inherited)
        return done.stdout

    def start(self, *arguments: str) -> None:
        program = [sys.executable, "-m", "tutor", *arguments]
        self.call("new-session", "-d", "-x", "100", "-y", "30", "-s", "tutor", "--", *program)

    def attached(self, columns: int = 100, rows: int = 30) -> Person:
        """Someone at a terminal that shows the session."""
        return Person("attach-session", "-t", "tutor", columns=columns, rows=rows, program=self._command)

    def stop(self) -> None:
        subprocess.run([*self._command, "kill-server"], capture_output=True, check=False)

    @property
    def screen(self) -> str:
        return self.call("capture-pane", "-p", "-t", "tutor")

    def has_size(self, size: tuple[int, int]) -> bool:
        told = self.call("display-message", "-p", "-t", "tutor", "#{pane_width} #{pane_height}")
        return told.split() == [str(number) for number in size]

    @property
    def has_ended(self) -> bool:
        return self.call("list-sessions", "-F", "#{session_name}").strip() == ""

    def presses(self, *keys: str) -> None:
        self.call("send-keys", "-t", "tutor", *keys)

    def sees(self, text: str, timeout: float = 30) -> None:
        wait_for(lambda: text in self.screen, timeout, f"{text!r} in tmux")


@pytest.fixture
def tmux(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tmux]:
    server = Tmux(tmp_path_factory.mktemp("tmux"))
    yield server
    server.stop()


def test_keys_colours_and_the_clipboard(lessons: Path, tmux: Tmux) -> None:
    write_lesson(lessons, "made", step("first", "x = 6 * 7\nprint('it is', x)", "# x is the answer\nassert x == 42"))
    trusted(lessons)
    tmux.start("made")
    tmux.sees("it is', x")
    tmux.sees("Python 3")
    tmux.presses("c")
    wait_for(lambda: "x = 6 * 7" in tmux.call("list-buffers"), 10, "the code in tmux's buffer")
    assert tmux.call("show-buffer").rstrip("\n") == "x = 6 * 7\nprint('it is', x)"
    tmux.presses("r")
    tmux.sees("✓ x is the answer")
    assert "\x1b[38;2;" in tmux.call("capture-pane", "-p", "-e", "-t", "tutor"), "all colours of the theme"
    tmux.presses("e")
    tmux.sees("back to the step")
    tmux.presses("Escape")
    tmux.sees("n next")
    tmux.presses("F2")
    tmux.sees("下一步")
    tmux.presses("C-q")
    wait_for(lambda: tmux.has_ended, 20, "the end")


def test_resized_clicked_detached_and_attached_again_while_output_floods(lessons: Path, tmux: Tmux) -> None:
    write_lesson(lessons, "made", step("first", FLOOD, "assert i == 499_999"))
    trusted(lessons)
    tmux.start("made")
    with tmux.attached() as person:
        person.sees("Python 3")
        person.clicks("run")
        person.sees("line ")
        for size in ((60, 20), (140, 45), (80, 24)):
            person.resizes(*size)
            person.watches(partial(tmux.has_size, size), "the new size")
        person.presses(DETACH)
        assert person.leaves() == 0
    tmux.sees("all of it", 60)
    with tmux.attached(80, 24) as person:
        person.sees("all of it")
        person.sees("n next")
        person.clicks("help")
        person.sees("Keys that act now")
        person.presses("\x1b")
        person.watches(lambda: "Keys that act now" not in person.screen, "the conversation again")
        person.presses("\x11")
        person.leaves()
    wait_for(lambda: tmux.has_ended, 20, "the end")
