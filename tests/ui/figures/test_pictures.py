"""Pictures: known by their header, decoded with limits, drawn with half blocks over the room that their message keeps."""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from textual.strip import Strip

from tests.ui.fake.session import FakeLog
from tests.ui.figures.samples import live_output, picture
from tests.ui.helpers import Learner, learner
from tutor.i18n import Words
from tutor.progress.model import EntryKind
from tutor.runtime.base import Rich
from tutor.session.events import OutputChanged
from tutor.session.scribe import kept
from tutor.ui.blocks import Block, BlockKind, from_json, to_json
from tutor.ui.figures import drawing
from tutor.ui.figures.picture import MOST_LINES, cells_for, figure_blocks, size_of
from tutor.ui.figures.terminal import Way, use, way_in_use, way_of
from tutor.ui.layout import lay_out
from tutor.ui.screens.figure import FigureScreen, written
from tutor.ui.widgets.message import Message
from tutor.ui.widgets.picture import Picture

EN = Words("en")


@pytest.fixture(autouse=True)
def way() -> Iterator[None]:
    before = way_in_use()
    use(Way.BLOCKS)
    yield
    use(before)


def figure(value: str | None = None, mime: str = "image/png") -> Block:
    (block,) = figure_blocks(mime, picture() if value is None else value, EN)
    return block


def bomb() -> str:
    """A small file that says of itself to be enormous."""
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + header + zlib.crc32(header).to_bytes(4, "big")
    return base64.b64encode(data).decode()


# -- known by its header


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_size_stands_in_the_header(kind: str) -> None:
    assert size_of(picture(321, 123, kind)) == (321, 123)


@given(st.binary(max_size=60), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]))
def test_any_data_has_a_size_or_none(data: bytes, begin: bytes) -> None:
    size = size_of(base64.b64encode(begin + data).decode())
    assert size is None or min(size) > 0


@pytest.mark.parametrize(
    ("mime", "value", "said"),
    [
        ("image/png", "no base64!", "a PNG figure that is damaged and cannot be drawn"),
        ("image/svg+xml", "<svg/>", "a SVG figure, which a terminal cannot draw"),
        ("image/png", None, "a PNG figure, too large to be kept"),
        ("image/png", bomb(), "figure, 60,000 × 60,000 px: too large to be drawn here"),
    ],
)
def test_what_is_not_drawn_is_named(mime: str, value: str | None, said: str) -> None:
    (block,) = figure_blocks(mime, value, EN)
    assert block.kind is BlockKind.TEXT
    assert block.plain.startswith(said)


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.integers(1, 200), st.integers(1, 60), st.booleans())
def test_a_picture_keeps_its_proportions_and_its_room(
    width: int, height: int, columns: int, lines: int, grows: bool
) -> None:
    across, down = cells_for((width, height), columns, lines, grows=grows)
    assert 1 <= across <= columns
    assert 1 <= down <= lines


def test_a_small_picture_is_not_blown_up_much() -> None:
    assert cells_for((640, 480), 100, MOST_LINES) == (53, 20)
    assert cells_for((28, 28), 100, MOST_LINES) == (8, 4)
    assert cells_for((200, 100), 100, MOST_LINES) == (20, 5)


def test_room_is_kept_before_a_picture_is_decoded_and_none_without_colours() -> None:
    lines = [line.plain for line in lay_out([figure()], 80)]
    assert lines == ["  "] * 20 + ["  figure, 640 × 480 px · p opens it large"]
    use(Way.NAMED)
    assert len(lay_out([figure()], 80)) == 1


def test_the_snapshot_has_the_name_of_a_picture_and_not_its_bytes() -> None:
    (found,) = from_json(to_json([figure()]))
    assert (found.plain, found.size, found.data) == (figure().plain, (640, 480), "")


# -- decoded


def colours(strips: Sequence[Strip]) -> list[tuple[int, int, int]]:
    """Of the upper pixels."""
    styles = [segment.style for strip in strips for segment in strip]
    return [style.color.get_truecolor() for style in styles if style is not None and style.color is not None]


def test_half_blocks_show_two_pixels_a_cell() -> None:
    strips = drawing.half_blocks(drawing.decoded(picture(80, 40)), 8, 2)
    assert [strip.text for strip in strips] == ["▀" * 8] * 2
    assert colours(strips[:1])[0] == (0, 0, 255)
    assert colours(strips[:1])[-1] == (255, 255, 255)


def test_what_is_transparent_lies_on_paper() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    data = io.BytesIO()
    image.save(data, "PNG")
    assert drawing.decoded(base64.b64encode(data.getvalue()).decode()).getpixel((5, 5)) == (255, 255, 255)


def test_thin_lines_of_a_drawing_survive_and_photographs_stay_as_they_are() -> None:
    drawn = Image.new("RGB", (800, 400), "white")
    drawn.paste("red", (0, 200, 800, 202))
    assert min(green for _, green, _ in colours(drawing.half_blocks(drawn, 40, 10))) < 200
    noise = Image.effect_noise((800, 400), 80).convert("RGB")
    assert drawing._bold(noise, 40) is noise


@pytest.mark.parametrize("value", [bomb(), "no base64!", picture()[:200], base64.b64encode(b"GIF89a").decode()])
def test_damaged_and_enormous_pictures_are_refused(value: str) -> None:
    with pytest.raises(drawing.Undrawable):
        drawing.decoded(value)


# -- the terminal


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-kitty"}, Way.KITTY),
        ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}, Way.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Way.SIXEL),
        ({"TERM": "foot"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, Way.BLOCKS),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "KITTY_WINDOW_ID": "1"}, Way.BLOCKS),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/x"}, Way.BLOCKS),
        ({"TERM": "screen"}, Way.BLOCKS),
        ({}, Way.BLOCKS),
    ],
)
def test_the_environment_says_how_pictures_reach_the_terminal(environment: dict[str, str], expected: Way) -> None:
    assert way_of(environment) is expected


# -- on the screen


class Output:
    """Output that comes while code runs."""

    def __init__(self, me: Learner) -> None:
        self.log = FakeLog()
        self._me = me
        me.session.publish(OutputChanged("check-device", "", self.log))

    def show(self, output: Rich) -> None:
        self.log.outputs.append(output)

    def finish(self) -> None:
        self._me.session.say(EntryKind.OUTPUT, "", outputs=[kept(output) for output in self.log.outputs], seconds=1.0)


def pictures(me: Learner) -> list[Picture]:
    return list(me.screen.transcript.query(Picture))


def is_drawn(one: Picture) -> bool:
    return "▀" in one.render_line(0).text


def message_of(one: Picture) -> Message:
    assert isinstance(one.parent, Message)
    return one.parent


async def test_a_live_chart_is_replaced_without_moving_and_stays_when_it_is_finished() -> None:
    async with learner() as me:
        output = Output(me)
        output.show(live_output(1))
        await me.until_said("epoch 1 of 10")
        height = me.screen.transcript.messages[-1].size.height
        for done in range(2, 6):
            output.show(live_output(done, update=True))
            await me.until_said(f"epoch {done} of 10")
            assert me.screen.transcript.messages[-1].size.height == height
        assert me.said.count("Train a small network") == 1
        output.show(live_output(10, update=True, state="finished"))
        output.finish()
        await me.until_said("epoch 10 of 10 · took 4.2 s")


async def test_a_figure_is_drawn_where_its_message_has_room_and_moves_with_it() -> None:
    async with learner(size=(100, 40)) as me:
        output = Output(me)
        output.show(Rich({"image/png": picture(), "text/plain": "<Figure>"}))
        await me.until(lambda: [is_drawn(one) for one in pictures(me)] == [True], "a picture")
        (one,) = pictures(me)
        assert one.size == (53, 20)
        assert one.region.offset - message_of(one).content_region.offset == (2, 0)
        me.screen.transcript.scroll_relative(y=-3, animate=False)
        await me.until(lambda: me.screen.transcript.scroll_y < me.screen.transcript.max_scroll_y)
        assert one.region.offset - message_of(one).content_region.offset == (2, 0)
        output.finish()
        await me.until(lambda: "1.0 s" in me.said)
        assert [is_drawn(one) for one in pictures(me)] == [True]


async def test_a_figure_follows_the_width_of_the_screen() -> None:
    async with learner(size=(100, 40)) as me:
        Output(me).show(Rich({"image/png": picture()}))
        await me.until(lambda: [is_drawn(one) for one in pictures(me)] == [True], "a picture")
        await me.pilot.resize_terminal(46, 30)
        await me.until(lambda: pictures(me)[0].size.width < 50, "a smaller picture")
        (one,) = pictures(me)
        await me.until(lambda: len(one.render_line(0).text.strip()) == one.size.width, "it drawn anew")
        assert one.size.width <= message_of(one).content_size.width


async def test_a_figure_that_is_updated_shows_the_newest_and_several_stand_below_each_other() -> None:
    async with learner(size=(100, 40)) as me:
        output = Output(me)
        output.show(Rich({"image/png": picture(100, 100)}, "a"))
        output.show(Rich({"image/png": picture(200, 100)}, "b"))
        await me.until(lambda: [one.size for one in pictures(me)] == [(10, 5), (20, 5)], "two pictures")
        output.show(Rich({"image/png": picture(300, 100)}, "a", update=True))
        await me.until(lambda: [one.size for one in pictures(me)] == [(30, 5), (20, 5)], "the newest")
        await me.until(lambda: all(map(is_drawn, pictures(me))), "both drawn")


async def test_a_damaged_figure_says_so_in_its_place() -> None:
    async with learner(size=(100, 40)) as me:
        Output(me).show(Rich({"image/png": picture()[:400]}))
        await me.until(lambda: "damaged" in me.seen, "what is wrong")


async def test_without_colours_a_figure_is_named() -> None:
    async with learner(size=(100, 40)) as me:
        output = Output(me)
        output.show(Rich({"image/png": picture()}))
        await me.until(lambda: pictures(me), "a picture")
        use(Way.NAMED)
        assert me.screen.conductor is not None
        me.screen.conductor.stage.repaint()
        await me.until(lambda: not pictures(me), "no picture")
        assert "figure, 640 × 480 px · p opens it large" in me.seen


async def test_p_opens_the_figures_of_an_output_large_and_s_saves_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with learner(size=(100, 40)) as me:
        output = Output(me)
        output.show(Rich({"image/png": picture()}))
        output.show(Rich({"image/jpeg": picture(300, 300, "JPEG")}))
        output.finish()
        await me.until(lambda: len(pictures(me)) == 2, "two pictures")
        await me.press("p")
        await me.until(lambda: isinstance(me.app.screen, FigureScreen), "the large one")
        await me.until(lambda: "figure, 300 × 300 px · 2 of 2" in me.seen, "the newest")
        await me.until(lambda: [is_drawn(one) for one in me.app.screen.query(Picture)] == [True], "it is drawn")
        await me.press("n", "s")
        await me.until(lambda: "Saved" in me.seen, "that it is saved")
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen, "back")
    with Image.open(tmp_path / "ask-pytorch.png") as saved:
        assert saved.size == (640, 480)


def test_a_saved_figure_never_replaces_a_file(tmp_path: Path) -> None:
    names = [written(figure(), tmp_path, "plot").name for _ in range(3)]
    assert names == ["plot.png", "plot-2.png", "plot-3.png"]
