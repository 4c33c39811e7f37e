from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.text.style import PLAIN, Style
from tutor.text.terminal import MAX_CELLS, OPEN_LINES, Line, Run, Terminal
from tutor.text.width import cells

RED = Style(foreground=1)
ORDINARY = ("a", "bc", " ", "\n", "\r", "\b", "\t", "\r\n", "x" * 30, "\n" * 30)
UNUSUAL = ("你", "好", "é", "e\u0301", "\u0301", "👩\u200d💻", "❤\ufe0f", "\ud83d", "\u202e", "\x00")
FRAGMENTS = ("\x1b", "[", "]", "\\", "3", "1", ";", "m", "A", "B", "K", "\x07", "\x9b", "\x9c", "\x90")
STYLES = ("\x1b[31m", "\x1b[0m", "\x1b[38;5;9m")
MOVES = ("\x1b[A", "\x1b[2A", "\x1b[B", "\x1b[3C", "\x1b[2D", "\x1b[5G", "\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[E")
DROPPED = ("\x1b]0;title\x07", "\x1b]8;;x\x1b\\", "\x1bPq", "\x1b[?25l", "\x1b(B", "\x1b7")
PIECES = st.sampled_from(ORDINARY + UNUSUAL + FRAGMENTS + STYLES + MOVES + DROPPED)


def show(*pieces: str) -> list[Line]:
    terminal = Terminal()
    closed = [line for piece in pieces for line in terminal.feed(piece)]
    return closed + terminal.close()


def texts(*pieces: str) -> list[str]:
    return ["".join(run.text for run in line) for line in show(*pieces)]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("", []),
        ("a\nb", ["a", "b"]),
        ("a\n\nb\n", ["a", "", "b"]),
        ("\n", [""]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("10%\r20%\r100%\n", ["100%"]),
        ("long line\rshort", ["shortline"]),
        ("abc\b\bX", ["aXc"]),
        ("\b\bx", ["x"]),
        ("a\tb", ["a       b"]),
        ("12345678\tb", ["12345678        b"]),
        ("你\tb", ["你      b"]),
        ("abcdef\r\x1b[K", []),
        ("abcdef\x1b[3G\x1b[K", ["ab"]),
        ("abcdef\x1b[3G\x1b[1K", ["   def"]),
        ("abcdef\x1b[2Kx", ["      x"]),
        ("a\x1b[3Cb", ["a   b"]),
        ("abc\x1b[2Dx", ["axc"]),
        ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", ["alink"]),
        ("\x1bPsixel;data\x1b\\a\x1b_app\x1b\\b\x1b^pm\x9cc", ["abc"]),
        ("\x1b[?25l\x1b[>c\x1b[2J\x1b[1 qa\x1b(B\x1b7\x1bM", ["a"]),
        ("a\x00\x07\x0b\x0c\x7f\x85\x9bmb", ["ab"]),
        ("safe\u202eevil\u2066\u200b\ufeff\U000e0041", ["safeevil"]),
        ("a\udcffb", ["a�b"]),
        ("\x1b]never ended\nnext", ["", "next"]),
        ("\x1b[999999999999999999999Ga", [" " * 512 + "a"]),
        ("[red]not markup[/red]", ["[red]not markup[/red]"]),
    ],
)
def test_what_is_seen(written: str, seen: list[str]) -> None:
    assert texts(written) == seen


def test_nested_progress_bars() -> None:
    outer, inner = "\router {}%", "\n\rinner {}%\x1b[A"
    written = "".join(outer.format(tick) + inner.format(tick) for tick in range(101)) + "\n\ndone\n"
    assert texts(written) == ["outer 100%", "inner 100%", "done"]


def test_colours_become_runs() -> None:
    assert show("a\x1b[31mb\x1b[1mc\x1b[0md") == [
        (Run("a", PLAIN), Run("b", RED), Run("c", Style(foreground=1, bold=True)), Run("d", PLAIN))
    ]


def test_a_colour_lasts_over_lines() -> None:
    assert show("\x1b[31ma\nb\nc\n") == [(Run("a", RED),), (Run("b", RED),), (Run("c", RED),)]


def test_half_of_a_wide_character_written_over_becomes_a_space() -> None:
    assert texts("你好\rx") == ["x 好"]
    assert texts("你好\x1b[2Gx") == [" x好"]
    assert texts("你好\x1b[4Gx") == ["你 x"]
    assert texts("你好\x1b[2G\x1b[K") == [" "]


def test_marks_join_the_character_before_them_and_are_bounded() -> None:
    assert texts("e", "\u0301", "你", "\u0301") == ["e\u0301你\u0301"]
    assert len(texts("e" + "\u0301" * 1000)[0]) < 20


def test_a_line_without_an_end_goes_on_in_the_next() -> None:
    lines = texts("x" * (2 * MAX_CELLS + 5))
    assert [len(line) for line in lines] == [MAX_CELLS, MAX_CELLS, 5]
    assert "".join(texts("你" * MAX_CELLS)) == "你" * MAX_CELLS


def test_lines_close_once_they_leave_the_open_tail() -> None:
    terminal = Terminal()
    closed = terminal.feed("".join(f"{number}\n" for number in range(100)))
    assert len(closed) == 100 + 1 - OPEN_LINES
    assert len(terminal.open) == OPEN_LINES - 1
    assert terminal.feed("\x1b[999Aup") == []
    assert terminal.open[0] == (Run("up", PLAIN),)


def test_a_few_bytes_do_not_become_a_page_of_spaces() -> None:
    written = "x" * MAX_CELLS + "\n" + "\x1b[A\x1b[9999C\x1b[By\n" * 100
    assert sum(map(len, texts(written))) < 2 * MAX_CELLS + 100 * 600


def test_closing_begins_afresh() -> None:
    terminal = Terminal()
    terminal.feed("\x1b[31ma\x1b]0;x")
    assert terminal.close() == [(Run("a", RED),)]
    assert terminal.open == []
    terminal.feed("b")
    assert terminal.close() == [(Run("b", PLAIN),)]


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=40), st.data())
def test_any_split_shows_the_same(pieces: list[str], data: st.DataObject) -> None:
    whole = "".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=10)))
    split = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert show(whole) == show(*split) == show(*whole)


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=200))
def test_nothing_live_comes_through(text: str) -> None:
    for line in show(text):
        for run in line:
            assert run.text
            assert not any(ord(one) < 32 or 0x7F <= ord(one) < 0xA0 or one in "\u202e\u2066\u200b" for one in run.text)
        shown = "".join(run.text for run in line)
        assert cells(shown) - shown.count("\ufe0f") <= MAX_CELLS


LINES = st.lists(
    PIECES | st.just("a line\n") | st.just("wide 你好\n" * 40) | st.just("x" * MAX_CELLS + "\n"), max_size=40
)


@given(st.lists(LINES.map("".join), max_size=4))
def test_counting_lines_is_the_same_as_making_them(texts: list[str]) -> None:
    made, counted = Terminal(), Terminal()
    for text in texts:
        assert counted.skim(text) == len(made.feed(text))
        assert counted.open == made.open


@given(LINES.map("".join), LINES.map("".join))
def test_a_fork_goes_its_own_way(before: str, after: str) -> None:
    terminal, straight = Terminal(), Terminal()
    closed = terminal.feed(before)
    terminal.fork().feed("\x1b[31mlost\n")
    assert closed + terminal.feed(after) == straight.feed(before) + straight.feed(after)
    assert terminal.open == straight.open
