"""Writing code in the step card: with the keyboard, with the mouse, and in the learner's own editor."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App

from tests.ui.helpers import Learner, at, learner
from tutor.session import commands as ask
from tutor.session.events import Action
from tutor.ui.widgets.area import Area, CodeArea
from tutor.ui.widgets.code_panel import CodePanel
from tutor.ui.widgets.step_card import StepCard


async def open_editor(me: Learner, code: str = "", error_line: int | None = None) -> CodeArea:
    """The editor with that code in it."""
    if code:
        await me.screen.step_card.show(replace(me.card, code=code, error_line=error_line), me.screen.words)
    await me.press("e")
    await me.until(lambda: isinstance(me.focused, CodeArea), "the editor")
    area = me.focused
    assert isinstance(area, CodeArea)
    return area


async def test_typing_replaces_what_is_to_be_changed() -> None:
    async with learner(at("brackets")) as me:
        area = await open_editor(me, "lr = 0.1\nepochs = 3  # ← more")
        assert area.selected_text == "3"
        await me.type("12")
        assert area.text == "lr = 0.1\nepochs = 12  # ← more"
        await me.press("ctrl+z", "ctrl+z")
        assert area.text == "lr = 0.1\nepochs = 3  # ← more"
        await me.press("ctrl+y", "ctrl+y")
        assert area.text == "lr = 0.1\nepochs = 12  # ← more"


async def test_a_card_that_lags_far_behind_takes_nothing_away() -> None:
    async with learner(at("brackets")) as me:
        area = await open_editor(me, "x = 1")
        late = replace(me.card, code="x = 1a")
        area.move_cursor(area.document.end)
        await me.type("a" * 100)
        await me.screen.step_card.show(late, me.screen.words)
        assert area.text == "x = 1" + "a" * 100


async def test_tab_moves_selected_lines_and_ctrl_slash_comments_them() -> None:
    async with learner(at("brackets")) as me:
        area = await open_editor(me, "a = 1\nb = 2\nc = 3")
        area.move_cursor((0, 0))
        await me.press("shift+down", "shift+end", "tab")
        assert area.text == "    a = 1\n    b = 2\nc = 3"
        await me.press("tab", "shift+tab", "shift+tab")
        assert area.text == "a = 1\nb = 2\nc = 3"
        await me.press("ctrl+underscore")
        assert area.text == "# a = 1\n# b = 2\nc = 3"
        await me.press("ctrl+z")
        assert area.text == "a = 1\nb = 2\nc = 3"
        area.move_cursor(area.document.end)
        await me.press("ctrl+slash")
        assert area.text == "a = 1\nb = 2\n# c = 3"
        assert area.cursor_location == (2, 7)
        await me.press("home")
        assert area.cursor_location == (2, 0)


async def test_home_goes_to_the_code_and_enter_keeps_the_indentation() -> None:
    async with learner(at("brackets")) as me:
        area = await open_editor(me, "def f():\n    return ___")
        await me.type("1")
        await me.press("home")
        assert area.cursor_location == (1, 4)
        await me.press("end", "enter")
        await me.type("x")
        assert area.text == "def f():\n    return 1\n    x"


async def test_a_paste_takes_the_place_of_what_is_selected() -> None:
    async with learner(at("brackets")) as me:
        area = await open_editor(me, "x = ___")
        await me.paste("[\r\n    1,\r\n]")
        assert area.text == "x = [\n    1,\n]"


async def test_ten_thousand_pasted_lines_are_taken_and_one_more_letter_is_typed() -> None:
    async with learner(at("brackets")) as me:
        area = await open_editor(me)
        area.select_all()
        await me.paste("\n".join(f"x{number} = {number}" for number in range(10_000)))
        await me.type("0")
        assert area.document.line_count == 10_000
        assert area.text.endswith("x9999 = 99990")


async def test_the_line_that_raised_is_marked_until_the_code_is_changed() -> None:
    async with learner(at("brackets")) as me:
        await me.screen.step_card.show(replace(me.card, code="a = 1\nb = c\nd = 2", error_line=2), me.screen.words)
        assert "2› b = c" in me.seen
        assert "3  d = 2" in me.seen
        area = await open_editor(me)
        assert area.cursor_location == (1, 5)
        assert "2› b = c" in me.seen
        await me.type("c")
        await me.until(lambda: "2  b = cc" in me.seen)


async def test_what_is_typed_before_there_is_a_size_does_not_scroll_the_code() -> None:
    async with App[None]().run_test() as pilot:
        area = Area("import os\n" + "x" * 200, soft_wrap=False)
        await pilot.app.mount(area)
        area.move_cursor((0, 9))
        area.insert("  # mine")
        await pilot.pause()
        assert area.scroll_offset == (0, 0)


async def test_what_i_wrote_comes_back_by_key_and_by_mouse() -> None:
    async with learner(at("brackets")) as me:
        me.session.versions = ("mine = 1",)
        me.session.show()
        await me.until(lambda: Action.RECALL in me.card.actions)
        await me.press("u")
        await me.until(lambda: ask.Recall() in me.session.sent)
        await me.click_chip("what I wrote")
        await me.until(lambda: me.session.sent.count(ask.Recall()) == 2)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of the learner's own editor."""
    file = tmp_path / "editor"
    monkeypatch.setenv("VISUAL", str(file))
    return file


def make(editor: Path, body: str) -> None:
    editor.write_text(f"#!/bin/sh\n{body}\n")
    editor.chmod(0o700)


async def test_what_was_saved_in_the_own_editor_becomes_the_draft(
    editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(editor, 'printf "own = 1\\n" > "$1"')
    async with learner(at("brackets")) as me:
        monkeypatch.setattr(me.app, "suspend", nullcontext)
        await me.press("E")
        await me.until(lambda: ask.Edit("own = 1", at_once=True) in me.session.sent)
        await me.until(lambda: me.screen.query_one(CodePanel).code == "own = 1")
        assert isinstance(me.focused, StepCard)


async def test_an_own_editor_that_fails_changes_nothing_and_is_named(
    editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(editor, "exit 7")
    async with learner(at("brackets")) as me:
        monkeypatch.setattr(me.app, "suspend", nullcontext)
        await me.command("/editor")
        await me.until_said("editor did not work: exit status 7.")
        assert not [command for command in me.session.sent if isinstance(command, ask.Edit)]


async def test_where_the_terminal_cannot_be_given_away_that_is_said(editor: Path) -> None:
    make(editor, 'printf "own = 1\\n" > "$1"')
    async with learner(at("brackets")) as me:
        await me.press("E")
        await me.until_said("Your code is as it was.")


async def test_without_an_editor_it_says_how_to_name_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    async with learner(at("brackets", "zh")) as me:
        await me.press("E")
        await me.until_said("export EDITOR=nano")


async def test_what_runs_is_what_stands_in_the_editor_to_the_last_letter() -> None:
    async with learner(at("brackets")) as me:
        area = await open_editor(me)
        with area.prevent(
            CodeArea.Changed
        ):  # as when letters and the key come so fast that nobody has heard of them yet
            area.load_text("typed = 'in one burst'")
        await me.press("ctrl+r")
        await me.until(lambda: ask.Run("typed = 'in one burst'") in me.session.sent)
