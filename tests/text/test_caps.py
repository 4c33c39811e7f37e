from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.text.caps import Capped, cap

LINES = "".join(f"line {number}\n" for number in range(100))


def test_short_text_is_whole() -> None:
    assert cap("short", 100) == Capped("short")
    assert cap("short", 100).joined("left out") == "short"
    assert cap("a\nb\nc\n", 100, lines=3) == Capped("a\nb\nc\n")


def test_long_text_keeps_both_ends_at_line_borders() -> None:
    capped = cap(LINES, 100)
    assert capped.head.startswith("line 0\n")
    assert capped.head.endswith("\n")
    assert capped.tail.startswith("line ")
    assert capped.tail.endswith("line 99\n")
    assert capped.head.count("\n") + capped.lines + capped.tail.count("\n") == 100


def test_a_cap_by_lines() -> None:
    capped = cap(LINES, 10_000, lines=4)
    assert (capped.head, capped.tail, capped.lines) == ("line 0\nline 1\n", "line 98\nline 99\n", 96)


def test_what_was_left_out_is_said() -> None:
    assert cap(LINES, 10_000, lines=2).joined("… {lines} lines …") == "line 0\n… 98 lines …\nline 99\n"
    assert cap("x" * 100, 10).joined("… {characters} left out …") == "xxxxx\n… 90 left out …\nxxxxx"


@given(st.text("ab\n"), st.integers(0, 50), st.none() | st.integers(0, 10))
def test_nothing_is_lost_uncounted(text: str, characters: int, lines: int | None) -> None:
    capped = cap(text, characters, lines=lines)
    assert len(capped.head) + len(capped.tail) + capped.characters == len(text)
    assert text.startswith(capped.head)
    assert text.endswith(capped.tail)
