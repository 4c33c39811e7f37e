from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.text.test_terminal import PIECES
from tutor.text.plain import Stripper, strip


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("10%\r20%\r\n", "10%\n20%\n"),
        ("a\r\n\r\nb", "a\n\nb"),
        ("abc\b\x07", "abc"),
        ("\x1b]52;c;c2VjcmV0\x07a", "a"),
        ("a\u202eb\x9b2Jc", "abc"),
        ("\udcff", "�"),
        ("\x1b", ""),
    ],
)
def test_strip(written: str, plain: str) -> None:
    assert strip(written) == plain


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a\rb\r\nc", "a\rb\r\nc"),
        ("10%\b\b\b20%\tx", "10%\b\b\b20%\tx"),
        ("\x1b[31ma\r\x1b[0mb\x07\x00\u200b\udcff", "a\rb�"),
    ],
)
def test_movements_can_be_kept(written: str, kept: str) -> None:
    stripper = Stripper(keeps_movements=True)
    for _ in range(2):
        assert "".join(map(stripper.feed, written)) + stripper.flush() == kept


@given(st.lists(PIECES, max_size=40), st.data())
def test_any_split_gives_the_same(pieces: list[str], data: st.DataObject) -> None:
    whole = "".join(pieces)
    cut = data.draw(st.integers(0, len(whole)))
    for split in ([whole[:cut], whole[cut:]], list(whole)):
        stripper = Stripper()
        assert "".join(map(stripper.feed, split)) + stripper.flush() == strip(whole)


@given(st.text(st.characters()))
def test_stripped_text_is_printable_and_stays_as_it_is(text: str) -> None:
    clean = strip(text)
    clean.encode()
    assert "\x1b" not in clean
    assert strip(clean) == clean
