"""A test waits for a condition, never for a guess at how long something takes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.sources import ROOT, name_of, python_files

LONGEST_PAUSE = 0.05
"""Seconds; shorter ones give way to other tasks and decide nothing."""


def fixed_sleeps(source: str) -> list[int]:
    """Lines on which `time.sleep`, `asyncio.sleep` or `pilot.pause` waits for a constant that is longer than that."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        constants = [
            value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, int | float)
        ]
        if name in {"sleep", "pause"} and any(constant > LONGEST_PAUSE for constant in constants):
            lines.append(node.lineno)
    return lines


def test_fixed_sleeps_are_found() -> None:
    assert fixed_sleeps(
        "time.sleep(0.5)\nsleep(0.01)\nawait asyncio.sleep(delay=2)\nawait pilot.pause(1)\npilot.pause()"
    ) == [1, 3, 4]


@pytest.mark.parametrize(
    "path", [p for p in python_files("tests") if p != ROOT / "tests/hygiene/test_sleeps.py"], ids=name_of
)
def test_no_test_sleeps_for_a_fixed_time(path: Path) -> None:
    assert fixed_sleeps(path.read_text(encoding="utf-8")) == []
