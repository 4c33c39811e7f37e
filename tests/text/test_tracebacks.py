"""Tracebacks as IPython 7.34, 8.37 and 9.18 sent them; recorded in `tracebacks.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.text.tracebacks import error_line, parse

RECORDED: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("tracebacks.json").read_text())
VERSIONS = sorted(RECORDED)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("name", "line"),
    [("zero", 4), ("library", 4), ("syntax", 2), ("indent", 2), ("chained", 7), ("context", 4), ("recursion", 2)],
)
def test_the_line_of_the_error_is_in_the_code_that_ran(version: str, name: str, line: int) -> None:
    assert error_line(RECORDED[version][name]["traceback"]) == line


@pytest.mark.parametrize("name", ["exit", "group"])
def test_what_has_no_frames_has_no_line(name: str) -> None:
    assert error_line(RECORDED["9.18"][name]["traceback"]) is None


def test_a_cell_that_ran_before_is_not_the_code_that_ran() -> None:
    traceback = [
        "ValueError       Traceback (most recent call last)",
        "Cell In[7], line 3\n----> 3 train()\n",
        "Cell In[2], line 12, in train()\n---> 12     step()\n",
        "ValueError: no",
    ]
    assert error_line(traceback) == 3


@pytest.mark.parametrize("version", VERSIONS)
def test_frames_of_a_library_are_told_from_the_learners_own(version: str) -> None:
    (told,) = parse(RECORDED[version]["library"]["traceback"]).told
    assert [bool(frame.cell) for frame in told.frames] == [True, True, False, False, False]
    assert {frame.package for frame in told.frames if not frame.cell} == {"json"}
    assert [frame.place for frame in told.frames[:2]] == ["", "read(text)"]
    assert [source.code for source in told.frames[1].sources if source.is_here] == ["    return json.loads(text)"]


@pytest.mark.parametrize("version", VERSIONS)
def test_chained_exceptions_are_told_apart(version: str) -> None:
    cause, last = parse(RECORDED[version]["chained"]["traceback"]).told
    assert (cause.type, cause.is_cause, last.type) == ("KeyError", True, "ValueError")
    handled, _ = parse(RECORDED[version]["context"]["traceback"]).told
    assert not handled.is_cause


def test_notes_and_further_lines_belong_to_the_message() -> None:
    assert parse(RECORDED["9.18"]["note"]["traceback"]).told[0].message == ["ValueError: bad", "a note"]
    assert parse(RECORDED["9.18"]["multiline"]["traceback"]).told[0].message[1:] == ["second line", "  third"]


@pytest.mark.parametrize(
    "heading",
    [
        "Input In [3], in <cell line: 2>()",
        "<ipython-input-3-0a1b2c> in <module>",
        "C:\\Users\\me\\AppData\\Local\\Temp\\ipykernel_1\\3.py in <module>",
    ],
)
def test_older_names_of_a_cell(heading: str) -> None:
    traceback = [
        f"KeyError    Traceback (most recent call last)\n{heading}\n      1 a = 1\n----> 2 a['b']\n\nKeyError: 'b'"
    ]
    assert error_line(traceback) == 2


@given(st.lists(st.text()))
def test_any_text_can_be_read(traceback: list[str]) -> None:
    error_line(traceback)
