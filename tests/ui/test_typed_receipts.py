from __future__ import annotations

import pytest

from tests.lesson.test_receipts import VALUE
from tutor.harness.receipt import pack
from tutor.session import commands as ask
from tutor.ui.typed import meaning_of


@pytest.mark.parametrize("above", ["", "  ", "Copy the whole next line:\n", "请复制下面一整行\n\n"])
def test_a_receipt_is_one_whatever_was_copied_along_above_it(above: str) -> None:
    line = above + pack(VALUE)
    assert meaning_of(line) == ask.Receipt(line)


@pytest.mark.parametrize("line", ["x = 'TUTOR1:abcdefgh'", "TUTOR1: int", "print(1)\nTUTOR = 2"])
def test_code_is_none(line: str) -> None:
    assert meaning_of(line) == ask.Say(line)
