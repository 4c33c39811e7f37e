"""Where copied text goes in which terminal; what a copying program gets."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from tests.ui.helpers import at, learner
from tutor.ui.clipboard import MOST_BYTES, hand_over, programs, sequences

TEXT = "print('你好')\n"
ENCODED = base64.b64encode(TEXT.encode()).decode()


def everything(name: str) -> str:
    return f"/usr/bin/{name}"


def test_the_terminal_is_asked_to_copy() -> None:
    assert sequences(TEXT, {}) == [f"\x1b]52;c;{ENCODED}\a"]


def test_tmux_gets_it_plain_and_to_hand_on() -> None:
    assert sequences(TEXT, {"TMUX": "/tmp/tmux-0/default,1,0"}) == [
        f"\x1b]52;c;{ENCODED}\a",
        f"\x1bPtmux;\x1b\x1b]52;c;{ENCODED}\a\x1b\\",
    ]


def test_screen_gets_it_in_pieces_that_it_can_take() -> None:
    (sequence,) = sequences(TEXT * 100, {"STY": "1.tty"})
    pieces = sequence.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert all(len(piece) < 256 for piece in pieces)
    assert "".join(pieces) == sequences(TEXT * 100, {})[0]


def test_what_terminals_would_drop_is_not_sent() -> None:
    assert sequences("x" * (MOST_BYTES + 1), {}) == []


@pytest.mark.parametrize(
    ("variables", "platform", "names"),
    [
        ({}, "linux", []),
        ({"DISPLAY": ":0"}, "linux", ["xclip"]),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux", ["wl-copy"]),
        ({"WSL_DISTRO_NAME": "Ubuntu"}, "linux", ["clip.exe"]),
        ({}, "darwin", ["pbcopy"]),
        ({"SSH_CONNECTION": "1"}, "darwin", []),
        ({"SSH_TTY": "/dev/pts/1", "DISPLAY": "localhost:10"}, "linux", ["xclip"]),
        ({"SSH_TTY": "/dev/pts/1", "WAYLAND_DISPLAY": "wayland-0"}, "linux", []),
        ({"TMUX": "x"}, "darwin", ["tmux", "pbcopy"]),
        ({"TMUX": "x", "SSH_TTY": "/dev/pts/1"}, "linux", ["tmux"]),
    ],
)
def test_programs_that_reach_the_learners_own_clipboard(
    variables: dict[str, str], platform: str, names: list[str]
) -> None:
    assert [command[0] for command in programs(variables, platform, everything)] == names


def test_programs_that_are_not_here_are_not_started() -> None:
    assert programs({"DISPLAY": ":0", "TMUX": "x"}, "linux", lambda name: None) == []
    assert programs({"DISPLAY": ":0"}, "linux", lambda name: name if name == "xsel" else None) == [
        ("xsel", "--clipboard", "--input")
    ]


def test_a_program_gets_the_exact_text_and_one_that_fails_says_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "copied"
    hand_over(TEXT, [("no-such-program",), ("sh", "-c", "echo loud; echo louder >&2; exit 3"), ("tee", str(file))])
    assert file.read_text() == TEXT
    assert capfd.readouterr() == ("", "")


async def test_every_copy_of_the_screen_reaches_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "xclip"
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/copied.new\nmv {tmp_path}/copied.new {tmp_path}/copied\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    async with learner(at("brackets")) as me:
        await me.press("c")
        await me.until((tmp_path / "copied").exists, "copied")
        assert (tmp_path / "copied").read_text() == me.card.code
