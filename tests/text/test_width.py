from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.text.plain import strip
from tutor.text.width import cells, pad, truncate


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("你好", 4),
        ("ｆ", 2),
        ("e\u0301", 1),
        ("🚀", 2),
        ("🫨", 2),
        ("❤\ufe0f", 2),
        ("한글", 4),
        ("…", 1),
        ("─", 1),
        ("é", 1),
    ],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_joined_emoji_take_at_least_what_any_terminal_gives_them() -> None:
    assert cells("👩\u200d💻") == 4


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("hello", 5, "hello"),
        ("hello", 4, "hel…"),
        ("你好吗", 5, "你好…"),
        ("你好吗", 4, "你…"),
        ("hello", 1, "…"),
        ("hello", 0, ""),
        ("", 0, ""),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("👩\u200d💻👩\u200d💻", 5, "👩\u200d💻…"),
    ],
)
def test_truncate(text: str, limit: int, short: str) -> None:
    assert truncate(text, limit) == short


@given(st.text(st.characters()), st.integers(0, 30))
def test_a_column_is_exactly_as_wide_as_wanted(text: str, width: int) -> None:
    assert cells(pad(strip(text), width)) == width
