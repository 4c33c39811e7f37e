"""Kills a training again and again at random moments, by SIGKILL; run by `test_killed.py`, so that PyTorch is imported only once.

usage: python -m tests.kit.checkpoint.killing FOLDER KILLS SEED

Prints one JSON object: `expected`, the results of each kind of training when nobody kills it, and `killed`: for each kill the kind, the
results after it was started again, and the files that the kill left.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import torch

from tests.kit.checkpoint.program import by_fit, by_hand

KINDS = {
    "by hand": by_hand,
    "by hand, own generator": lambda folder: by_hand(folder, own_generator=True),
    "fit": by_fit,
}


def results(kind: str, folder: Path, kill_after: float | None) -> list[str] | None:
    """Of a training in a process of its own; None if it was killed. Args: `kill_after`: seconds."""
    told = folder.with_suffix(".json")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            sys.stdout = folder.with_suffix(".out").open("a")
            told.write_text(json.dumps([value.hex() for value in KINDS[kind](folder)]))
            sys.stdout.flush()
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    select.select([reading], [], [], kill_after)  # readable when the child is gone
    os.close(reading)
    if kill_after is not None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    assert os.WEXITSTATUS(status) == 0, "the training failed"
    values: list[str] = json.loads(told.read_text())
    return values


def main(folder: Path, kills: int, seed: int) -> None:
    torch.set_num_threads(1)
    sys.stdout = sys.stderr
    by_hand(folder / "warm")  # what PyTorch imports when it is first used would be imported again in every child
    chance = random.Random(seed)
    expected, seconds = {}, {}
    for kind in KINDS:
        begin = time.monotonic()
        expected[kind] = results(kind, folder / f"whole {kind}", None)
        seconds[kind] = time.monotonic() - begin
    killed: list[dict[str, Any]] = []
    while len(killed) < kills:
        kind = list(KINDS)[len(killed) % len(KINDS)]
        place = folder / f"{len(killed)}"
        moment = chance.uniform(0, seconds[kind])
        if results(kind, place, moment) is not None:  # it was done before
            place = place.rename(folder / f"done {time.monotonic_ns()}")
            continue
        left = sorted(path.name for path in place.glob("*")) if place.exists() else []
        again = results(kind, place, None)
        said = place.with_suffix(".out").read_text()
        killed.append({"kind": kind, "results": again, "left": left, "said": said})
    sys.stdout = sys.__stdout__
    print(json.dumps({"expected": expected, "killed": killed}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
