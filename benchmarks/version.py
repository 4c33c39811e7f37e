"""What `tutor --version` costs beside starting Python itself."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.result import Result
from benchmarks.timing import TUTOR, medians, process

RUNS = 30
LIMIT = 3.0


def measure() -> list[Result]:
    took = medians(
        {"python": partial(process, [sys.executable, "-c", "pass"]), "tutor": partial(process, [TUTOR, "--version"])},
        RUNS,
    )
    return [Result("version", took["tutor"], took["python"], LIMIT)]
