"""The parts of the screen that are plain functions: wrapping, markdown, output, snapshot, typed lines, keys."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from tutor.i18n import Words
from tutor.runtime.base import Cleared, Raised, Rich, Text
from tutor.session import commands as ask
from tutor.session.events import Action
from tutor.ui.blocks import Block, BlockKind, from_json, to_json
from tutor.ui.grants import GRANTS
from tutor.ui.keys import WAYS
from tutor.ui.layout import lay_out, wrapped
from tutor.ui.markdown import markdown_blocks
from tutor.ui.output import HELD_LINES, OutputLines, live_blocks, output_blocks
from tutor.ui.snapshot import FirstScreen, Said, from_snapshot, newest, to_snapshot
from tutor.ui.typed import COMMANDS, Misunderstood, Requested, meaning_of
from tutor.ui.wishes import Wish
from tutor.ui.wrap import NEVER_FIRST, break_offsets, cells, in_lines

EN = Words("en")


def lines_of(source: str, width: int = 40) -> list[str]:
    return [line.plain.rstrip() for line in lay_out(markdown_blocks(source), width)]


# -- wrapping


def test_chinese_breaks_between_characters_and_never_before_closing_punctuation() -> None:
    text = "模型不小心跑在 CPU 上，会慢十到一百倍，而且没有任何提示。"
    lines = [line.plain for line in wrapped(Content(text), 16)]
    assert "".join(line.strip() for line in lines).replace(" ", "") == text.replace(" ", "")
    assert all(cells(line) <= 16 for line in lines)
    assert not any(line[0] in NEVER_FIRST for line in lines)


def test_english_breaks_at_spaces_and_long_words_are_cut() -> None:
    assert [line.plain for line in wrapped(Content("one two three"), 8)] == ["one two", "three"]
    assert [line.plain for line in wrapped(Content("a" * 20), 8)] == ["a" * 8, "a" * 8, "a" * 4]


def test_a_command_is_not_cut_in_two() -> None:
    assert lines_of("On another computer `tutor run --open` does it.", 30) == [
        "On another computer",
        "`tutor run --open` does it.".replace("`", ""),
    ]
    assert lines_of("在有 GPU 的电脑上，运行 `tutor run --open` 就能补上。", 36)[1].startswith("tutor run --open")
    assert len(lines_of("A `" + "long command " * 8 + "` is.", 30)) > 2


@given(st.text(alphabet="ab 中文，。（）😀-\u0301", max_size=60), st.integers(4, 20))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrapped(Content(text), width)
    assert "".join(line.plain for line in lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.rstrip().cell_length <= width for line in lines)


def test_lines_keep_their_words_whole() -> None:
    assert in_lines("one two three", 8) == ["one two", "three"]
    assert in_lines("访问令牌，请粘贴", 9) == ["访问令", "牌，请粘", "贴"]
    assert in_lines("", 8) == [""]


def test_offsets_rise() -> None:
    offsets = break_offsets("word " * 50, 11)
    assert offsets == sorted(set(offsets))


# -- markdown


def test_lists_hang_and_nest() -> None:
    assert lines_of("- one two three four five\n  - inner\n- last\n\n3. third", 16) == [
        "• one two three",
        "  four five",
        "  – inner",
        "• last",
        "",
        "3. third",
    ]


def test_table_fits_a_narrow_screen() -> None:
    source = "| name | what it does |\n|---|---|\n| `cuda` | runs on an NVIDIA GPU 显卡 |"
    assert all(cells(line) <= 24 for line in lines_of(source, 24))
    assert lines_of(source, 60)[0] == "name  what it does"


def test_code_keeps_its_lines_and_quotations_their_bar() -> None:
    assert lines_of("> note\n\n```python\na = 1\n\nb = 2\n```") == ["│ note", "", " a = 1", "", " b = 2"]


def test_links_name_their_address_and_html_is_text() -> None:
    assert lines_of("[docs](https://pytorch.org) <b>x</b>", 80) == ["docs (https://pytorch.org) <b>x</b>"]


def test_markup_of_textual_is_text_and_escapes_are_gone() -> None:
    assert lines_of("[bold]a[/bold] \x1b[31mred [/x]") == ["[bold]a[/bold] red [/x]"]


@given(st.text(max_size=200), st.integers(10, 60))
def test_any_markdown_can_be_drawn(source: str, width: int) -> None:
    blocks = markdown_blocks(source)
    assert all(line.cell_length <= width for line in lay_out(blocks, width) if line.plain.strip())
    assert from_json(json.loads(json.dumps(to_json(blocks)))) == blocks


# -- output


def said(blocks: tuple[Block, ...]) -> str:
    return "\n".join(line.plain.rstrip() for line in lay_out(blocks, 80))


def test_progress_bars_are_one_line() -> None:
    held = OutputLines(EN)
    held.feed([Text("stderr", "\r10%"), Text("stderr", "\r99%"), Text("stderr", "\rdone\n"), Text("stdout", "after")])
    assert said(live_blocks(held, EN)) == "  done\n  after"


def test_cleared_output_is_gone_when_told() -> None:
    held = OutputLines(EN)
    held.feed([Text("stdout", "old\n"), Cleared(wait=True)])
    assert said(live_blocks(held, EN)) == "  old"
    held.feed([Text("stdout", "new\n")])
    assert said(live_blocks(held, EN)) == "  new"


def test_values_pictures_and_errors() -> None:
    held = OutputLines(EN)
    held.feed(
        [
            Rich({"text/plain": "42"}),
            Rich({"text/plain": "<Figure>", "image/png": "…"}),
            Raised("ValueError", "[no]", ()),
        ]
    )
    assert (
        said(live_blocks(held, EN)) == "  42\n\n  a PNG figure that is damaged and cannot be drawn\n  ValueError: [no]"
    )


def test_what_is_held_is_capped_and_counted() -> None:
    held = OutputLines(EN)
    for number in range(HELD_LINES + 500):
        held.feed([Text("stdout", f"{number}\n")])
    assert len(held.lines) <= HELD_LINES + 24
    assert f"{HELD_LINES + 500 - 12:,} lines above" in said(live_blocks(held, EN))


def test_left_out_text_names_the_key_that_opens_it() -> None:
    outputs = [
        {"kind": "text", "stream": "stdout", "text": "first\n"},
        {"kind": "left_out", "characters": 123456},
        {"kind": "text", "stream": "stdout", "text": "last\n"},
    ]
    blocks = output_blocks({"outputs": outputs, "seconds": 1.25, "file": "/tmp/out.txt"}, EN)
    text = said(blocks)
    assert text.startswith("  first")
    assert "… 123,456 characters in between · p opens all" in text
    assert text.endswith("last")


def test_unknown_outputs_of_a_newer_version_are_passed_over() -> None:
    assert said(output_blocks({"outputs": [{"kind": "hologram"}]}, EN)) == ""


# -- snapshot


def test_a_snapshot_survives_its_file() -> None:
    blocks = markdown_blocks("# Title\n\n- a `b`\n\n| x |\n|---|\n| y |")
    screen = FirstScreen(
        "zh",
        "one",
        (("one", "", "·", "muted", "One", "0/1", True),),
        (Said(7, "prose", blocks),),
        None,
        (("r", "run", True),),
        "ready",
    )
    assert from_snapshot(json.loads(json.dumps(to_snapshot(screen)))) == screen


@pytest.mark.parametrize("value", [None, {}, {"format": 99}, {"format": 1}, {"format": 1, "said": 3, "language": "en"}])
def test_what_is_no_snapshot_is_none(value: dict[str, object] | None) -> None:
    assert from_snapshot(value) is None


def test_a_snapshot_stays_small() -> None:
    long = Said(1, "", (Block(BlockKind.LITERAL, (("x\n" * 200, ""),)),))
    assert len(newest([long] * 50)) == 1


# -- typed lines and keys


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("x = 1", ask.Say("x = 1")),
        ("/run\nmore", ask.Say("/run\nmore")),
        ("/ RUN ", ask.Run()),
        ("/goto ask", ask.Goto("ask")),
        ("/goto", Misunderstood("ui.needs_step", "goto")),
        ("/answer 1，3", ask.Answer(("1", "3"))),
        ("／answer ４，２", ask.Answer(("４", "２"))),
        ("、ｈｉｎｔ", ask.Hint()),
        ("、你好", ask.Say("、你好")),
        ("/lang zh", Requested(Wish.LANGUAGE, "zh")),
        ("/lang fr", Misunderstood("ui.needs_language", "lang")),
        ("/lesson", Requested(Wish.LESSONS)),
        ("/lesson one", Requested(Wish.LESSON, "one")),
        ("/quit", Requested(Wish.QUIT)),
        ("/bring", ask.BringBack()),
        ("/soluton", Misunderstood("ui.unknown_command", "soluton", "solution")),
        ("/read_on", Misunderstood("ui.unknown_command", "read_on")),
        ("/", Misunderstood("ui.unknown_command", "")),
        (" TUTOR1:AAABuX7F\naTk", ask.Receipt(" TUTOR1:AAABuX7F\naTk")),
        ("TUTOR2:AAABuX7F", ask.Receipt("TUTOR2:AAABuX7F")),
        ("TUTOR1: int = 3", ask.Say("TUTOR1: int = 3")),
    ],
)
def test_meanings(line: str, meaning: object) -> None:
    assert meaning_of(line) == meaning


def test_only_an_error_has_several_lines_behind_a_command() -> None:
    assert meaning_of("/explain KeyError: 'x'\nmore") == Requested(Wish.EXPLAIN, "KeyError: 'x'\nmore")
    assert meaning_of("／ｅｘｐｌａｉｎ\nKeyError: 'x'") == Requested(Wish.EXPLAIN, "KeyError: 'x'")
    assert meaning_of("/run\nmore") == ask.Say("/run\nmore")


def test_each_action_has_one_key_one_command_and_words() -> None:
    assert {way.action for way in WAYS} == {action.value for action in Action}
    assert len({way.key for way in WAYS}) == len(WAYS)
    assert set(COMMANDS) == set(Action) - {Action.EDIT, Action.ANSWER}
    for language in ("en", "zh"):
        assert all(Words(language)(way.label) for way in WAYS)


def test_both_languages_have_the_same_words() -> None:
    from tutor.i18n.en.ui import WORDS as ENGLISH
    from tutor.i18n.zh.ui import WORDS as CHINESE

    assert ENGLISH.keys() == CHINESE.keys()
    assert all(set(part_names(ENGLISH[key])) == set(part_names(CHINESE[key])) for key in ENGLISH)


def part_names(template: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(template) if name]


def test_the_first_paint_imports_no_session_lesson_parser_or_editor() -> None:
    code = "import sys, tutor.ui.app; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    heavy = (
        "tutor.session",
        "tutor.lesson",
        "tutor.runtime",
        "tutor.progress",
        "markdown_it",
        "pygments",
        "yaml",
        "sqlite3",
        "zmq",
        "jupyter_client",
        "torch",
    )
    assert not sorted(name for name in loaded if name in heavy or name.startswith(tuple(f"{h}." for h in heavy)))
    assert not {"textual.widgets._text_area", "textual.widgets._markdown", "textual.widgets._footer"} & loaded


def test_every_wish_is_granted() -> None:
    assert set(GRANTS) == set(Wish)
