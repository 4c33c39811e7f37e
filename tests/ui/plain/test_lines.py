from __future__ import annotations

import pytest

from tutor.i18n import Words
from tutor.progress.model import Entry, EntryKind, Speaker
from tutor.runtime.base import Output, Raised, Rich, Text
from tutor.ui.plain.editing import changed
from tutor.ui.plain.lines import lines_of, markdown_lines
from tutor.ui.plain.printing import OutputPrinter

WORDS = Words("en")
CODE = "def f():\n    return 1"


class Log:
    path = None

    def __init__(self, *outputs: Output) -> None:
        self.outputs = list(outputs)

    @property
    def end(self) -> int:
        return len(self.outputs)

    @property
    def size(self) -> int:
        return 0

    def read(self, cursor: int = 0, limit: int = 1 << 20) -> tuple[list[Output], int]:
        return self.outputs[cursor:], len(self.outputs)

    def ends(self, characters: int = 1 << 20) -> tuple[list[Output], int, list[Output]]:
        return self.outputs, 0, []


def printed(*outputs: Output) -> list[str]:
    lines: list[str] = []
    printer = OutputPrinter(lines.append)
    printer.follow(Log(*outputs))
    printer.end()
    return lines


def test_a_table_row_names_its_columns() -> None:
    told = markdown_lines("| Build | Prints |\n|---|---|\n| CPU | `False` |")
    assert told == ["- Build: CPU; Prints: False"]


def test_code_is_indented_and_paragraphs_are_not_wrapped() -> None:
    told = markdown_lines(f"{'word ' * 60}\n\n```python\nx = 1\n```")
    assert told == [("word " * 60).strip(), "", "    x = 1"]


def test_what_the_learner_typed_is_not_said_again() -> None:
    entry = Entry("l", "s", Speaker.YOU, EntryKind.CODE, "x = 1", {"attempt": 1})
    assert lines_of(entry, WORDS) == []


def test_a_verdict_in_practice_says_so() -> None:
    entry = Entry("l", "s", Speaker.TUTOR, EntryKind.VERDICT, "", {"verdict": "passed", "practice": True})
    assert lines_of(entry, WORDS) == ["", "Passed in practice."]


@pytest.mark.parametrize(
    ("order", "after"),
    [
        ("2: return 2", "def f():\n    return 2"),
        ("2:return 2", "def f():\n    return 2"),
        ("2：return 2", "def f():\n    return 2"),
        ("2:     return 2", "def f():\n    return 2"),
        ("+1:     x = 1", "def f():\n    x = 1\n    return 1"),
        ("+0: import torch", "import torch\ndef f():\n    return 1"),
        ("-1", "    return 1"),
        ("3: x", None),
        ("0: x", None),
        ("2", None),
        ("-1: x", None),
        ("x = 1", None),
    ],
)
def test_lines_change_by_their_numbers(order: str, after: str | None) -> None:
    assert changed(CODE, order) == after


def test_a_progress_bar_is_printed_once_it_stands_still() -> None:
    assert printed(Text("stderr", "\r 1%"), Text("stderr", "\r50%"), Text("stderr", "\r100%\n")) == ["100%"]


def test_lines_come_in_pieces_and_empty_ones_stay() -> None:
    assert printed(Text("stdout", "a"), Text("stdout", "b\n\nc")) == ["ab", "", "c"]


def test_a_display_that_changes_is_told_in_its_newest_state() -> None:
    shown = [Rich({"text/plain": f"epoch {n}"}, display_id="a", update=n > 0) for n in range(100)]
    assert printed(*shown) in (["epoch 99"], ["epoch 0", "epoch 99"])


def test_an_error_is_named() -> None:
    assert printed(Raised("ValueError", "no\x1b[31mpe", ("long", "traceback"))) == ["ValueError: nope"]
