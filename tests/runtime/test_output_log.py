from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.runtime import output_log
from tutor.runtime.base import Cleared, Late, Output, Raised, Rich, Text
from tutor.runtime.output_log import SpooledLog

OTHERS: tuple[Output, ...] = (
    Rich({"text/plain": "ü", "application/json": {"a": [1, None]}}, display_id="d"),
    Raised("E", "m", ("1", "2")),
    Cleared(wait=True),
    Late("step", "stderr", "late"),
)


def text_of(outputs: Sequence[Output]) -> str:
    return "".join(output.text for output in outputs if isinstance(output, Text))


def merged(outputs: Sequence[Output]) -> list[Output]:
    """Neighbouring texts of one stream as one, so that only what matters is compared."""
    result: list[Output] = []
    for output in outputs:
        last = result[-1] if result else None
        if isinstance(output, Text) and isinstance(last, Text) and last.stream == output.stream:
            result[-1] = Text(output.stream, last.text + output.text)
        elif not isinstance(output, Text) or output.text:
            result.append(output)
    return result


def shown(outputs: Sequence[Output]) -> list[Output]:
    """Each display once since the last clearing."""
    result: list[Output] = []
    ids: set[str] = set()
    for output in outputs:
        if isinstance(output, Cleared):
            ids.clear()
        elif isinstance(output, Rich) and output.display_id is not None:
            if output.display_id in ids:
                continue
            ids.add(output.display_id)
        result.append(output)
    return result


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 8 characters, 32 in memory."""
    monkeypatch.setattr(output_log, "BLOCK", 8)
    monkeypatch.setattr(output_log, "IN_MEMORY", 32)


def test_little_output_makes_no_file(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path / "new", "a.txt")
    log.append(Text("stdout", "a"))
    log.append(Text("stdout", "b"))
    log.append(OTHERS[0])
    log.seal()
    assert log.read() == ([Text("stdout", "ab"), OTHERS[0]], 3)
    assert (log.end, log.size, log.path) == (3, 2, None)
    assert list(tmp_path.iterdir()) == []


def test_readers_have_cursors_of_their_own(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path, "a.txt")
    log.append(Text("stdout", "one "))
    first, cursor = log.read()
    log.append(Text("stdout", "two"))
    second, _ = log.read(cursor)
    assert text_of(first) == "one "
    assert text_of(second) == "two"
    assert text_of(log.read()[0]) == "one two"
    assert log.read(log.end) == ([], log.end)


def test_a_limit_cuts_and_the_cursor_goes_on_there(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path, "a.txt")
    log.append(Text("stdout", "abcdef"))
    assert log.read(0, 4) == ([Text("stdout", "abcd")], 4)
    assert log.read(4, 4) == ([Text("stdout", "ef")], 6)


@given(
    outputs=st.lists(
        st.one_of(
            st.builds(Text, st.sampled_from(["stdout", "stderr"]), st.text(st.characters(), max_size=40)),
            st.sampled_from(OTHERS),
        ),
        max_size=60,
    ),
    limit=st.integers(1, 50),
    sealed=st.booleans(),
)
def test_what_is_read_is_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, outputs: list[Output], limit: int, sealed: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output_log, "BLOCK", 8)
        patch.setattr(output_log, "IN_MEMORY", 32)
        log = SpooledLog(tmp_path_factory.mktemp("log"), "a.txt")
        read: list[Output] = []
        cursor = 0
        for output in outputs:
            log.append(output)
            new, cursor = log.read(cursor, limit)
            read += new
        if sealed:
            log.seal()
        while cursor < log.end:
            new, cursor = log.read(cursor, limit)
            assert new
            read += new
        assert merged(read) == merged(outputs)
        assert merged(log.read(0, 1 << 30)[0]) == merged(outputs)
        first, between, last = log.ends(20)
        if not between:
            assert merged([*first, *last]) == merged(shown(outputs))
        log.seal()


@pytest.mark.usefixtures("small")
def test_large_output_is_whole_in_a_private_file(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path / "new", "a.txt")
    for number in range(100):
        log.append(Text("stdout", f"{number}\n"))
    log.seal()
    assert log.path == tmp_path / "new" / "a.txt"
    assert log.path.read_text() == "".join(f"{number}\n" for number in range(100))
    assert log.path.stat().st_mode & 0o777 == 0o600
    assert log.path.parent.stat().st_mode & 0o777 == 0o700
    assert text_of(log.read(0, 1 << 20)[0]) == log.path.read_text()


@pytest.mark.usefixtures("small")
def test_a_sealed_log_holds_no_descriptor_and_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    closed: list[int] = []
    real_open, real_close = os.open, os.close

    def open_noted(*args: Any) -> int:
        opened.append(real_open(*args))
        return opened[-1]

    def close_noted(number: int) -> None:
        closed.append(number)
        real_close(number)

    monkeypatch.setattr(os, "open", open_noted)
    monkeypatch.setattr(os, "close", close_noted)
    log = SpooledLog(tmp_path, "a.txt")
    log.append(Text("stdout", "x" * 1000))
    assert (len(opened), closed) == (1, [])
    log.seal()
    log.seal()
    monkeypatch.undo()
    assert closed == opened
    assert text_of(log.read()[0]) == "x" * 1000


@pytest.mark.usefixtures("small")
def test_the_ends_of_large_output(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path, "a.txt")
    whole = "".join(f"{number}\n" for number in range(100))
    log.append(Text("stdout", whole))
    first, between, last = log.ends(10)
    assert (text_of(first), text_of(last)) == (whole[:10], whole[-10:])
    assert between == len(whole) - 20
    log.seal()


def test_only_the_newest_part_stays_in_memory(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path, "a.txt")
    for _ in range(64):
        log.append(Text("stdout", "x" * 100_000))
    kept = sum(len(text_of(block.outputs)) for block in log._blocks if block.outputs)
    assert kept <= output_log.IN_MEMORY + output_log.BLOCK
    log.seal()


def fail(*_: Any) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.usefixtures("small")
def test_a_disk_full_from_the_start_keeps_both_ends_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", fail)
    log = SpooledLog(tmp_path, "a.txt")
    for number in range(1000):
        log.append(Text("stdout", f"{number:04}\n"))
    log.seal()
    text = text_of(log.read(0, 1 << 20)[0])
    assert text.startswith("0000\n0001\n0002\n")
    assert text.endswith("0998\n0999\n")
    assert "0500" not in text
    assert text.count("No space left on device") == 1
    assert log.path is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("small")
def test_a_disk_that_fills_up_keeps_what_it_took_and_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = SpooledLog(tmp_path, "a.txt")
    for number in range(100):
        log.append(Text("stdout", f"{number:04}\n"))
    monkeypatch.setattr(os, "write", fail)
    for number in range(100, 1000):
        log.append(Text("stdout", f"{number:04}\n"))
    log.seal()
    text = text_of(log.read(0, 1 << 20)[0])
    assert text.startswith("".join(f"{number:04}\n" for number in range(90)))
    assert text.endswith("0998\n0999\n")
    assert text.count("No space left on device") == 1
    assert log.path is not None
    log.seal()


@pytest.mark.usefixtures("small")
def test_a_file_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    log = SpooledLog(tmp_path / "file", "a.txt")
    log.append(Text("stdout", "x" * 1000))
    log.append(Text("stdout", "end"))
    log.seal()
    assert text_of(log.read()[0]).endswith("end")


def test_a_display_that_was_updated_a_thousand_times_takes_the_room_of_one(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path, "a.txt")
    log.append(Text("stdout", "before "))
    log.append(Rich({"text/plain": "state 0"}, "chart"))
    for number in range(1, 1001):
        log.append(Rich({"text/plain": f"state {number}", "application/json": "x" * 5000}, "chart", update=True))
        log.append(Text("stdout", "."))
    log.seal()
    first, left_out, last = log.ends(32_768)
    assert (left_out, last) == (0, ())
    assert [type(output) for output in first] == [Text, Rich, *[Text] * 1000]
    chart = first[1]
    assert isinstance(chart, Rich)
    assert (chart.data["text/plain"], chart.update) == ("state 1000", False)
    assert text_of(first) == "before " + "." * 1000


def test_a_display_after_a_clearing_stands_where_it_is_shown_again(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path, "a.txt")
    old, new = Rich({"text/plain": "old"}, "d"), Rich({"text/plain": "new"}, "d", update=True)
    for output in (old, Cleared(), new):
        log.append(output)
    first, _, _ = log.ends(100)
    assert list(first) == [Rich({"text/plain": "new"}, "d"), Cleared(), Rich({"text/plain": "new"}, "d")]


def test_many_figures_are_not_all_loaded_for_the_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_log, "BLOCK", 8)
    monkeypatch.setattr(output_log, "IN_MEMORY", 32)
    monkeypatch.setattr(output_log, "OTHERS", 100)
    log = SpooledLog(tmp_path, "a.txt")
    for number in range(200):
        log.append(Rich({"image/png": f"{number:010}"}))
    log.seal()
    first, left_out, last = log.ends(1000)
    assert (len(first), left_out + len(last)) == (10, 190)
    assert 0 < len(last) <= 14
    assert last[-1] == Rich({"image/png": "0000000199"})
