"""Reading what was said: the cursor on its blocks, copying them, following links, selecting with the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.fake.host import FakeHost
from tests.ui.helpers import Learner, at, learner
from tutor.progress.model import Entry, EntryKind, Speaker
from tutor.session import commands as ask
from tutor.ui.stops import StopKind
from tutor.ui.widgets.message import Message
from tutor.ui.widgets.prompt import Prompt
from tutor.ui.widgets.step_card import StepCard
from tutor.ui.widgets.transcript import Transcript

SOURCE = (
    'for step in range(3):\n    print("this line is so long that no screen of this test shows it in one piece", step)'
)
TOLD = f"""\
Read [the notes](https://a.example/notes) or [the first lesson](../first-gpu/en.md), then [a step](#brackets).

```python
{SOURCE}
```
"""


def told(*bodies: str) -> FakeHost:
    host = FakeHost("en", ("check-device", ""))
    for body in bodies:
        host.keep(Entry("check-device", "ask-pytorch", Speaker.TUTOR, EntryKind.PROSE, body))
    return host


def under_cursor(me: Learner) -> str:
    stop = me.screen.transcript.stop
    return stop.text if stop is not None else ""


async def walk_to(me: Learner, text: str, key: str = "left_square_bracket") -> None:
    for _ in range(30):
        if text in under_cursor(me):
            return
        before = me.screen.transcript.stop
        await me.press(key)
        await me.until(lambda before=before: me.screen.transcript.stop is not before, "another block")  # type: ignore[misc]
    raise AssertionError(f"no block {text!r}")


async def test_walking_through_the_blocks_and_back_to_the_step() -> None:
    async with learner(told(TOLD)) as me:
        await me.press("r")
        await me.until_said("Go on with n")
        seen: list[StopKind] = []
        await me.press("left_square_bracket")
        await me.until(lambda: isinstance(me.focused, Transcript))
        while (stop := me.screen.transcript.stop) is not None:
            seen.append(stop.kind)
            await me.press("left_square_bracket")
            await me.pilot.pause()
            if me.screen.transcript.stop is stop:
                break
        assert seen == [
            StopKind.VERDICT,
            StopKind.OUTPUT,
            StopKind.CODE,
            StopKind.CODE,
            StopKind.LINK,
            StopKind.LINK,
            StopKind.LINK,
        ]
        for _ in seen:
            await me.press("right_square_bracket")
        await me.until(lambda: isinstance(me.focused, StepCard) and me.screen.transcript.stop is None)
        assert me.screen.transcript.at_end


async def test_nothing_but_the_bar_appears_where_the_cursor_is() -> None:
    async with learner(told(TOLD)) as me:
        before = me.seen
        await walk_to(me, SOURCE)
        changed = [(was, now) for was, now in zip(before.split("\n"), me.seen.split("\n"), strict=True) if was != now]
        bars = [now for _, now in changed if "▌" in now]
        assert len(bars) == len(me.screen.transcript.message_at_cursor.lines_of(me.screen.transcript.stop))  # type: ignore[union-attr, arg-type]
        assert all(was.replace(" ", "") == now.replace("▌", "").replace(" ", "") for was, now in changed if "▌" in now)


async def test_code_is_copied_as_it_was_written_not_as_it_is_wrapped() -> None:
    async with learner(told(TOLD), size=(60, 20)) as me:
        await walk_to(me, SOURCE)
        assert me.lit == "c"
        await me.press("enter")
        await me.until(lambda: me.app.clipboard == SOURCE)
        assert "Copied" in me.seen


async def test_an_output_is_copied_whole_however_little_of_it_is_shown() -> None:
    async with learner(at("noise")) as me:
        await me.press("r")
        await me.until_said("✓ Passed.")
        await walk_to(me, "line 999")
        await me.press("c")
        await me.until(lambda: "line 600\nline 601" in me.app.clipboard)
        assert "line 600" not in me.said


async def test_code_goes_to_the_prompt() -> None:
    async with learner(told(TOLD)) as me:
        await walk_to(me, SOURCE)
        await me.press("t")
        await me.until(lambda: isinstance(me.focused, Prompt))
        assert me.screen.query_one(Prompt).text == SOURCE
        assert me.screen.transcript.stop is None


async def test_keys_that_mean_nothing_for_a_block_are_the_steps() -> None:
    async with learner(told(TOLD)) as me:
        await walk_to(me, SOURCE)
        await me.press("o")
        await me.until(lambda: "no link here" in me.seen)
        assert not me.session.sent
        await me.press("r")
        await me.until(lambda: ask.Run(None) in me.session.sent)
        assert me.screen.transcript.stop is None


async def test_escape_leads_back_to_the_step() -> None:
    async with learner(told(TOLD, *(f"message {number}" for number in range(40)))) as me:
        await walk_to(me, SOURCE)
        assert not me.screen.transcript.at_end
        await me.press("escape")
        await me.until(lambda: isinstance(me.focused, StepCard) and me.screen.transcript.at_end)


async def test_older_messages_are_fetched_while_the_cursor_walks_up() -> None:
    bodies = [f"Message {number}.\n\n```python\nx = {number}\n```" for number in range(120)]
    async with learner(told(*bodies)) as me:
        assert "x = 20\n" not in me.said
        await walk_to(me, "x = 115")
        for number in range(114, 10, -1):
            await me.press("left_square_bracket")
            await me.until(lambda number=number: under_cursor(me) == f"x = {number}", f"x = {number}")  # type: ignore[misc]


async def test_what_is_above_and_below_a_block_in_sight_stays_where_it_is() -> None:
    async with learner(told(TOLD, "Told later.")) as me:
        transcript = me.screen.transcript
        await walk_to(me, "https://a.example/notes")
        top = transcript.scroll_y
        await me.press("right_square_bracket")
        await me.pilot.pause()
        assert transcript.scroll_y == top


# -- links


async def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/new && mv {tmp_path}/new {tmp_path}/opened\n')
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(script))
    return tmp_path / "opened"


async def test_a_link_is_opened_by_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = await browser(tmp_path, monkeypatch)
    async with learner(told(TOLD)) as me:
        await walk_to(me, "https://a.example/notes")
        assert me.lit == "o"
        await me.press("enter")
        await me.until(opened.exists)
        assert opened.read_text() == "https://a.example/notes\n"
        await me.press("c")
        await me.until(lambda: me.app.clipboard == "https://a.example/notes")


async def test_a_link_is_opened_by_a_click(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = await browser(tmp_path, monkeypatch)
    async with learner(told(TOLD)) as me:
        await me.pilot.click(message_with(me, "the notes"), offset=(6, 0))
        await me.until(opened.exists)


async def test_where_no_browser_can_be_opened_the_address_is_copied_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    async with learner(told(TOLD)) as me:
        await walk_to(me, "https://a.example/notes")
        await me.press("o")
        await me.until_said("The address is copied: https://a.example/notes")
        assert me.app.clipboard == "https://a.example/notes"


async def test_a_link_leads_to_another_lesson_or_a_step() -> None:
    async with learner(told(TOLD)) as me:
        await walk_to(me, "#brackets")
        await me.press("o")
        await me.until_at("brackets")
        await walk_to(me, "../first-gpu/en.md")
        await me.press("o")
        await me.until(lambda: me.card.lesson.id == "first-gpu")


# -- the mouse


def message_with(me: Learner, text: str) -> Message:
    return next(m for m in me.screen.transcript.messages if any(text in line.plain for line in m.lines(60)))


async def test_a_click_puts_the_cursor_on_a_block_and_a_second_one_copies_code() -> None:
    async with learner(told(TOLD)) as me:
        message = message_with(me, "range(3)")
        line = next(
            y for y, row in enumerate(message.rows(message.content_size.width)) if "range(3)" in row.content.plain
        )
        await me.pilot.click(message, offset=(8, line))
        await me.until(lambda: under_cursor(me) == SOURCE)
        assert isinstance(me.focused, Transcript)
        await me.pilot.click(message, offset=(8, line), times=2)
        await me.until(lambda: me.app.clipboard == SOURCE)
        assert not me.screen.get_selected_text()


async def test_a_drag_over_several_messages_copies_clean_text() -> None:
    async with learner(told("First, with `code` in it.", TOLD, "Last.")) as me:
        first, last = message_with(me, "First"), message_with(me, "Last.")
        await me.pilot.mouse_down(first, offset=(7, 0))
        await me.pilot.hover(last, offset=(3, 0))
        await me.pilot.mouse_up(last, offset=(3, 0))
        await me.until(me.screen.get_selected_text)
        assert me.screen.transcript.stop is None
        await me.press("ctrl+c")
        assert me.app.clipboard == (
            "with code in it.\n"
            "Read the notes (https://a.example/notes) or the first lesson, then a step.\n"
            f"\n{SOURCE}\nLas"
        )


async def test_what_is_selected_in_the_editor_is_copied_by_ctrl_c() -> None:
    async with learner(at("brackets")) as me:
        await me.press("e")
        await me.until(lambda: hasattr(me.focused, "selected_text"))
        await me.press("home", "shift+end", "ctrl+c")
        await me.until(lambda: me.app.clipboard == "import torch")
