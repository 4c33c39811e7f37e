"""A million printed lines: how long they take, whether keys are answered meanwhile, and how much memory they leave in use."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.drain import CODE, LAST
from benchmarks.homes import add_lesson, made_home
from benchmarks.result import Result
from benchmarks.terminal import Terminal
from benchmarks.timing import TUTOR, environment, process

LINES = 1_000_000
FEW = 1_000
"""Lines of the tutor whose memory is compared."""
RUNS = 3
LIMIT = 1.5
ANSWER_SECONDS = 0.1
"""For the slowest key."""
MORE_MEMORY = 100.0
"""Megabytes."""
KEY_EVERY = 0.15
PATIENCE = 120.0
DRAIN = str(Path(__file__).with_name("drain.py"))
SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")
FLOWING = b"lines above"
TYPED = b"z"
"""A letter that is nowhere else on the screen."""


@dataclass(frozen=True, slots=True)
class Flood:
    """What was seen of one."""

    seconds: float
    answers: tuple[float, ...]
    """Seconds from each key to what it typed."""
    megabytes: float
    """The most that the tutor, without its kernel, had in use."""


def measure(lines: int = LINES, few: int = FEW, runs: int = RUNS) -> list[Result]:
    drained: list[float] = []
    floods: list[Flood] = []
    quiet = watch(few)
    for _ in range(runs):
        drained.append(drain(lines))
        floods.append(watch(lines))
    slowest = statistics.median(max(flood.answers, default=0.0) for flood in floods)
    memory = statistics.median(flood.megabytes for flood in floods)
    return [
        Result("flood", statistics.median(flood.seconds for flood in floods), statistics.median(drained), LIMIT),
        Result("flood-keys", slowest, ANSWER_SECONDS, 1.0),
        Result("flood-memory", memory, quiet.megabytes, 1 + MORE_MEMORY / quiet.megabytes, "MB"),
    ]


def add_flood(home: Path, lines: int) -> None:
    """A lesson with one step that prints so many lines."""
    path = add_lesson(home, "flood", 1) / "en.md"
    path.write_text(path.read_text(encoding="utf-8").replace("value = 1\n", CODE.format(lines=lines)), encoding="utf-8")
    process([TUTOR, "trust", "--yes", str(path.parent)], home)


def drain(lines: int) -> float:
    with tempfile.TemporaryDirectory(prefix="tutor-benchmark-") as folder:
        done = subprocess.run(
            [sys.executable, DRAIN, folder, str(lines)],
            capture_output=True,
            text=True,
            env=environment(Path(folder)),
            check=True,
        )
    return float(done.stdout)


def watch(lines: int) -> Flood:
    """Run such a step in the real program, and type at the prompt until its last line is on the screen."""
    # A home of its own: in one that was used before, the end of the last flood is on the screen from the beginning.
    with made_home() as home:
        add_flood(home, lines)
        with Terminal([TUTOR, "flood"], home) as terminal:
            return _watch(terminal)


def _watch(terminal: Terminal) -> Flood:
    # The device is known once the kernel is ready, the step once it is drawn.
    terminal.seconds_until("for number in range")
    terminal.seconds_until("cores")
    terminal.type(b"r")
    started = time.perf_counter()
    typing = Typing(terminal)
    while True:
        # Emulating the terminal would take as much of the computer as the tutor does: here its bytes are enough.
        for when, data in terminal.waiting_chunks(0.01):
            typing.look(when, data)
            if LAST.encode() in typing.seen:
                return Flood(when - started, typing.answers_until(when), terminal.peak_megabytes())
        typing.go_on()
        if time.perf_counter() - started > PATIENCE:
            raise RuntimeError(f"{LAST!r} never came on the screen")


class Typing:
    """Types one letter after the other at the prompt, as soon as the flood is seen."""

    def __init__(self, terminal: Terminal) -> None:
        self._answers: list[float] = []
        self.seen = b""
        """The newest text that was written to the screen."""
        self._terminal = terminal
        self._typed = b""
        self._pressed = 0.0
        """When the key was pressed that is not answered yet."""
        self._next = 0.0
        """When the next one is due; 0 before the flood is seen."""

    def look(self, when: float, data: bytes) -> None:
        self.seen = SEQUENCE.sub(b"", self.seen[-200:] + data)
        if self._pressed and self._typed in self.seen:
            self._answers.append(when - self._pressed)
            self._pressed = 0.0
        if not self._next and FLOWING in self.seen:
            self._terminal.type(b"t")
            self._next = when + 2 * KEY_EVERY

    def go_on(self) -> None:
        now = time.perf_counter()
        if self._next and now >= self._next and not self._pressed:
            self._typed += TYPED
            self._terminal.type(TYPED)
            self._pressed, self._next = now, now + KEY_EVERY

    def answers_until(self, end: float) -> tuple[float, ...]:
        """How long each key took; one that was not answered by then counts as well."""
        return (*self._answers, *([end - self._pressed] if self._pressed else []))
