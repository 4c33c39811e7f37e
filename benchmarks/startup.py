"""How long a learner who comes back waits for their conversation, against a bare Textual app."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from benchmarks.homes import NEWEST, add_lessons, add_transcript, made_home
from benchmarks.result import Result
from benchmarks.terminal import first_paint, one_sitting
from benchmarks.timing import TUTOR, medians

RUNS = 15
LESSONS = 15
LIMIT = 1.5
BARE_APP = Path(__file__).with_name("bare_app.py")
BARE_TEXT = "a bare app has been painted"
"""As in bare_app.py, which is not imported: Textual would be loaded here."""


def measure() -> list[Result]:
    with made_home() as home:
        add_lessons(home, LESSONS)
        add_transcript(home, "made-00001", "step-1")
        one_sitting([TUTOR], NEWEST, home)
        took = medians(
            {
                "bare": partial(first_paint, [sys.executable, str(BARE_APP)], BARE_TEXT),
                "tutor": partial(first_paint, [TUTOR], NEWEST, home),
            },
            RUNS,
        )
    return [Result("startup", took["tutor"], took["bare"], LIMIT)]
