"""Secrets with something invisible in them, cut in pieces, or written in another way."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.text.plain import strip
from tutor.text.scrub import Scrubber

VALUE = "kd83hsk2Mdlw9sk3jdmw_ghK71"
UNSEEN = [
    "\x1b[31m",
    "\x1b[01;31m\x1b[K",
    "\x9b1m",
    "\x1b]0;a title\x07",
    "\x1b]8;;https://some.where/\x1b\\",
    "\x1bP1$r\x1b\\",
    "\x1b(B",
    "\x1b\x00",
    "\x00",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\u202e",
    "\ufeff",
    "\r",
    "\b",
    "\x7f",
    "\x85",
    "\r\x00\x1b[m",
]


def scrubber() -> Scrubber:
    return Scrubber([("tok", VALUE), ("name", 'Zoë\'s "keys" 键')])


def in_pieces(text: str, size: int) -> str:
    stream = scrubber().stream()
    return "".join(stream.feed(text[at : at + size]) for at in range(0, len(text), size)) + stream.flush()


def visible(text: str) -> str:
    return "".join(strip(text).replace("\n", "").split("\u200d")).replace("\ufe0f", "")


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize("token", [VALUE, "ghp_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"])
def test_a_secret_is_seen_through_what_is_invisible(unseen: str, token: str) -> None:
    written = f"its {token[:11]}{unseen}{token[11:]} end\n"
    name = "{{tok}}" if token == VALUE else "[secret]"
    assert visible(scrubber().scrub(written)) == f"its {name} end"
    for size in (1, 3, 7, 100):
        assert visible(in_pieces(written, size)) == f"its {name} end"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_secret_is_seen_with_something_invisible_behind_every_character(unseen: str) -> None:
    written = unseen + "".join(character + unseen for character in VALUE) + "."
    assert visible(scrubber().scrub(written)) == "{{tok}}."
    assert visible(in_pieces(written, 5)) == "{{tok}}."


def test_a_coloured_match_of_grep_is_hidden_and_the_colours_stay_in_order() -> None:
    written = f"a\x1b[32m {VALUE[:4]}\x1b[01;31m\x1b[K{VALUE[4]}\x1b[m\x1b[K{VALUE[5:]} \x1b[0mb"
    assert scrubber().scrub(written) == "a\x1b[32m {{tok}}\x1b[01;31m\x1b[m \x1b[0mb"


def test_a_secret_within_a_sequence_is_hidden() -> None:
    link = f"\x1b]8;;https://a/?q={VALUE}\x07here\x1b]8;;\x07"
    assert scrubber().scrub(link) == link.replace(VALUE, "{{tok}}")
    assert in_pieces(link, 4) == link.replace(VALUE, "{{tok}}")


def test_a_coloured_token_is_known_by_its_shape() -> None:
    token = "ghp_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"
    assert Scrubber().scrub(f"key: \x1b[31m{token}\x1b[0m") == "key: \x1b[31m[secret]\x1b[0m"


@pytest.mark.parametrize("value", ["correct\u200bhorse", "correct\x1b[31mhorse", "correct\rhorse"])
def test_a_value_with_something_invisible_in_it_is_hidden_with_and_without(value: str) -> None:
    known = Scrubber([("tok", value)])
    assert known.scrub(f"<{value}>").replace("\x1b[31m", "") == "<{{tok}}>"
    assert known.scrub("<correcthorse>") == "<{{tok}}>"


def test_harmless_text_keeps_its_sequences_and_comes_at_once() -> None:
    stream = scrubber().stream()
    for text in (
        "\x1b[32mok\x1b[0m\n",
        " 10%|█\r",
        " 20%|██\r",
        "\x1b]0;title\x07",
        "a\u200d\ufe0f\n",
        "n\b",
        "\x1b[A\x1b[2K",
    ):
        assert stream.feed(text) == text
        assert scrubber().scrub(text) == text


PIECES = st.sampled_from(
    [*UNSEEN, VALUE, VALUE[:9], VALUE[9:], "a", "\n", " ", "\x1b[", "\x1b]", "3", "1m", "ghp_" + "a1" * 20]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14), st.data())
def test_any_split_gives_the_same(pieces: list[str], data: st.DataObject) -> None:
    whole = "".join(pieces)
    expected = in_pieces(whole, len(whole) + 1)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    stream = scrubber().stream()
    split = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert "".join(map(stream.feed, split)) + stream.flush() == expected
    assert in_pieces(whole, 1) == expected
    assert VALUE not in strip(expected)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(UNSEEN), min_size=len(VALUE) + 1, max_size=len(VALUE) + 1), st.text(), st.text())
def test_no_mixture_of_invisible_things_lets_a_value_through(unseen: list[str], before: str, after: str) -> None:
    written = before + "".join(map("".join, zip(unseen, VALUE, strict=False))) + after
    assert VALUE not in strip(scrubber().scrub(written)).replace("\n", "")


@pytest.mark.parametrize("cut", range(1, len(VALUE)))
def test_of_a_value_in_two_pieces_at_most_a_short_one_is_seen(cut: int) -> None:
    first, second = scrubber().stream(), scrubber().stream()
    shown = [first.feed(f"its {VALUE[:cut]}") + first.flush(), second.feed(f"{VALUE[cut:]}\nend") + second.flush()]
    assert shown[0] == ("its {{tok}}" if cut >= 8 else f"its {VALUE[:cut]}")
    assert shown[1] == ("{{tok}}\nend" if len(VALUE) - cut >= 8 else f"{VALUE[cut:]}\nend")


def test_a_pause_for_an_answer_shows_no_long_piece_either() -> None:
    stream = scrubber().stream()
    shown = [stream.feed(VALUE[:9]), stream.flush(), stream.feed(VALUE[9:12]), stream.feed(VALUE[12:] + "!")]
    assert shown == ["", "{{tok}}", "", "{{tok}}!"]


def test_a_middle_piece_is_hidden_if_nothing_comes_after_it() -> None:
    assert scrubber().scrub_part(VALUE[5:17]) == "{{tok}}"
    assert scrubber().scrub_part(f"\x1b[1m{VALUE[5:]}\x1b[0m") == "\x1b[1m{{tok}}\x1b[0m"
    assert scrubber().scrub_part("hello\n") == "hello\n"


def test_a_stream_that_begins_with_a_letter_of_a_value_goes_on_at_once() -> None:
    stream = scrubber().stream()
    assert stream.feed("d") == ""
    assert stream.feed("one\n") == "done\n"
    assert stream.feed("d") == "d"


def test_what_an_ellipsis_cuts_off_is_hidden() -> None:
    assert scrubber().scrub(f"'a{VALUE[:14]}…") == "'a{{tok}}…"
    assert scrubber().scrub("loading …") == "loading …"


NAME = 'Zoë\'s "keys" 键'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (VALUE, "".join(f"%{byte:02x}" for byte in VALUE.encode())),
        (VALUE, "".join(f"%{byte:02X}" for byte in VALUE.encode())),
        (VALUE, VALUE.encode().hex()),
        (VALUE, VALUE.encode().hex().upper()),
        (NAME, NAME.encode().hex()),
        (NAME, ascii(NAME)[1:-1]),
        (NAME, repr(NAME)[1:-1]),
        (NAME, repr(f"{NAME}")[1:-1]),
        (NAME, repr(NAME.encode())[2:-1]),
        (NAME, json.dumps(NAME)[1:-1]),
        (NAME, html.escape(NAME)),
        ("it's mine", repr("it's mine")[1:-1]),
        ("it's mine", repr('"it\'s mine"')[2:-2]),
        ("it's\\mine", repr("it's\\mine")[1:-1]),
        ("it's\\mine", repr('"it\'s\\mine"')[2:-2]),
        ('say "it"', json.dumps('say "it"')[1:-1]),
    ],
)
def test_values_written_in_other_ways_are_hidden(value: str, written: str) -> None:
    assert Scrubber([("tok", value)]).scrub(f"<{written}>") == "<{{tok}}>"


@pytest.mark.parametrize("hostile", ["\r", "a\r", "\x1b[", "\x1b]", "\x9d", "\x1b]a\n", "\x1b[31mk\x1b[0m", "\x1b"])
def test_no_sequences_keep_the_scrubber_busy_for_ever(hostile: str) -> None:
    # Quadratic time would be minutes here, and the suite's time limit ends it.
    text = hostile * (300_000 // len(hostile))
    assert scrubber().scrub(text) == text
    stream = scrubber().stream()
    assert "".join(stream.feed(text[at : at + 4096]) for at in range(0, len(text), 4096)) + stream.flush() == text
