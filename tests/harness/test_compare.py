from __future__ import annotations

import ast
from typing import Any

import pytest

from tutor.harness.compare import NAME, Instrument, Recorder, describe, message_of, show


def miss(code: str, **names: Any) -> tuple[str | None, str | None]:
    """Expected and seen of an assert that does not hold."""
    recorder = Recorder()
    tree = Instrument().visit(ast.parse(code))
    with pytest.raises(AssertionError):
        exec(compile(tree, "check", "exec"), {NAME: recorder, **names})
    return recorder.expected_and_seen()


@pytest.mark.parametrize(
    ("condition", "expected", "seen"),
    [
        ("x == 4", "4", "3"),
        ("4 == x", "3", "4"),
        ("x is None", "None", "3"),
        ("x in [1, 2]", "[1, 2]", "3"),
        ("x not in [3]", "[3]", "3"),
        ("x > 5", "5", "3"),
        ("0 < x < 2", "2", "3"),
        ("5 < x < 9", "5", "3"),
        ("x == 3 and y == 2", "2", "1"),
        ("x == 3 and not y", None, None),
        ("not x == 3", "not 3", "3"),
        ("x == 1 or y == 2", None, None),
        ("not x", None, None),
        ("[]", None, None),
    ],
)
def test_the_right_side_is_expected_and_the_left_one_seen(
    condition: str, expected: str | None, seen: str | None
) -> None:
    assert miss(f"assert {condition}", x=3, y=1) == (expected, seen)


def test_each_side_is_evaluated_once() -> None:
    calls: list[str] = []

    def side(name: str, value: int) -> int:
        calls.append(name)
        return value

    miss("assert side('a', 1) < side('b', 2) < side('c', 0) < side('d', 9)", side=side)
    assert calls == ["a", "b", "c"]


def test_in_a_block_the_first_failing_assert_is_the_one_told() -> None:
    code = "for x in [1, 2, 3]:\n    assert x > 0\n    assert x == 1, 'second'"
    assert miss(code) == ("1", "2")


def test_an_error_in_a_side_tells_nothing() -> None:
    def fail() -> None:
        raise AssertionError

    assert miss("assert 1 == 1 and fail()", fail=fail) == (None, None)
    assert miss("assert 1 == fail()", fail=fail) == (None, None)


def test_the_message_is_evaluated_only_on_a_miss() -> None:
    tree = Instrument().visit(ast.parse("assert 1 == 1, boom()"))
    exec(compile(tree, "check", "exec"), {NAME: Recorder()})


def test_functions_in_blocks_keep_their_plain_asserts() -> None:
    tree = Instrument().visit(ast.parse("if x:\n    def f():\n        assert y\n"))
    assert NAME not in ast.unparse(tree)


class Rude:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __repr__(self) -> str:
        raise self.error

    __str__ = __repr__

    def __bool__(self) -> bool:
        raise self.error


@pytest.mark.parametrize("error", [ValueError(), SystemExit(), RecursionError()])
def test_a_repr_that_raises_is_told(error: BaseException) -> None:
    assert show(Rude(error)) == f"<Rude: its repr raised {type(error).__name__}>"


def test_small_values_are_shown_as_repr_and_long_ones_cut() -> None:
    value = {"b": [1, (2,)], "a": {3}}
    assert show(value) == repr(value)
    assert len(show(list(range(200)))) == 200
    assert show(list(range(200))).endswith("…")


@pytest.mark.parametrize("value", ["x" * 10**7, list(range(10**6)), {n: n for n in range(10**5)}, [list(range(10**6))]])
def test_huge_values_are_not_written_out(value: object) -> None:
    assert repr(value)[:150] == show(value)[:150]
    assert len(show(value)) == 200


def test_a_list_that_holds_itself_is_shown() -> None:
    value: list[Any] = []
    value.append(value)
    assert len(show(value)) <= 200


def test_text_that_no_encoder_takes_is_escaped() -> None:
    assert show(type("Odd", (), {"__repr__": lambda _: "\ud800"})()) == "\\ud800"


def test_an_error_is_described_whatever_its_text_does() -> None:
    assert describe(ValueError("no")) == "ValueError: no"
    assert describe(ValueError()) == "ValueError"
    assert (
        message_of(type("Bad", (Exception,), {"__str__": lambda _: 1 / 0})()) == "<its text raised ZeroDivisionError>"
    )
