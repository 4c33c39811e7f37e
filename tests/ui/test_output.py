"""Running and finished output in the conversation; progress bars as tqdm 4.70 printed them in a kernel, recorded in `tqdm.json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.text.test_tracebacks import RECORDED
from tutor.i18n import Words
from tutor.runtime.base import Output, Raised, Text
from tutor.session.scribe import kept
from tutor.ui.blocks import Block
from tutor.ui.layout import lay_out
from tutor.ui.output import LINE_SHOWN, LIVE_LINES, OutputLines, live_blocks, output_blocks

EN = Words("en")
BARS: dict[str, list[tuple[str, str]]] = json.loads(Path(__file__).with_name("tqdm.json").read_text())


def said(blocks: tuple[Block, ...], width: int = 80) -> list[str]:
    return [line.plain.strip() for line in lay_out(blocks, width)]


def finished(outputs: list[Output], *, whole: bool = False) -> list[str]:
    return said(output_blocks({"outputs": [kept(output) for output in outputs]}, EN, whole=whole))


@pytest.mark.parametrize(
    ("name", "bars", "after"),
    [("one", 1, ["done"]), ("nested", 1, ["", "done"]), ("write", 1, []), ("chinese", 1, []), ("three", 7, ["done"])],
)
def test_progress_bars_end_as_in_a_terminal(name: str, bars: int, after: list[str]) -> None:
    lines = "\n".join(finished([Text(stream, text) for stream, text in BARS[name]])).rstrip().split("\n")
    assert sum("100%|" in line for line in lines) == bars
    assert not any(" 0%|" in line for line in lines)
    assert lines[len(lines) - len(after) :] == after


def test_nested_bars_stand_below_each_other_while_they_run() -> None:
    held = OutputLines(EN)
    heights = set()
    for stream, text in BARS["nested"]:
        held.feed([Text(stream, text)])
        lines = said(live_blocks(held, EN))
        assert lines[0].startswith("epoch:")
        if "100%" not in lines[0]:
            assert lines[1].startswith("batch:")
            heights.add(len(lines))
    assert heights == {2}


def test_an_error_is_folded_here_and_whole_for_a_copy() -> None:
    error = RECORDED["9.18"]["library"]
    raised = Raised(error["type"], error["message"], tuple(error["traceback"]))
    before, error_line, *_ = finished([Text("stdout", "before\n"), raised])
    assert (before, error_line[:26]) == ("before", "JSONDecodeError: Expecting")
    assert "json/decoder.py:353, in" in "\n".join(finished([raised], whole=True))


def test_what_is_left_out_names_the_key_that_opens_it() -> None:
    lines = finished([Text("stdout", "".join(f"{number}\n" for number in range(1000)))])
    assert "… 968 lines in between · p opens all" in lines
    held = OutputLines(EN)
    held.feed([Text("stdout", "".join(f"{number}\n" for number in range(1000)))])
    assert said(live_blocks(held, EN))[0] == "… 988 lines above · p opens all"
    assert said(live_blocks(held, EN, printed=1_000_000))[0] == "… 999,988 lines above · p opens all"
    assert len(said(live_blocks(held, EN))) == LIVE_LINES + 1


def test_a_line_without_an_end_does_not_fill_the_conversation() -> None:
    lines = finished([Text("stdout", "x" * 9_000)])
    assert len(lines) <= LINE_SHOWN // 78 + 1
    assert lines[-1].endswith("x …")
