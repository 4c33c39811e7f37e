"""What it costs to run a lesson's steps without a screen, against nbclient running the same code as cells."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from benchmarks.homes import add_lesson, made_home
from benchmarks.result import Result
from benchmarks.timing import TUTOR, medians, process

RUNS = 7
FEW, MANY = 50, 250
WHOLE_LIMIT = 1.3
EACH_LIMIT = 2.0
NOTEBOOK = str(Path(__file__).with_name("notebook.py"))


def measure() -> list[Result]:
    with made_home() as home:
        for count in (FEW, MANY):
            process([TUTOR, "trust", "--yes", str(add_lesson(home, f"steps-{count}", count))], home)
        took = medians(
            {
                f"{who}-{count}": partial(process, command, home)
                for count in (FEW, MANY)
                for who, command in {
                    "nbclient": [sys.executable, NOTEBOOK, str(count)],
                    "tutor": [TUTOR, "run", f"steps-{count}", "--json"],
                }.items()
            },
            RUNS,
        )
    each = {who: (took[f"{who}-{MANY}"] - took[f"{who}-{FEW}"]) / (MANY - FEW) for who in ("nbclient", "tutor")}
    return [
        Result("steps", took[f"tutor-{FEW}"], took[f"nbclient-{FEW}"], WHOLE_LIMIT),
        Result("each-step", each["tutor"], each["nbclient"], EACH_LIMIT),
    ]
