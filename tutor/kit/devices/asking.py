"""Asks a Python for its PyTorch in a process of its own: nothing is imported here, and a crash or a hang is a fact like any other."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import util

from tutor.kit.devices.facts import Torch, torch_from_json
from tutor.kit.devices.torch_facts import ANSWER

LIMIT = 60.0
"""Seconds. The first import of a CUDA build from a slow disk can take half of it."""


def question() -> list[str]:
    """What stands behind the name of a Python, to ask it."""
    spec = util.find_spec("tutor.kit.devices.torch_facts")
    assert spec is not None
    loader = spec.loader
    source = loader.get_source(spec.name) if hasattr(loader, "get_source") else ""  # type: ignore[union-attr]
    return ["-c", source]


def understood(output: str, status: int | None = 0) -> Torch:
    """What the Python answered; one that gave no answer has a PyTorch that cannot be imported."""
    for line in reversed(output.splitlines()):
        if line.startswith(ANSWER):
            return torch_from_json(json.loads(line[len(ANSWER) :]))
    why = "it did not end" if status is None else f"it ended with status {status}"
    return Torch("?", problem=f"PyTorch could not be imported: {why}")


def ask(python: str = sys.executable, *, limit: float = LIMIT) -> Torch:
    """The PyTorch of that Python. Raises: OSError: it is no program."""
    try:
        answer = subprocess.run(
            [python, *question()], capture_output=True, text=True, errors="replace", timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return understood("", None)
    return understood(answer.stdout, answer.returncode)
