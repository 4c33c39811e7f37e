"""The texts that the rules are held against are whole: each says where it was seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.texts import BadTextError, fault_texts, unrelated_texts


def test_every_source_is_an_address_or_says_that_the_text_is_ours() -> None:
    texts = [*fault_texts(), *unrelated_texts()]
    own = {text.name: text.source for text in texts if not text.source.startswith("https://")}
    assert set(own.values()) <= {"written for these tests"}


def test_no_text_stands_twice() -> None:
    texts = [text.text.strip() for text in (*fault_texts(), *unrelated_texts())]
    assert [text for text in texts if texts.count(text) > 1] == []


def test_what_a_text_shows_besides_is_a_code_with_texts_of_its_own() -> None:
    codes = {text.code for text in fault_texts()}
    assert [(text.name, text.also) for text in fault_texts() if set(text.also) - (codes - {text.code})] == []


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ('[[text]]\ntext = "x"\n', "one-1: has no source"),
        ('[[text]]\nsource = "https://example.org"\ntext = " "\n', "one-1: has no text"),
        ('[[text]]\nsource = "https://example.org"\ntext = "x"\nalos = []\n', "one-1: unknown alos"),
        ('source = "https://example.org"\n', r"one\.toml: no \[\[text\]\] in it"),
        ("[[text]\n", r"one\.toml: "),
    ],
)
def test_a_file_with_a_fault_is_named(tmp_path: Path, written: str, complaint: str) -> None:
    (tmp_path / "one.toml").write_text(written, encoding="utf-8")
    with pytest.raises(BadTextError, match=complaint):
        fault_texts(tmp_path)
