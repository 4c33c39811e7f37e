"""The pager: opened on outputs and code, followed, searched, folded, saved; with keys and with the mouse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.app import App
from textual.events import MouseScrollDown, MouseScrollUp

from tests.ui.fake.session import FakeLog
from tests.ui.helpers import Learner, at, learner
from tutor.i18n import Words
from tutor.progress.model import EntryKind
from tutor.runtime.base import Text
from tutor.session.events import OutputChanged
from tutor.ui.lines import FixedLines, OutputList, OutputSource
from tutor.ui.screens.output import OutputScreen
from tutor.ui.widgets.output_view import WHEEL, OutputView


def numbered(first: int, last: int) -> str:
    return "".join(f"line {number}\n" for number in range(first, last))


class Pager(Learner):
    """Someone in front of the pager alone."""

    @property
    def pager(self) -> OutputScreen:
        screen = self.app.screen
        assert isinstance(screen, OutputScreen)
        return screen

    @property
    def view(self) -> OutputView:
        return self.pager.view

    @property
    def top(self) -> str:
        """The first line in sight."""
        return self.view.render_line(0).text.rstrip()

    @property
    def bottom(self) -> str:
        return self.view.render_line(self.view.size.height - 1).text.rstrip()

    async def wheel(self, event: type[MouseScrollDown | MouseScrollUp]) -> None:
        self.view.post_message(event(self.view, 1, 1, 0, 0, 0, shift=False, meta=False, ctrl=False))
        await self.pilot.pause()

    async def chosen(self, label: str) -> None:
        """Click the chip of the pager with that label."""
        row = self.pager.query_one("#actions")
        text = self.pager._row.render().plain
        for y, line in enumerate(text.split("\n")):
            if (x := line.find(label)) >= 0:
                await self.pilot.click(row, offset=(x, y))
                return
        raise AssertionError(f"no {label!r} in {text}")


@asynccontextmanager
async def pager(source: OutputSource | FixedLines, size: tuple[int, int] = (60, 20)) -> AsyncIterator[Pager]:
    app: App[int] = App()
    async with app.run_test(size=size) as pilot:
        me = Pager(pilot, None)  # type: ignore[arg-type]
        await app.push_screen(OutputScreen(Words("en"), source, "A title"))
        await me.until(lambda: source.read >= 1.0 and "lines 1 to" in me.seen)
        yield me


def many(count: int = 1000) -> OutputSource:
    return OutputSource(OutputList([Text("stdout", numbered(0, count))]))


async def test_every_key_that_moves() -> None:
    async with pager(many()) as me:
        height = me.view.size.height
        assert me.top == "line 0"
        for key, top in [
            ("down", 1),
            ("j", 2),
            ("pagedown", height + 1),
            ("space", 2 * height),
            ("pageup", height + 1),
            ("up", height),
            ("end", 1000 - height),
            ("home", 0),
            ("G", 1000 - height),
            ("g", 0),
        ]:
            await me.press(key)
            assert me.top == f"line {top}", key
        assert f"lines 1 to {height} of 1,000 · {1000 - height:,} more below" in me.seen


async def test_the_wheel_and_the_chips_do_the_same() -> None:
    async with pager(many()) as me:
        await me.wheel(MouseScrollDown)
        assert me.top == f"line {WHEEL}"
        await me.wheel(MouseScrollUp)
        assert me.top == "line 0"
        await me.chosen("end")
        assert me.bottom == "line 999"
        await me.chosen("top")
        assert me.top == "line 0"
        await me.chosen("search")
        await me.type("e 77")
        await me.chosen("search")
        await me.until(lambda: "“e 77” in line 78" in me.seen)
        await me.chosen("next")
        await me.until(lambda: "in line 771" in me.seen)
        await me.chosen("before")
        await me.until(lambda: "in line 78" in me.seen)


async def test_what_is_not_there_is_said() -> None:
    async with pager(many()) as me:
        await me.press("slash")
        await me.type("nowhere")
        await me.press("enter")
        await me.until(lambda: "“nowhere” is not in here" in me.seen)
        await me.press("down")
        assert "more below" in me.seen


async def test_long_lines_go_aside_or_are_folded() -> None:
    lines = [f"{number}: " + "x" * 150 + " end" for number in range(50)]
    source = OutputSource(OutputList([Text("stdout", "\n".join(lines) + "\n")]))
    async with pager(source) as me:
        assert me.top.endswith("x›")
        await me.press("right")
        assert me.top.startswith("xxx")
        await me.press("w")
        assert me.top.startswith("0: xxx")
        assert "end" in me.view.render_line(2).text
        await me.press("down", "down", "down")
        assert me.top.startswith("1: xxx")
        await me.press("G")
        assert me.bottom.endswith(" end")
        assert "lines 45 to 50 of 50" in me.seen
        await me.pilot.resize_terminal(200, 20)
        await me.until(lambda: me.bottom.startswith("49: "))
        await me.press("g", "w")
        assert me.top == lines[0]


async def test_a_line_taller_than_the_window_can_be_read_to_its_end() -> None:
    source = OutputSource(OutputList([Text("stdout", "x" * 1500 + "\nafter\n")]))
    async with pager(source) as me:
        await me.press("w")
        await me.press(*["down"] * 15)
        assert me.bottom == "after"
        await me.press("home")
        assert me.view.place == (0, 0)


async def test_saving_asks_before_it_replaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "output.txt"
    async with pager(many(30), size=(120, 20)) as me:
        await me.press("s", "enter")
        await me.until(lambda: "Saved, 30 lines: " in me.seen)
        assert file.read_text() == numbered(0, 30)
        file.write_text("mine")
        await me.press("s", "enter")
        await me.until(lambda: "is there already" in me.seen)
        await me.press("escape")
        assert file.read_text() == "mine"
        await me.press("s", "enter")
        await me.until(lambda: "is there already" in me.seen)
        await me.press("y")
        await me.until(lambda: file.read_text() == numbered(0, 30))
        await me.press("s")
        await me.type("/nowhere/file")
        await me.press("enter")
        await me.until(lambda: "Not saved." in me.seen)


async def test_saving_into_a_folder_takes_the_name_that_was_offered(tmp_path: Path) -> None:
    async with pager(many(3), size=(160, 20)) as me:
        await me.press("s")
        me.pager.query_one("#output-answer").value = str(tmp_path)  # type: ignore[attr-defined]
        await me.press("enter")
        await me.until((tmp_path / "output.txt").exists)


async def test_copying() -> None:
    async with pager(many(10)) as me:
        await me.press("c")
        await me.until(lambda: me.app.clipboard == numbered(0, 10))
    async with pager(many(200_000)) as me:
        await me.press("c")
        await me.until(lambda: "Too long to copy" in me.seen)


async def test_hundreds_of_thousands_of_lines() -> None:
    async with pager(many(300_000)) as me:
        await me.press("G")
        assert me.bottom == "line 299999"
        await me.press("slash")
        await me.type("line 123456")
        await me.press("enter")
        await me.until(lambda: "in line 123,457" in me.seen)


async def test_running_output_is_followed_until_the_learner_scrolls_up() -> None:
    async with learner(at("endless"), size=(60, 20)) as outside:
        me = Pager(outside.pilot, outside.host)
        await me.press("r")
        await me.until_said("tick")
        log = me.screen.conductor.stage.talk.live.output  # type: ignore[union-attr]
        assert isinstance(log, FakeLog)
        log.add(numbered(0, 500))
        await me.press("p")
        await me.until(lambda: me.app.screen is not me.screen and me.bottom == "line 499")
        log.add(numbered(500, 600))
        await me.until(lambda: me.bottom == "line 599")
        assert "running" in me.seen
        await me.press("pageup")
        top = me.top
        log.add(numbered(600, 2000))
        await me.until(lambda: "more below" in me.seen and "2,001" in me.seen)
        assert me.top == top
        await me.press("end")
        log.add("the last\n")
        await me.until(lambda: me.bottom == "the last")
        await me.press("q")
        await me.press("ctrl+c")
        await me.until_said("it was interrupted")


async def test_the_newest_output_of_the_step_is_opened_by_key_and_command() -> None:
    async with learner(at("noise")) as outside:
        me = Pager(outside.pilot, outside.host)
        await me.press("p")
        await me.until(lambda: "No output at this step yet" in me.seen)
        await me.press("r")
        await me.until_said("✓ Passed.")
        await me.press("p")
        await me.until(lambda: "Output · A lot of output" in me.seen)
        assert me.top == "[bold]not markup[/bold] [/nothing] [link=x"
        assert me.view.render_line(1).text.startswith("red plain")
        await me.press("escape")
        await me.until(lambda: me.app.screen is me.screen)
        await me.command("/open")
        await me.until(lambda: isinstance(me.app.screen, OutputScreen))


async def test_an_output_of_another_day_is_read_from_its_file_while_that_is_there(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_text(numbered(0, 5000))
    async with learner(at("noise")) as outside:
        me = Pager(outside.pilot, outside.host)
        outputs = [
            {"kind": "text", "stream": "stdout", "text": "line 0\n"},
            {"kind": "left_out", "characters": 12345},
            {"kind": "text", "stream": "stdout", "text": "line 4999\n"},
        ]
        me.session.say(EntryKind.OUTPUT, "", outputs=outputs, seconds=1.5, file=str(file))
        await me.until_said("characters in between · p opens all")
        await me.press("p")
        await me.until(lambda: "of 5,000" in me.seen)
        assert "1.5 s" in me.seen
        await me.press("escape")
        file.unlink()
        await me.press("p")
        await me.until(lambda: "12,345 characters in between, which are not kept any more" in me.seen)


async def test_code_under_the_cursor_is_opened_large() -> None:
    async with learner(at("brackets")) as outside:
        me = Pager(outside.pilot, outside.host)
        await me.press("r")
        await me.until_said("Not yet.")
        for _ in range(8):
            await me.press("left_square_bracket")
            stop = me.screen.transcript.stop
            if stop is not None and stop.kind == "code":
                break
        await me.press("p")
        await me.until(lambda: isinstance(me.app.screen, OutputScreen))
        assert me.top == "import torch"


async def test_the_live_log_is_asked_for_by_an_event() -> None:
    async with learner(at("endless")) as me:
        log = FakeLog()
        log.add(numbered(0, 100_000))
        me.session.publish(OutputChanged("check-device", "endless", log))
        await me.until_said("… 99,988 lines above · p opens all")
        log.add("\r 50 %\r 51 %")
        await me.until_said("51 %")
        assert "50 %" not in me.said


async def test_running_output_keeps_its_height_whatever_the_length_of_its_lines() -> None:
    async with learner(at("endless"), size=(60, 40)) as me:
        log = FakeLog()
        me.session.publish(OutputChanged("check-device", "endless", log))
        await me.until(lambda: me.screen.conductor and me.screen.conductor.stage.talk.live)
        live = me.screen.conductor.stage.talk.live  # type: ignore[union-attr]
        assert live is not None
        heights = set()
        for length in (10, 100, 350, 5):
            log.add("".join(f"{length} {'x' * length}\n" for _ in range(40)))
            await me.until_said(f"{length} xxxxx")
            heights.add(live.size.height)
        assert heights == {13}
        log.add("a stream of words without a line break " * 8)
        await me.until_said("line break")
        assert live.size.height == 13
