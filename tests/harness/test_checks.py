from __future__ import annotations

import pytest

from tutor.harness.checks import statements


def lines(code: str) -> list[str]:
    return [s.label for s in statements(code) if s.is_line]


def test_the_label_is_the_comment_lines_directly_above_joined_by_a_space() -> None:
    assert lines("# The model\n# is on the GPU\nassert x\n") == ["The model is on the GPU"]


def test_a_comment_with_a_blank_line_below_is_no_label() -> None:
    assert lines("# About this fence\n\nassert x == 1\n") == ["x == 1"]


def test_without_a_comment_the_label_is_the_source_of_the_condition() -> None:
    assert lines("assert (a ==\n        b), 'no'\n") == ["a == b"]


def test_a_comment_inside_the_statement_before_is_no_label() -> None:
    assert lines("x = '''\n# not a comment'''\nassert x\n") == ["x"]


@pytest.mark.parametrize(
    "block",
    [
        "for x in y:\n    assert x",
        "while x:\n    assert x",
        "if x:\n    pass\nelse:\n    assert x",
        "with x:\n    for y in x:\n        assert y",
        "try:\n    pass\nfinally:\n    assert x",
    ],
)
def test_a_block_with_asserts_is_one_line_labelled_by_its_first_line(block: str) -> None:
    assert lines(block) == [block.split("\n", maxsplit=1)[0]]


@pytest.mark.parametrize(
    "code", ["def f():\n    assert x", "class A:\n    assert x", "for x in y:\n    def f():\n        assert x", "x = 1"]
)
def test_functions_classes_and_plain_statements_are_no_lines(code: str) -> None:
    assert lines(code) == []


@pytest.mark.parametrize(
    ("code", "binds"),
    [
        ("result = 1", True),
        ("for result in x: pass", True),
        ("del result", True),
        ("import result", True),
        ("def result(): pass", True),
        ("(result := 1)", True),
        ("def f():\n    result = 1", False),
        ("result.text", False),
        ("result_of = 1", False),
    ],
)
def test_what_binds_the_read_only_name_is_recognised(code: str, binds: bool) -> None:
    assert statements(code)[0].binds_result is binds
