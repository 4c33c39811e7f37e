"""The same fault in all the shapes in which a text can be copied."""

from __future__ import annotations

import html
import json
import textwrap

import pytest

from tutor.faults.explain import explain

ERROR = "RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
KILLED = "Killed"
TRACE = f'Traceback (most recent call last):\n  File "train.py", line 7, in <module>\n    loss = f(x)\n{ERROR}\n'


def codes(text: str) -> list[str]:
    return [fault.code for fault in explain(text)]


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(TRACE.replace("\n", "\r\n"), id="windows"),
        pytest.param("".join(f"> {line}\n" for line in TRACE.splitlines()), id="quoted"),
        pytest.param("".join(f"> > {line}\n" for line in TRACE.splitlines()), id="quoted twice"),
        pytest.param("".join(f"\x1b[31m{line}\x1b[0m\n" for line in TRACE.splitlines()), id="coloured"),
        pytest.param(TRACE.replace("RuntimeError", "\x1b[0;31mRuntimeError\x1b[0m"), id="coloured in the middle"),
        pytest.param(TRACE.replace("Expected", "[0;31mExpected[0m"), id="colours that lost their escape"),
        pytest.param("".join(f"2026-11-21 10:00:01,123 {line}\n" for line in TRACE.splitlines()), id="log"),
        pytest.param("".join(f"2026-11-21T10:00:01.1234567Z {line}\n" for line in TRACE.splitlines()), id="actions"),
        pytest.param("".join(f"[rank0]: {line}\n" for line in TRACE.splitlines()), id="rank"),
        pytest.param("".join(f"E       {line}\n" for line in TRACE.splitlines()), id="pytest"),
        pytest.param("".join(f"trainer_1  | {line}\n" for line in TRACE.splitlines()), id="compose"),
        pytest.param("".join(f"(Worker pid=123) {line}\n" for line in TRACE.splitlines()), id="ray"),
        pytest.param(html.escape(TRACE), id="html"),
        pytest.param(json.dumps({"traceback": TRACE.splitlines()}), id="json"),
        pytest.param(json.dumps({"traceback": [f"\x1b[0;31m{ERROR}\x1b[0m"]}, indent=1), id="notebook file"),
        pytest.param("\n".join(textwrap.wrap(TRACE, 60)), id="wrapped by a chat"),
        pytest.param("\n".join(ERROR[at : at + 40] for at in range(0, len(ERROR), 40)), id="wrapped by a terminal"),
        pytest.param(" ".join(TRACE.split()), id="one line"),
        pytest.param("x" * 100_000 + ERROR + "y" * 100_000, id="very long line"),
        pytest.param("\rstep 1" * 500 + "\n" + TRACE, id="progress bar"),
        pytest.param(TRACE.replace(" ", "\u00a0"), id="spaces of a web page"),
    ],
)
def test_it_is_recognised(shape: str) -> None:
    assert codes(shape) == ["device-mismatch"]


@pytest.mark.parametrize(
    "shape",
    [
        "epoch 1\nKilled\n",
        "> Killed",
        "epoch 1 10%\repoch 1 20%\rKilled\n",
        "2026-11-21 10:00:01 Killed",
        "\x1b[31mKilled\x1b[0m",
    ],
)
def test_a_line_that_must_be_alone_is_found_alone(shape: str) -> None:
    assert codes(shape) == ["host-out-of-memory"]


def test_the_word_within_a_sentence_is_not_that_line() -> None:
    assert codes("Killed processes are listed below.\n3 jobs Killed by user") == []


def test_curly_quotation_marks_are_those_that_a_chat_made() -> None:
    assert codes("NameError: name \u2018model\u2019 is not defined") == ["name-lost"]


def test_a_carriage_return_begins_no_line_of_the_text() -> None:
    (fault,) = explain("first\r10%\r20%\nsecond\r\n" + ERROR)
    assert fault.line == 3


@pytest.mark.parametrize(
    "text", ["", "\n", "\0\0\0", "\x1b]0;title", "\ud800", "{" * 5000, "\r" * 5000, "\ufffd" * 100]
)
def test_nothing_to_read_is_no_fault(text: str) -> None:
    assert codes(text) == []


def test_code_that_a_traceback_shows_is_not_what_happened() -> None:
    text = """
File torch/cuda/__init__.py:293, in _lazy_init()
    288     raise RuntimeError(
    289         "Cannot re-initialize CUDA in forked subprocess. To use CUDA with "
    291     )
--> 293     raise AssertionError("Torch not compiled with CUDA enabled")
AssertionError: Torch not compiled with CUDA enabled
"""
    (fault,) = explain(text)
    assert (fault.code, fault.line) == ("torch-without-cuda", 7)
