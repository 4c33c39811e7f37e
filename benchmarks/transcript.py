"""Whether scrolling and typing are as quick in a conversation of thousands of messages as in one of fifty."""

from __future__ import annotations

import re
import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.homes import NEWEST, add_lessons, add_transcript, made_home
from benchmarks.result import Result
from benchmarks.terminal import Terminal
from benchmarks.timing import TUTOR

FEW, MANY = 50, 5_000
FAR = 90
"""Pages up in the long conversation, some 3,000 lines, before it is compared: all of them are fetched and mounted on the way."""
KEYS = 50
"""Page keys that are compared, up and down in turn, since the short conversation has few pages; and as many letters."""
RUNS = 3
LIMIT = 1.5
ANSWER_SECONDS = 0.1
"""For a page on the way through what is not mounted, fetching included."""
PATIENCE = 1.0
"""A key that has changed nothing by then is pressed again; the time counts."""
GIVE_UP = 20.0
QUIET = 0.5
SETTLED = 0.05
PAGE_UP, PAGE_DOWN = b"\x1b[5~", b"\x1b[6~"
SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")
MOVED = re.compile(rb"Message|value|newest")
"""Every page of the made conversation has one of these on it."""
TYPED = (b"z", b"q")
"""Letters in turn that are nowhere else on the screen, so that each is painted anew."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Mean seconds."""

    far: float
    """Of a page on the way up, all that comes after it included."""
    page: float
    """From a page key to the other page."""
    letter: float
    """From a key to its letter."""


def measure(few: int = FEW, many: int = MANY, far: int = FAR, keys: int = KEYS, runs: int = RUNS) -> list[Result]:
    seen: dict[int, list[Answers]] = {few: [], many: []}
    with ExitStack() as stack:
        homes = {count: stack.enter_context(made_home()) for count in seen}
        for count, home in homes.items():
            add_lessons(home, 1)
            add_transcript(home, "made-00001", "step-1", count, short=2)
        for _ in range(runs):
            for count, home in homes.items():
                seen[count].append(watch(home, far if count == many else 1, keys))
    page = {count: statistics.median(each.page for each in answers) for count, answers in seen.items()}
    letter = {count: statistics.median(each.letter for each in answers) for count, answers in seen.items()}
    return [
        Result("scroll", page[many], page[few], LIMIT),
        Result("scroll-far", statistics.median(each.far for each in seen[many]), ANSWER_SECONDS, 1.0),
        Result("typing", letter[many], letter[few], LIMIT),
    ]


def watch(home: Path, far: int, keys: int) -> Answers:
    """Scroll so far up, then to and fro there, and type at the prompt, as fast as the answers come."""
    with Terminal([TUTOR], home) as terminal:
        terminal.seconds_until(NEWEST)
        terminal.seconds_until("cores")  # the kernel is ready, so that nothing else is under way
        started = time.perf_counter()
        for _ in range(far):
            _press(terminal, PAGE_UP, MOVED)
        away = _wait_until_quiet(terminal, QUIET) - started
        pages = [_press_settled(terminal, key, MOVED) for key in (PAGE_DOWN, PAGE_UP) * (keys // 2)]
        terminal.type(b"t")
        _wait_until_quiet(terminal, QUIET)
        letters = [_press_settled(terminal, letter, re.compile(letter)) for letter in TYPED * (keys // 2)]
        return Answers(away / far, statistics.mean(pages), statistics.mean(letters))


def _wait_until_quiet(terminal: Terminal, seconds: float) -> float:
    """When the last of what comes without a pause had come."""
    last = time.perf_counter()
    while chunks := terminal.waiting_chunks(seconds):
        last = chunks[-1][0]
    return last


def _press_settled(terminal: Terminal, key: bytes, answer: re.Pattern[bytes]) -> float:
    """The same from rest, so that nothing still to come of the answer before is taken for this one."""
    _wait_until_quiet(terminal, SETTLED)
    return _press(terminal, key, answer)


def _press(terminal: Terminal, key: bytes, answer: re.Pattern[bytes]) -> float:
    """Seconds until the answer was painted."""
    pressed = time.perf_counter()
    while time.perf_counter() < pressed + GIVE_UP:
        terminal.type(key)
        painted = b""
        again = time.perf_counter() + PATIENCE
        while time.perf_counter() < again:
            for when, data in terminal.waiting_chunks(0.05):
                painted += data
                if answer.search(SEQUENCE.sub(b"", painted)):
                    return when - pressed
    raise RuntimeError(f"{key!r} was never answered")
