from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from tutor.harness.receipt import pack
from tutor.i18n import Words
from tutor.lesson.receipts import MOST_STEPS, Receipt, ReceiptError, read

WORDS = Words("en")
STEP = {"id": "one", "hash": "h1", "verdict": "passed", "lines": [{"label": "it is", "verdict": "passed"}]}
VALUE = {
    "tutor": "1.0",
    "time": "2026-11-20T10:00:00Z",
    "device": "Tesla T4, 15 GiB",
    "python": "3.13.15",
    "torch": "2.11.0",
    "platform": "Linux",
    "env": "colab",
    "lessons": [{"id": "sample", "hash": "l1", "steps": [STEP]}],
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**VALUE, **changes}


def with_step(**changes: Any) -> dict[str, Any]:
    return changed(lessons=[{"id": "sample", "hash": "l1", "steps": [{**STEP, **changes}]}])


def one(text: str) -> Receipt:
    (receipt,) = read(text, WORDS)
    return receipt


def refused(text: str) -> ReceiptError:
    with pytest.raises(ReceiptError) as caught:
        read(text, WORDS)
    return caught.value


def test_a_receipt_says_when_where_and_what() -> None:
    receipt = one(pack(VALUE))
    assert receipt.time == datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.UTC)
    assert receipt.place == "Tesla T4, 15 GiB · Colab · Python 3.13.15 · PyTorch 2.11.0"
    assert [(step.id, step.verdict) for step in receipt.lessons[0].steps] == [("one", "passed")]


def test_nothing_of_it_is_obeyed_by_a_terminal() -> None:
    evil = "\x1b]0;owned\x07T4\x1b[2J\nsecond\u202e line"
    receipt = one(pack(changed(device=evil)))
    assert receipt.place.startswith("T4 second line")
    assert receipt.place.isprintable()
    assert len(one(pack(changed(device="x" * 10_000))).place) < 300
    (step,) = one(pack(with_step(lines=[{"label": evil, "verdict": "passed"}]))).lessons[0].steps
    assert "\x1b" not in step.lines[0].label


@pytest.mark.parametrize(
    "value",
    [
        [],
        "text",
        {},
        changed(lessons={}),
        changed(lessons=[1]),
        changed(time="yesterday"),
        changed(time="2026-11-20T10:00:00"),
        changed(device=["T4"]),
        with_step(id=1),
        with_step(verdict="splendid"),
        with_step(lines=None),
        with_step(lines=[{"label": "it is", "verdict": "not_yet"}]),
        with_step(verdict="not_yet"),
        with_step(reason="no GPU", lines=[]),
        changed(lessons=[{"id": "sample", "hash": "l1", "steps": [STEP] * (MOST_STEPS + 1)}]),
    ],
)
def test_what_is_not_of_our_making_is_refused_as_damaged(value: object) -> None:
    error = refused(pack(value))
    assert (error.exit_code, error.message) == (2, WORDS("receipt.damaged"))
    assert error.hint


def test_of_a_notebook_only_its_outputs_count() -> None:
    def notebook(*outputs: object) -> str:
        prose = {"cell_type": "markdown", "source": [pack(1)]}
        code = {"cell_type": "code", "source": [pack(2)], "outputs": list(outputs)}
        return json.dumps({"cells": [prose, code, {"cell_type": "code"}, 3], "nbformat": 4})

    printed = {"output_type": "stream", "name": "stdout", "text": ["Copy the next line\n", pack(VALUE) + "\n"]}
    assert one(notebook(printed, {"output_type": "display_data"}, 4)).lessons[0].id == "sample"
    assert refused(notebook()).message == WORDS("receipt.none")
    assert refused("{ not json").message == WORDS("receipt.none")
    assert refused("[" * 100_000).message == WORDS("receipt.none")


def test_a_whole_receipt_is_taken_whatever_stands_above_it() -> None:
    for above in (pack(VALUE)[:-9], "TUTOR1: something that begins alike", pack(1)):
        assert one(f"{above}\n\n{pack(VALUE)}").lessons[0].id == "sample"
    assert refused(f"{pack(VALUE)[:-9]}\nand nothing more").exit_code == 2


def test_the_same_receipt_twice_is_one() -> None:
    assert len(read(f"{pack(VALUE)}\n{pack(VALUE)}\n{pack(changed(device='CPU'))}", WORDS)) == 2
