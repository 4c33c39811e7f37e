"""Live displays: what is taken from outside, how a curve is drawn, what is said beside it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.figures.samples import live, live_output
from tutor.i18n import Words
from tutor.kit.live import Progress
from tutor.runtime.base import Output, Text
from tutor.session.scribe import kept
from tutor.ui.blocks import Block, BlockKind, from_json, to_json
from tutor.ui.figures.chart import chart_block, duration, frames_of
from tutor.ui.figures.live import Series, live_of
from tutor.ui.figures.plot import nice, number_text, plotted
from tutor.ui.figures.rich import LIVE, rich_blocks
from tutor.ui.layout import lay_out
from tutor.ui.output import OutputLines, live_blocks, output_blocks
from tutor.ui.wrap import cells

EN, ZH = Words("en"), Words("zh")


def chart(words: Words = EN, *, is_over: bool = False, **more: Any) -> Block:
    state = live_of(live(**more))
    assert state is not None
    return chart_block(state, words, is_over=is_over)


def drawn(block: Block, width: int = 78) -> list[str]:
    return [line.plain.rstrip() for line in lay_out([block], width)]


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
@pytest.mark.parametrize("width", [20, 40, 56, 78, 116, 190])
def test_a_chart_fits_its_width_and_a_dozen_lines(words: Words, width: int) -> None:
    lines = drawn(chart(words), width)
    assert all(cells(line) <= width for line in lines)
    assert 10 <= len(lines) <= (13 if width >= 56 else 17)


def test_curves_of_one_measure_share_a_frame_and_others_have_a_scale_of_their_own() -> None:
    lines = drawn(chart())
    assert lines[1].split() == ["━", "loss", "0.189", "╍", "val", "0.325", "━", "accuracy", "0.878"]
    ticks = [[part.split()[-1] for part in line.split("┤")[:-1]] for line in lines if "┤" in line]
    assert ticks == [["2", "1"], ["0.75"], ["1"], ["0.5"], ["0", "0.25"]]


def test_both_curves_of_a_frame_are_told_apart_without_colour() -> None:
    rising = Series("a", tuple((float(x), float(x)) for x in range(40)))
    whole, with_gaps = plotted([rising], 40, 7), plotted([Series("b", ()), rising], 40, 7)
    assert [line[1:] for line in whole] != [line[1:] for line in with_gaps]


def test_frames_that_have_no_room_are_told_as_values() -> None:
    lines = drawn(chart(), 40)
    assert "accuracy" not in lines[1]
    assert lines[-2:] == ["  accuracy 0.878 · rate 0.01 · memory", "  412 MB · GPU memory 1 GB of 15 GB"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "epoch 10 of 10 · 4.2 s · about 9 s left"),
        ({"left": None}, "epoch 10 of 10 · 4.2 s"),
        ({"total": None}, "epoch 10 · 4.2 s · about 9 s left"),
        ({"state": "finished", "elapsed": 75}, "epoch 10 of 10 · took 1 min 15 s"),
        ({"state": "stopped"}, "stopped at epoch 10 of 10 · 4.2 s"),
        ({"is_over": True}, "stopped at epoch 10 of 10 · 4.2 s"),
        ({"unit": "image"}, "image 10/10 · 4.2 s · about 9 s left"),
        ({"unit": ""}, "10/10 · 4.2 s · about 9 s left"),
    ],
)
def test_what_is_said_of_how_far_it_is(more: dict[str, Any], said: str) -> None:
    assert chart(**more).plain.splitlines()[1] == said


def test_chinese_says_it_in_its_own_words() -> None:
    assert chart(ZH).plain.splitlines()[1:] == [
        "第 10 轮，共 10 轮 · 4.2 秒 · 大约还要 9 秒",
        "rate 0.01 · 内存 412 MB · 显存 1 GB，共 15 GB",
    ]


def test_durations() -> None:
    assert [duration(s, EN) for s in (0, 1, 9.96, 59.4, 3599, 7260)] == [
        "0 s",
        "1 s",
        "10 s",
        "59 s",
        "59 min 59 s",
        "2 h 1 min",
    ]


def test_a_loss_that_is_no_number_is_said_though_it_has_a_curve() -> None:
    assert "loss nan" in chart(values={"loss": math.nan}).plain


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=20))
def test_a_scale_holds_all_values_in_at_most_three_steps(values: list[float]) -> None:
    scale, ticks = nice(values)
    slack = 1e-6 * max(map(abs, values)) + 1e-12
    assert scale.low - slack <= min(values) <= max(values) <= scale.high + slack
    assert 2 <= len(ticks) <= 4


@given(st.floats())
def test_numbers_take_few_cells(value: float) -> None:
    assert len(number_text(value)) <= 8


@given(st.recursive(st.none() | st.floats() | st.text(max_size=5) | st.integers(), st.lists))
def test_nothing_from_outside_stops_the_screen(anything: Any) -> None:
    state: dict[str, Any] = {"format": 1}
    for key in live():
        for value in (anything, {"a": anything}, [{"name": anything, "points": anything}]):
            found = live_of({**live(), **state, key: value})
            if found is not None:
                assert drawn(chart_block(found, EN))


def test_a_display_of_another_format_shows_its_text() -> None:
    assert rich_blocks({LIVE: {"format": 2}, "text/plain": "half"}, EN) == ()


def test_what_the_kit_sends_is_drawn() -> None:
    progress = Progress(4, unit="batch", title="Kit")
    for done in range(1, 4):
        progress.update(done, loss=1 / done)
    (block,) = rich_blocks({LIVE: progress.as_json()}, EN)
    assert block.kind is BlockKind.CHART
    assert block.plain.startswith("Kit\nbatch 3 of 4 · ")
    assert "loss 0.333" in drawn(block)[1]


def test_a_chart_is_plain_data_for_the_snapshot() -> None:
    block = chart()
    assert from_json(json.loads(json.dumps(to_json([block])))) == (block,)


def test_frames_are_named_by_the_last_part_of_a_name() -> None:
    names = ["loss", "train/loss", "val_loss", "acc", "top-5.acc"]
    frames = frames_of([Series(name, ((0.0, 0.0),)) for name in names])
    assert [[one.name for one in frame] for frame in frames] == [names[:3], names[3:]]


# -- among the lines of an output


def test_an_update_changes_the_display_where_it_stands() -> None:
    held = OutputLines(EN)
    held.feed([Text("stdout", "before\n"), live_output(1), Text("stdout", "after\n"), live_output(2, update=True)])
    blocks = live_blocks(held, EN)
    assert [block.kind for block in blocks] == [BlockKind.LITERAL, BlockKind.CHART, BlockKind.LITERAL]
    assert "epoch 2 of 10" in blocks[1].plain


def test_a_display_stays_above_a_flood_of_lines() -> None:
    held = OutputLines(EN, limit=50)
    held.feed([live_output(1), Text("stdout", "line\n" * 500), live_output(2, update=True)])
    counted, shown, lines = live_blocks(held, EN)
    assert counted.plain.startswith("… 496 lines above")
    assert shown.plain.splitlines()[1].startswith("epoch 2 of 10")
    assert lines.plain == "\n".join(["line"] * 4)
    held.skip()
    held.feed([live_output(3, update=True)])
    assert [block.plain.splitlines()[1][:13] for block in live_blocks(held, EN)[1:]] == ["epoch 3 of 10"]


def test_a_long_output_keeps_its_displays_between_its_ends() -> None:
    outputs = [
        {"kind": "text", "stream": "stdout", "text": "a\n" * 100},
        {"kind": "rich", "data": {LIVE: live(3)}, "display_id": "live"},
        {"kind": "text", "stream": "stdout", "text": "b\n" * 100},
    ]
    kinds = [block.kind for block in output_blocks({"outputs": outputs, "seconds": 2.0}, EN)]
    assert kinds == [BlockKind.LITERAL, BlockKind.TEXT, BlockKind.CHART, BlockKind.LITERAL]


def test_when_a_training_has_ended_its_curve_stays_where_it_was_looked_at() -> None:
    held = OutputLines(EN)
    outputs: list[Output] = [live_output(1), *[Text("stdout", f"epoch {number}\n") for number in range(1, 31)]]
    held.feed(outputs)
    data = {"outputs": [kept(output) for output in outputs], "seconds": 3.0}
    running, ended = (
        "\n".join(line.plain for line in lay_out(blocks, 76))
        for blocks in (live_blocks(held, EN), output_blocks(data, EN))
    )
    assert abs(running.count("\n") - ended.count("\n")) <= 1
    assert (running[-8:], ended[-8:]) == ("epoch 30", "epoch 30")
    assert "26 lines" in ended


def test_several_live_displays_stand_beside_each_other() -> None:
    held = OutputLines(EN)
    second = live_output(5, title="Second")
    held.feed([live_output(1), type(second)(second.data, "other"), live_output(2, update=True)])
    first, other = live_blocks(held, EN)
    assert ("epoch 2" in first.plain, other.plain.startswith("Second")) == (True, True)
