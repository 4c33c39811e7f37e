"""Every rule against every text that was reported in public, those of the other faults and those of none included."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.texts import Text, fault_texts, unrelated_texts
from tutor.faults.codes import CODES
from tutor.faults.explain import explain


@pytest.mark.parametrize("text", fault_texts(), ids=lambda text: text.name)
def test_fault_is_recognised_and_nothing_else_is_seen(text: Text) -> None:
    found = [fault.code for fault in explain(text.text)]
    assert text.code in found
    assert found[0] in text.codes
    assert set(found) <= text.codes


@pytest.mark.parametrize("text", unrelated_texts(), ids=lambda text: text.name)
def test_what_is_no_fault_is_unknown(text: Text) -> None:
    assert [(fault.code, fault.quoted) for fault in explain(text.text)] == []


def test_every_code_has_two_different_texts_and_all_together_are_many() -> None:
    texts = {(text.code, text.text.strip()) for text in fault_texts()}
    count = Counter(code for code, _ in texts)
    assert {code: count[code] for code in CODES if count[code] < 2} == {}
    assert len(texts) >= 150
    assert len(unrelated_texts()) >= 50
    assert {text.code for text in fault_texts()} <= set(CODES)


def test_the_line_that_is_named_is_the_one_that_is_quoted() -> None:
    for text in fault_texts():
        lines = text.text.split("\n")
        for fault in explain(text.text):
            assert 1 <= fault.line <= len(lines)
            assert fault.quoted[-12:].isascii() is False or fault.quoted[-12:] in lines[fault.line - 1].replace(
                "\u201d", '"'
            )


def test_all_texts_together_are_explained_with_every_code() -> None:
    whole = "\n\n".join(text.text for text in fault_texts())
    assert len({fault.code for fault in explain(whole)}) > 50
