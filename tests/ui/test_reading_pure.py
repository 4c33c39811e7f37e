"""What can be acted on in a message, what copying gives, where links lead and what opens them: without a screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.selection import SELECT_ALL, Selection

from tutor.i18n import Words
from tutor.progress.model import Entry, EntryKind, Speaker
from tutor.ui.browser import open_outside, opener
from tutor.ui.entries import entry_blocks
from tutor.ui.excerpt import excerpt
from tutor.ui.layout import lay_out, lay_out_rows
from tutor.ui.links import ToLesson, address_beside, file_of, is_web, lesson_of
from tutor.ui.markdown import markdown_blocks
from tutor.ui.plain.lines import markdown_lines
from tutor.ui.stops import Stop, lines_of, number_at, stops_of, with_mark

LONG = "https://docs.pytorch.org/docs/stable/notes/cuda.html#memory-management"
MIXED = f"""\
A paragraph that is long enough to be wrapped, with [a link]({LONG}) and [another](../first-gpu/en.md).

- first point that is wrapped as well, since it goes on and on
- second

```python
for step in range(3):
\tprint("a line of code that is longer than the screen is wide, so that it is folded")

```

中文段落也会在任何两个字之间换行，复制出来的时候应该是完整的一行，没有多余的空格。
"""


def kinds(stops: tuple[Stop, ...]) -> list[str]:
    return [stop.kind.value for stop in stops]


def entry(kind: EntryKind, body: str, **data: object) -> Entry:
    return Entry("check-device", "brackets", Speaker.TUTOR, kind, body, data)


# -- stops


def test_links_and_code_are_stops_in_the_order_in_which_they_stand() -> None:
    stops = stops_of(markdown_blocks(MIXED), ())
    assert kinds(stops) == ["link", "link", "code"]
    assert [stop.text for stop in stops[:2]] == [LONG, "../first-gpu/en.md"]


def test_code_is_copied_as_it_was_written() -> None:
    (code,) = stops_of(markdown_blocks(MIXED), ())[2:]
    assert code.text == (
        'for step in range(3):\n\tprint("a line of code that is longer than the screen is wide, so that it is folded")'
    )
    assert code.language == "python"


def test_an_output_and_a_verdict_are_one_stop_each() -> None:
    words = Words("en")
    verdict = entry(
        EntryKind.VERDICT,
        "",
        verdict="not_yet",
        lines=[{"verdict": "not_yet", "label": "a `b`", "message": "", "expected": "1", "seen": "2"}],
        hint="```python\nmend()\n```",
    )
    stops = stops_of(entry_blocks(verdict, words), {"verdict"})
    assert kinds(stops) == ["verdict", "code"]
    assert stops[0].text.startswith("✗ a b\nexpected  1\nseen      2\n✗ Not yet.")
    output = entry(EntryKind.OUTPUT, "", outputs=[{"kind": "text", "stream": "stdout", "text": "  1\n  2\n"}])
    (stop,) = stops_of(entry_blocks(output, words), {"output"})
    assert stop.text == "  1\n  2"


def test_links_in_tables_are_stops_and_the_same_one_twice_is_one() -> None:
    blocks = markdown_blocks("| a | b |\n|---|---|\n| [x](https://a.example) | [y](https://a.example) |")
    assert [stop.text for stop in stops_of(blocks, ())] == ["https://a.example"]


def test_a_stop_knows_its_lines_at_any_width() -> None:
    blocks = markdown_blocks(MIXED)
    link, _, code = stops_of(blocks, ())
    for width in (20, 40, 90):
        rows = lay_out_rows(blocks, width)
        assert rows[lines_of(rows, code).start].content.plain.startswith(" for step in")
        linked = "".join(rows[y].content.plain for y in lines_of(rows, link)).replace(" ", "")
        assert "alink" in linked


def test_the_link_under_the_cursor_is_marked_and_only_that() -> None:
    blocks = markdown_blocks("[one](https://one.example) and [two](https://two.example)")
    one, two = stops_of(blocks, ())
    rows = lay_out_rows(blocks, 80)
    (line,) = with_mark(rows, two)
    marked = [line.plain[span.start : span.end] for span in line.spans if span.style == "$role-cursor"]
    assert marked == ["two"]
    assert number_at(rows, (one, two), 0, "https://one.example") == 0
    assert number_at(rows, (one, two), 0, None) is None


# -- selected text


@pytest.mark.parametrize("width", [20, 33, 60, 200])
def test_selected_text_is_what_was_said_whatever_the_width(width: int) -> None:
    text = excerpt(lay_out_rows(markdown_blocks(MIXED), width), SELECT_ALL)
    assert "A paragraph that is long enough to be wrapped, with a link (docs.pytorch.org) and another.\n" in text
    assert "• first point that is wrapped as well, since it goes on and on\n• second\n" in text
    assert '\n        print("a line of code that is longer than the screen is wide, so that it is folded")\n' in text
    assert text.endswith("中文段落也会在任何两个字之间换行，复制出来的时候应该是完整的一行，没有多余的空格。")
    assert all(line == line.rstrip() for line in text.split("\n"))


def test_part_of_a_message_is_selected_without_bars_and_what_stands_at_the_right() -> None:
    output = entry(
        EntryKind.OUTPUT, "", seconds=0.9, outputs=[{"kind": "text", "stream": "stdout", "text": "ab\ncd\n"}]
    )
    rows = lay_out_rows(entry_blocks(output, Words("en")), 40)
    assert "0.9 s" in rows[0].content.plain
    assert excerpt(rows, SELECT_ALL) == "ab\ncd"
    assert excerpt(rows, Selection(Offset(3, 0), Offset(3, 1))) == "b\nc"
    assert excerpt(rows, Selection(Offset(0, 1), None)) == "cd"
    assert excerpt(rows, Selection(None, Offset(39, 0))) == "ab"
    assert excerpt(rows, Selection(Offset(30, 0), Offset(39, 0))) == ""


# -- links


def test_the_terminal_gets_addresses_of_the_web_and_no_others() -> None:
    blocks = markdown_blocks(
        "[a](https://a.example) [b](../b/en.md) [c](ssh://c) [d](javascript:alert(1)) [e](mailto:e@e.example)"
    )
    (line,) = lay_out(blocks, 200)
    links = [span.style.link for span in line.spans if not isinstance(span.style, str)]
    assert [link for link in links if link] == ["https://a.example", "mailto:e@e.example"]


@pytest.mark.parametrize(
    ("target", "text", "said"),
    [
        ("https://pytorch.org", "PyTorch", "https://pytorch.org"),
        (LONG, "the notes", "docs.pytorch.org"),
        ("https://github.com@evil.example/a/very/long/path/of/theirs", "GitHub", "evil.example"),
        ("https://[broken/and/long/enough/to/be/cut/off", "x", "[broken"),
        ("https://pytorch.org", "https://pytorch.org", ""),
        ("https://pytorch.org", "pytorch.org", ""),
        ("mailto:help@a.example", "help@a.example", ""),
        ("mailto:help@a.example", "us", "help@a.example"),
        ("../first-gpu/en.md", "the first lesson", ""),
    ],
)
def test_where_a_link_leads_is_said_beside_it(target: str, text: str, said: str) -> None:
    assert address_beside(target, text) == said


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("../first-gpu/zh.md", ToLesson("first-gpu")),
        ("../first-gpu/en.md#drivers", ToLesson("first-gpu", "drivers")),
        ("./../first-gpu/en.md", ToLesson("first-gpu")),
        ("#drivers", ToLesson("", "drivers")),
        ("../first-gpu/picture.png", None),
        ("../../etc/en.md", None),
        ("assets/curve.png", None),
        ("", None),
        ("https://a.example/en.md", None),
    ],
)
def test_links_between_lessons(target: str, place: ToLesson | None) -> None:
    assert is_web(target) or lesson_of(target) == place


def test_only_files_to_look_at_in_the_lessons_own_folder_are_opened(tmp_path: Path) -> None:
    folder = tmp_path / "lesson"
    folder.mkdir()
    for name in ("a b.png", "run.sh", "../outside.png"):
        (folder / name).write_text("x")
    (folder / "sneaky.png").symlink_to(tmp_path / "outside.png")
    assert file_of("a%20b.png", folder) == folder / "a b.png"
    for target in ("run.sh", "../outside.png", "sneaky.png", "missing.png", "/etc/passwd", ""):
        assert file_of(target, folder) is None


def test_without_a_screen_the_whole_address_is_said() -> None:
    assert markdown_lines(f"See [the `notes`]({LONG}), [PyTorch](https://pytorch.org) (good).") == [
        f"See the notes ({LONG}), PyTorch (https://pytorch.org) (good)."
    ]


# -- browsers


def everything(name: str) -> str:
    return name


@pytest.mark.parametrize(
    ("variables", "platform", "command"),
    [
        ({}, "linux", ()),
        ({"DISPLAY": ":0"}, "linux", ("xdg-open",)),
        ({"WAYLAND_DISPLAY": "w"}, "linux", ("xdg-open",)),
        ({}, "darwin", ("open",)),
        ({"SSH_CONNECTION": "x"}, "darwin", ()),
        ({"WSL_DISTRO_NAME": "Ubuntu"}, "linux", ("wslview",)),
        ({"BROWSER": "firefox --new-tab %s"}, "linux", ("firefox", "--new-tab", "%s")),
        ({"BROWSER": "/usr/bin/lynx"}, "linux", ()),
        ({"BROWSER": "w3m:/opt/editor/open-at-home", "SSH_CONNECTION": "x"}, "linux", ("/opt/editor/open-at-home",)),
        ({"BROWSER": "it's broken"}, "linux", ()),
    ],
)
def test_what_opens_an_address(variables: dict[str, str], platform: str, command: tuple[str, ...]) -> None:
    assert opener(variables, platform, everything) == command


def test_what_is_not_installed_opens_nothing() -> None:
    nothing: Callable[[str], None] = lambda name: None  # noqa: E731
    assert opener({"DISPLAY": ":0", "BROWSER": "firefox"}, "linux", nothing) == ()


def test_an_opener_gets_the_address_where_it_wants_it_and_its_complaints_are_heard(tmp_path: Path) -> None:
    script = tmp_path / "opener"
    script.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\n')
    script.chmod(0o755)
    assert open_outside((str(script), "--url=%s", "-n"), "https://a.example/?q=$(id)")
    assert (tmp_path / "opened").read_text() == "--url=https://a.example/?q=$(id) -n\n"
    assert open_outside((str(script),), "https://b.example")
    assert (tmp_path / "opened").read_text() == "https://b.example\n"
    assert not open_outside(("false",), "https://a.example")
    assert not open_outside(("no-such-program",), "https://a.example")
