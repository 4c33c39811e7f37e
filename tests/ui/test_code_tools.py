"""Pure helpers of the editor: where it opens, changes to lines, input methods, the learner's own editor."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.message import Message

from tutor.ui.code_edits import commented, dedented, indented
from tutor.ui.external import EditorFailed, edited_outside, editor_command
from tutor.ui.ime import TOGETHER, Composition
from tutor.ui.starting import where_to_begin


@pytest.mark.parametrize(
    ("code", "selected", "line"),
    [
        ("a = 1\nb = ___\nc = ___", "___", 1),
        ("def f():\n    ...\n", "...", 1),
        ("lr = 0.1\nepochs = 3  # ← more of them", "3", 1),
        ("lr = 1e-3  # ← larger", "1e-3", 0),
        ("name = 'a b'  # 改这里 ←", "'a b'", 0),
        ("device = torch.cpu  # ←", "cpu", 0),
        ("x = f(0.5)  # ←\ny = ___", "0.5", 0),
        ("x = __init__\ny = 2", "", 0),
        ("import torch\nx = 1", "", 0),
        ("# TODO: count\nx = 1", "", 0),
        ("print('←')", "", 0),
        ("", "", 0),
    ],
)
def test_the_editor_opens_where_the_work_is(code: str, selected: str, line: int) -> None:
    (row, start), (end_row, end) = where_to_begin(code)
    assert (row, end_row) == (line, line)
    assert code.split("\n")[row][start:end] == selected


def test_where_there_is_no_sign_it_opens_at_the_end_of_the_first_line_and_after_an_error_at_its_line() -> None:
    assert where_to_begin("import torch\nx = 1") == ((0, 12), (0, 12))
    assert where_to_begin("a = ___\nb = c", error_line=2) == ((1, 5), (1, 5))
    assert where_to_begin("a = ___", error_line=7) == ((0, 4), (0, 7))


def test_lines_move_in_and_out() -> None:
    assert indented(["a", "", "  b"]) == ["    a", "", "      b"]
    assert dedented(["    a", "", "  b", "\tc", "d"]) == ["a", "", "b", "c", "d"]


def test_comments_come_and_go() -> None:
    code = ["def f():", "", "    return 1"]
    out = commented(code)
    assert out == ["# def f():", "", "#     return 1"]
    assert commented(out) == code
    assert commented(["    #x = 1"]) == ["    x = 1"]


def parsed(data: str) -> list[Message]:
    return list(XTermParser().feed(data))


def enter_ends_it(data: str) -> bool:
    """Whether the last key that is parsed from one read only accepts a candidate."""
    composition, events = Composition(), parsed(data)
    for event in events[:-1]:
        composition.note(getattr(event, "text", None) or getattr(event, "character", None), event.time)
    enter = events[-1]
    assert isinstance(enter, Key)
    assert enter.key == "enter"
    return composition.ends_at(enter.time)


@pytest.mark.parametrize("data", ["训练\r", "用 GPU 训练x\r", "print('你好\r", "\x1b[200~模型\x1b[201~\r", "１\r"])
def test_an_enter_read_together_with_composed_text_accepts_a_candidate(data: str) -> None:
    assert enter_ends_it(data)


@pytest.mark.parametrize("data", ["print(1)\r", "\x1b[200~model\x1b[201~\r"])
def test_an_enter_behind_other_text_is_one(data: str) -> None:
    assert not enter_ends_it(data)


def test_an_enter_some_time_later_is_one() -> None:
    composition = Composition()
    composition.note("好", 10.0)
    assert composition.ends_at(10.0 + TOGETHER / 2)
    assert not composition.ends_at(10.0 + TOGETHER * 2)


# -- the learner's own editor


def script(folder: Path, body: str) -> tuple[str, ...]:
    file = folder / "editor"
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o700)
    return (str(file),)


def test_the_editor_is_the_one_that_is_named() -> None:
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ("code", "--wait")
    assert editor_command({"VISUAL": " ", "EDITOR": "emacs -nw"}) == ("emacs", "-nw")
    assert editor_command({"EDITOR": "it's"}) == ("it's",)


def test_without_one_a_usual_one_or_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert editor_command({}) == ()
    (tmp_path / "vi").write_text("")
    (tmp_path / "vi").chmod(0o700)
    assert editor_command({}) == ("vi",)


def test_what_was_saved_comes_back_and_the_file_is_private_and_gone(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    editor = script(tmp_path, f'ls -ln "$1" > {seen}; cp "$1" {seen}.py; echo "$1" >> {seen}; printf "x = 2\\n" > "$1"')
    assert edited_outside(editor, "x = 1", ".py") == "x = 2"
    listing, name = seen.read_text().splitlines()
    assert listing.startswith(stat.filemode(stat.S_IFREG | 0o600))
    assert name.endswith(".py")
    assert not Path(name).parent.exists()
    assert Path(f"{seen}.py").read_text() == "x = 1"


def test_an_editor_that_fails_loses_nothing(tmp_path: Path) -> None:
    with pytest.raises(EditorFailed, match="exit status 3"):
        edited_outside(script(tmp_path, "exit 3"), "x = 1", ".py")
    with pytest.raises(EditorFailed):
        edited_outside((str(tmp_path / "none"),), "x = 1", ".py")
    with pytest.raises(EditorFailed):
        edited_outside(script(tmp_path, 'rm "$1"'), "x = 1", ".py")
    saved_before = script(tmp_path, 'echo "x = 2" > "$1"; exit 1')
    assert edited_outside(saved_before, "x = 1", ".py") == "x = 2"
