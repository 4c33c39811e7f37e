"""Lines by their numbers, held against the same outputs drawn from the beginning."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.runtime.base import Cleared, Late, Output, Raised, Rich, Text
from tutor.runtime.old_log import OldLog
from tutor.runtime.output_log import SpooledLog
from tutor.ui import lines as module
from tutor.ui.lines import FixedLines, OutputList, OutputSource, search, texts
from tutor.ui.output import SpanLine
from tutor.ui.reel import Reel, rich_lines

FOREVER = 60.0


def drawn(outputs: Iterable[Output]) -> list[SpanLine]:
    reel = Reel()
    lines: list[SpanLine] = []
    for output in outputs:
        if reel.clears(output):
            lines.clear()
        lines += reel.take(output)
    return [*lines, *reel.open]


def read(source: OutputSource) -> OutputSource:
    while source.look(FOREVER):
        pass
    return source


def plain(lines: Iterable[SpanLine]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def numbered(count: int) -> str:
    return "".join(f"line {number}\n" for number in range(count))


PIECES = st.sampled_from(
    ["a\n", "b", "\r", "\x1b[31m", "\x1b[A", "你好\n", "\n" * 30, "plain line\n" * 60, "x" * 300 + "\n"]
)
OUTPUTS = st.lists(
    st.builds(Text, st.sampled_from(["stdout", "stderr"]), st.lists(PIECES, min_size=1, max_size=8).map("".join))
    | st.sampled_from(
        [
            Rich({"text/plain": "value"}),
            Raised("E", "no", ("one", "two")),
            Late("s", "stdout", "late\n"),
            Cleared(),
            Cleared(True),
        ]
    ),
    max_size=12,
)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 128)
    monkeypatch.setattr(module, "STRIDE", 256)
    monkeypatch.setattr(module, "PARTS_KEPT", 2)
    monkeypatch.setattr(module, "STATE_SHARE", 0)


@settings(max_examples=200)
@given(outputs=OUTPUTS)
@pytest.mark.usefixtures("small_parts")
def test_every_line_is_the_one_that_was_printed(
    outputs: list[Output], tmp_path_factory: pytest.TempPathFactory
) -> None:
    spooled = SpooledLog(tmp_path_factory.mktemp("log"), "log.txt")
    source = OutputSource(spooled)
    for output in outputs:
        spooled.append(output)
        source.look(0.0)
        source.part(source.parts - 1)
    expected = drawn(outputs)
    read(source)
    assert source.count == len(expected)
    assert [source.line(number) for number in range(source.count)] == expected
    assert "".join(texts(source)).splitlines() == [line.rstrip("\n") for line in plain(expected)]


def test_a_display_that_is_updated_says_its_newest(small_parts: None) -> None:
    before, after = Text("stdout", numbered(200)), Text("stdout", numbered(300))
    outputs: list[Output] = [before, Rich({"text/plain": "0 %"}, "bar"), after]
    source = read(OutputSource(OutputList(outputs)))
    source.line(250)
    outputs.append(Rich({"text/plain": "100 %\ndone"}, "bar", update=True))
    outputs.append(Rich({"text/plain": "of something that is gone"}, "other", update=True))
    read(source)
    assert plain(source.line(number) for number in range(source.count)) == [
        *numbered(200).split("\n")[:-1],
        "100 %",
        "done",
        *numbered(300).split("\n")[:-1],
    ]
    assert source.generation == 1


def test_an_old_file_shows_what_the_log_showed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = SpooledLog(tmp_path, "log.txt")
    log.append(Text("stdout", numbered(200_000)))
    log.append(Raised("E", "no", ("one", "two")))
    log.seal()
    assert log.path is not None
    now, then = read(OutputSource(log)), read(OutputSource(OldLog(log.path)))
    assert now.count == then.count == 200_002
    assert now.parts > 10
    assert plain([then.line(123_456), then.line(200_001)]) == ["line 123456", "two"]


def test_a_file_that_goes_away_is_told(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text(numbered(100_000))
    log = OldLog(path)
    source = OutputSource(log)
    path.unlink()
    assert source.look(FOREVER)
    assert source.trouble
    assert not source.look(FOREVER)
    assert source.read == 1.0


def test_reading_takes_no_longer_than_it_may() -> None:
    source = OutputSource(OutputList([Text("stdout", numbered(10))] * 50))
    assert source.look(0.0)
    assert source.read == 0.0
    assert read(source).read == 1.0


def found(needle: str, start: int, *, backwards: bool = False) -> list[int]:
    log = OutputList([Text("stdout", numbered(300)), Text("stdout", "\x1b[31mline\x1b[0m 7 again\nLINE 7\n")])
    source = read(OutputSource(log))
    return [at for at in search(source, needle, start, backwards=backwards) if at is not None]


def test_search_goes_on_round_the_end(small_parts: None) -> None:
    assert found("line 7", 75) == [76, 77, 78, 79, 300, 301, 7, 70, 71, 72, 73, 74, 75]
    assert found("line 7", 75, backwards=True)[:4] == [74, 73, 72, 71]
    assert sorted(found("line 7", 0, backwards=True)) == sorted(found("line 7", 0))
    assert found("LINE 7", 0) == [301]
    assert found("nowhere", 0) == []


def test_fixed_lines_are_searched_as_well() -> None:
    source = FixedLines([(("one", "strong"), (" two", "")), (("three", ""),)])
    assert [at for at in search(source, "ne t", 1) if at is not None] == [0]
    assert list(islice(texts(source), 2)) == ["one two\nthree\n"]


def test_a_picture_is_named() -> None:
    assert plain(rich_lines({"text/plain": "<Figure>", "image/png": "AAAA"})) == ["<Figure>", "[image/png]"]
