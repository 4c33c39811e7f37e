"""Export and receipts where a person sits at a terminal: asked before a file is replaced, pasting a line longer than terminals take."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.support.terminal import Person
from tests.support.waiting import wait_for
from tutor.harness.receipt import pack

pytestmark = [pytest.mark.terminal]

LONG = 4096
"""Characters after which a terminal by itself cuts a line."""


def long_receipt() -> str:
    noise = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(100)]
    steps = [
        {"id": one, "hash": one, "verdict": "passed", "lines": [{"label": one, "verdict": "passed"}]} for one in noise
    ]
    lessons = [{"id": "start-here", "hash": "", "steps": steps}]
    return pack({"time": "2026-11-20T10:00:00Z", "device": "T4", "lessons": lessons})


def test_a_pasted_line_may_be_longer_than_a_terminal_takes() -> None:
    line = long_receipt()
    assert len(line) > LONG
    with Person("receipt", "-") as me:
        me.sees("Paste the line")
        wait_for(lambda: me.reads_keys, what="the line editor")  # nobody pastes that fast
        me.presses(line + "\r\r")
        assert me.leaves() == 2
    assert b"this lesson has no such step" in me.drawn


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_a_file_is_replaced_only_after_a_yes(tmp_path: Path, answer: str, code: int) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text("mine", encoding="utf-8")
    with Person("export", "start-here", "-o", str(file)) as me:
        me.reads("Replace it?")
        me.presses(f"{answer}\r")
        assert me.leaves() == code
    assert (file.read_text(encoding="utf-8") == "mine") == (answer == "n")
