"""Steps of a guide as blocks, and paths as they were meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.accounts import WAIT
from tutor.accounts.model import Ask
from tutor.i18n import Words
from tutor.ui.connect_keys import Phase, keys
from tutor.ui.connecting import checked_blocks, completed, heading_blocks, meant_path, step_blocks, text_blocks
from tutor.ui.layout import lay_out

WORDS = Words("en")


def lines(blocks: object, width: int = 60) -> list[str]:
    return [line.plain.rstrip() for line in lay_out(blocks, width)]  # type: ignore[arg-type]


def test_each_line_of_a_text_is_a_paragraph_and_what_is_counted_stands_close() -> None:
    text = "First.\nSecond, with `code`.\n\n1. One\n2. Two\n\n    tutor accounts"
    assert lines(text_blocks(text)) == [
        "First.",
        "",
        "Second, with code.",
        "",
        "1. One",
        "2. Two",
        "",
        " tutor accounts",
    ]


def test_an_address_stands_whole_as_one_link() -> None:
    blocks = step_blocks(WAIT, [(True, "well")], WORDS)
    assert "".join(lines(blocks)).count("name29=value29") == 1
    assert [span for block in blocks for span in block.spans if span[1] == f"link:{WAIT.url}"] == [
        (WAIT.url, f"link:{WAIT.url}")
    ]


def test_what_comes_from_outside_is_read_neither_as_markup_nor_as_control() -> None:
    said = checked_blocks([(True, "user [b]x[/b] *y* \x1b[31mz"), (False, "run `gh auth login` now")])
    assert lines(said) == ["✓ user [b]x[/b] *y* z", "✗ run gh auth login now"]
    assert ("gh auth login", "code") in said[1].spans


def test_what_is_not_well_in_a_step_that_is_done_is_a_remark() -> None:
    assert lines(step_blocks(WAIT, [(True, "there"), (False, "and open to others")], WORDS))[:2] == [
        "✓ there",
        "● and open to others",
    ]


def test_a_way_whose_length_is_not_known_says_no_number() -> None:
    assert heading_blocks("Connect", (0, 0), WORDS)[0].right == ""
    assert heading_blocks("Connect", (4, 3), WORDS)[0].right == "step 4 of 4"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("~/a b.json", "{home}/a b.json"),
        (" '/tmp/a b.json' ", "/tmp/a b.json"),
        ('"/tmp/a b.json"', "/tmp/a b.json"),
        ("/tmp/a\\ b.json", "/tmp/a b.json"),
        ("file:///tmp/a%20b.json", "/tmp/a b.json"),
        ("/tmp/it's.json", "/tmp/it's.json"),
        ("~nobody-at-all/x", "~nobody-at-all/x"),
    ],
)
def test_paths_are_taken_as_they_were_meant(typed: str, meant: str) -> None:
    assert meant_path(typed) == meant.format(home=Path.home())


def test_paths_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("aa1", "aa2", ".hidden", "文件.json", "bad\x1bname"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert completed("~/a") == ("~/aa", ["aa1", "aa2"])
    assert completed("~/文") == ("~/文件.json", ())
    assert completed("~/f") == ("~/folder/", ())
    assert completed("~/.h") == ("~/.hidden", ())
    assert completed("~/x") == ("~/x", ())
    assert completed("/no/such/folder/x") == ("/no/such/folder/x", ())
    assert completed("~/")[1] == ["aa1", "aa2", "folder/", "文件.json"]


@pytest.mark.parametrize("ask", list(Ask))
@pytest.mark.parametrize("phase", [Phase.ASKING, Phase.CHECKING])
def test_at_most_one_key_is_lit_and_there_is_always_a_way_out(ask: Ask, phase: Phase) -> None:
    from dataclasses import replace

    for url in ("", "https://example.org"):
        step = replace(WAIT, ask=ask, url=url, code="")
        chips = keys(phase, step, WORDS, is_first=False, has_more=True, has_browser=True)
        assert sum(chip.suggested for chip in chips) <= 1
        assert len({chip.key for chip in chips}) == len(chips)
        assert chips[-1].key in ("esc", "ctrl+c")
