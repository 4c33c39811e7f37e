"""Whether ten thousand lessons make the learner wait longer for the conversation than fifteen do."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

from benchmarks.homes import NEWEST, add_lessons, add_transcript, made_home
from benchmarks.result import Result
from benchmarks.terminal import first_paint, one_sitting
from benchmarks.timing import TUTOR, medians

RUNS = 15
FEW, MANY = 15, 10_000
LIMIT = 1.1


def measure() -> list[Result]:
    with ExitStack() as stack:
        homes = {count: stack.enter_context(made_home()) for count in (FEW, MANY)}
        for count, home in homes.items():
            add_lessons(home, count)
            add_transcript(home, "made-00001", "step-1")
            one_sitting([TUTOR], NEWEST, home)
        took = medians({str(count): partial(first_paint, [TUTOR], NEWEST, home) for count, home in homes.items()}, RUNS)
    return [Result("library", took[str(MANY)], took[str(FEW)], LIMIT)]
