"""Medians of interleaved runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

TUTOR = str(Path(sys.executable).with_name("tutor"))
"""The command as a learner starts it, from the environment that runs the benchmarks."""


def medians(ways: Mapping[str, Callable[[], float]], runs: int) -> dict[str, float]:
    """Median seconds of each way; they take turns, and the first turn, which fills caches, does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(runs + 1):
        for name, way in ways.items():
            took = way()
            if turn:
                seconds[name].append(took)
    return {name: statistics.median(took) for name, took in seconds.items()}


def process(command: Sequence[str], home: Path | None = None) -> float:
    """Seconds that a whole process takes; its output goes nowhere, its failure is an error here."""
    started = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment(home), check=False)
    took = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return took


def environment(home: Path | None) -> dict[str, str]:
    """The environment of a program under test: nothing of the developer's own tutor, and `home` for everything it keeps."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TUTOR_") and name != "NO_COLOR"}
    kept.update(LANG="C.UTF-8", TERM="xterm-256color", COLORTERM="truecolor")
    if home is not None:
        kept.update(HOME=str(home), TUTOR_HOME=str(home / "tutor"), TUTOR_LESSONS=str(home / "lessons"))
    return kept
