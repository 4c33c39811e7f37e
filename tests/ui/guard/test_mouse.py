"""Broken mouse reports: none of them becomes text, and nothing else is lost."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver

from tutor.ui.guard.mouse import PATIENCE, FilteringParser, ReportFilter, filter_reports

WHOLE = "\x1b[<35;12;5M"


class Clock:
    """Time that a test lets pass."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def filtered(*pieces: str, pause: float = 0.0) -> list[str]:
    """What comes out of each piece, with that pause before each."""
    clock = Clock()
    reports = ReportFilter(clock)
    kept = []
    for piece in pieces:
        clock.now += pause
        kept.append(reports.feed(piece))
    return kept


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ("print(1)", "print(1)"),
        (WHOLE, WHOLE),
        (f"a{WHOLE}b\x1b[<0;3;-1m", f"a{WHOLE}b\x1b[<0;3;-1m"),
        ("\x1b[<32;NaN;NaNM", ""),
        ("a\x1b[<32;NaN;NaNMb", "ab"),
        ("[<35;12;5M", ""),
        ("x[<35;12;5Mx[<35;12;y", "xxy"),
        ("<35;12;5M", ""),
        ("if a <3: b[0]", "if a <3: b[0]"),
        ("a<b;c[<", "a<b;c[<"),
        ("\x1b[<35;12;print", "print"),
        ("\x1b[<35;12;\x1b[A", "\x1b[A"),
        ("\x1b[<35;12;5;9;9M", ""),
        ("\x1b", "\x1b"),
        ("\x1b[A\x1b[1;5C", "\x1b[A\x1b[1;5C"),
        ("学习 [1] < 2", "学习 [1] < 2"),
    ],
)
def test_only_broken_reports_are_taken_out(data: str, kept: str) -> None:
    assert filtered(data) == [kept]


def test_a_report_in_two_pieces_is_one_report() -> None:
    assert filtered("a\x1b[<35;1", "2;5Mb") == ["a", f"{WHOLE}b"]


def test_a_report_whose_end_never_comes_is_dropped() -> None:
    assert filtered("a\x1b[<35;1", "b", pause=PATIENCE * 2) == ["a", "b"]


@pytest.mark.parametrize("begun", ["\x1b", "\x1b["])
def test_the_rest_of_a_report_reaches_the_parser_that_waits_for_it(begun: str) -> None:
    assert filtered(begun, WHOLE.removeprefix(begun)) == [begun, WHOLE.removeprefix(begun)]


@pytest.mark.parametrize("begun", ["\x1b", "\x1b["])
def test_the_rest_of_a_report_that_comes_too_late_is_no_text(begun: str) -> None:
    assert filtered(begun, WHOLE.removeprefix(begun), pause=1.0) == [begun, ""]


def test_what_is_pasted_stays_as_it_is() -> None:
    assert filtered("\x1b[200~see [<35;12;5M", " [<1;2;3M\x1b[20", "1~[<1;2;3M", "[<1;2;3M") == [
        "\x1b[200~see [<35;12;5M",
        " [<1;2;3M\x1b[20",
        "1~[<1;2;3M",
        "",
    ]


@given(
    st.lists(st.sampled_from(["a", "\r", "学", WHOLE, "\x1b[A", "[", "<", "1;", "\x1b[200~x\x1b[201~"]), max_size=12)
)
def test_whole_reports_keys_and_pasted_text_pass_in_one_piece(parts: list[str]) -> None:
    data = "".join(parts)
    # The beginnings of what is taken out are another test's.
    assume("[<" not in data.replace("\x1b[<", "") and not data.startswith("<"))
    assert ReportFilter().feed(data) == data


def test_the_parser_makes_keys_of_keys_and_nothing_of_broken_reports() -> None:
    parser = FilteringParser()
    found = [event for piece in ("a", "\x1b[<32;NaN;NaNM", "[<35;1;", "b", WHOLE) for event in parser.feed(piece)]
    assert [event.character for event in found if isinstance(event, events.Key)] == ["a", "b"]
    assert [type(event) for event in found if not isinstance(event, events.Key)] == [events.MouseMove]
    assert list(parser.feed("")) == []
    assert parser.is_eof


def test_the_driver_parses_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(linux_driver), "XTermParser", XTermParser)
    filter_reports()
    assert vars(linux_driver)["XTermParser"] is FilteringParser
