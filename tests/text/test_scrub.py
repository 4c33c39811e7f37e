from __future__ import annotations

import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.text.scrub import Scrubber

SECRET = "s3cr3t/+=~ü'\"\\x"
A36 = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"
HEX = "0123456789abcdef0123456789abcdef"
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + f"{A36}+/\n" * 8 + "-----END RSA PRIVATE KEY-----"

TOKENS = [
    f"ghp_{A36}",
    f"gho_{A36}",
    f"github_pat_11ABC_{A36}",
    f"ya29.a0Af-{A36}",
    f"GOCSPX-{A36}",
    f"1//0g-{A36}",
    f"AIza{A36}",
    f"KGAT_{HEX}",
    "AKIAIOSFODNN7EXAMPLE",
    f"hf_{A36}",
    f"sk-{A36}",
    f"sk-proj-{A36}",
    f"xoxb-123456789012-{A36}",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLWhlcmU",
    KEY,
]
IN_CONTEXT = [
    ("http://127.0.0.1:8888/lab?token=", f"{HEX}abc", "&x=1"),
    ("HF_TOKEN=", f"{A36}", "\n"),
    ("authorization: Bearer ", f"{A36}", ""),
    ('{"Authorization": "token ', "abcdef0123", '"}'),
    ("curl -H 'Authorization: Basic ", "dXNlcjpwYXNz", "'"),
    ('{"username": "me", "key": "', HEX, '"}'),
    ("{'username': 'me', 'key': '", HEX, "'}"),
    ("export KAGGLE_KEY=", HEX, ""),
    ('os.environ["KAGGLE_KEY"] = "', HEX, '"'),
    ("os.environ.setdefault('KAGGLE_KEY', '", HEX, "')"),
    ('os.environ["AWS_SECRET_ACCESS_KEY"] = "', "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", '"'),
    ("aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "\n"),
    ('"SecretAccessKey": "', "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", '"'),
    ("aws_session_token=", A36 * 3, " "),
]
HARMLESS = [
    "",
    "task-1 sk-toggleable__label-arrow risk-adjusted-0123456789012345678901",
    f"commit {HEX} of through highly eyJ 1//0 AKIA xox hf_hub_download bearer of news",
    "cls_token=self.cls_token, max_tokens=100000000, ?token=… GITHUB_TOKEN=os.environ",
    "-----BEGIN PRIVATE KEY----- is how such a file begins - said the manual",
    f"sha256: {HEX}{HEX}",
]


def scrubber(*values: str) -> Scrubber:
    return Scrubber([(f"v{number}", value) for number, value in enumerate(values)])


@pytest.mark.parametrize("token", TOKENS)
def test_known_tokens_are_hidden(token: str) -> None:
    assert Scrubber().scrub(f"before {token} after") == "before [secret] after"
    assert Scrubber().scrub(f"'{token}'") == "'[secret]'"


@pytest.mark.parametrize(("before", "secret", "after"), IN_CONTEXT)
def test_what_its_context_calls_a_secret_is_hidden(before: str, secret: str, after: str) -> None:
    assert Scrubber().scrub(before + secret + after) == f"{before}[secret]{after}"


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert Scrubber().scrub(text) == text
    stream = Scrubber().stream()
    assert stream.feed(text) + stream.flush() == text


def test_a_private_key_without_its_end_is_hidden() -> None:
    assert A36 not in Scrubber().scrub(KEY[:200])


def test_values_are_replaced_by_their_names() -> None:
    scrub = Scrubber([("token", "hunter22"), ("other", "x")]).scrub
    assert scrub("a hunter22 b x c") == "a {{token}} b {{other}} c"
    assert scrub("hunter2") == "hunter2"


def test_an_empty_value_hides_nothing() -> None:
    assert Scrubber([("token", "")]).scrub("abc") == "abc"


def test_overlapping_values_leave_nothing_behind() -> None:
    assert scrubber("abcdef", "defghi").scrub("xabcdefghiy") == "x{{v0}}y"
    assert scrubber("abc", "abcdef").scrub("abcdef abcd") == "{{v1}} {{v0}}d"
    assert scrubber("aaaa").scrub("baaaaaac") == "b{{v0}}c"
    assert scrubber("bcde").scrub(f"ghp_{A36}") == "[secret]"


@pytest.mark.parametrize(
    "encoded",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        quote(SECRET, safe="").lower(),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        repr(SECRET)[1:-1],
    ],
)
def test_encoded_values_are_hidden(encoded: str) -> None:
    assert scrubber(SECRET).scrub(f"<{encoded}>") == "<{{v0}}>"


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode, encodebytes])
@pytest.mark.parametrize("before", range(60))
def test_values_in_base64_are_hidden_wherever_they_stand(encode: object, before: int) -> None:
    assert callable(encode)
    whole = encode(b"x" * before + SECRET.encode() + b"and more").decode()
    scrubbed = scrubber(SECRET).scrub(whole)
    assert scrubbed.count("{{v0}}") == 1
    assert len(scrubbed) <= len(whole) - len(SECRET.encode()) * 8 // 6 + 2 + len("{{v0}}")


def test_json_is_scrubbed_keys_and_all() -> None:
    value = {"hunter22": ["hunter22", 1, None, {"x": ("hunter22",)}]}
    assert scrubber("hunter22").scrub_json(value) == {"{{v0}}": ["{{v0}}", 1, None, {"x": ["{{v0}}"]}]}


def test_a_secret_in_two_flushes_of_the_program_is_hidden() -> None:
    stream = scrubber("hunter22").stream()
    shown = [stream.feed("password: hun"), stream.feed("ter22\n"), stream.flush()]
    assert shown == ["password: ", "{{v0}}\n", ""]


def test_ordinary_output_is_not_held_back() -> None:
    stream = scrubber("hunter22").stream()
    for text in ("hello\n", "step 3 of 10: 30%|███", "\r", "...", "done. "):
        assert stream.feed(text) == text


def test_what_was_held_back_comes_with_the_flush() -> None:
    stream = scrubber("hunter22").stream()
    assert stream.feed("name: hunt") == "name: "
    assert stream.flush() == "hunt"
    assert stream.flush() == ""
    assert stream.feed("er") == "er"


def test_a_stream_that_repeats_a_secret_over_itself_holds_back_a_bounded_part() -> None:
    stream = scrubber("aaaaaaaa").stream()
    for _ in range(10):
        stream.feed("a" * 40_000)
    assert len(stream._held) < 2 << 16


ODDS = [
    SECRET,
    "hunter22",
    "aXa",
    "abcabc",
    " ",
    "\n",
    "a",
    "abc",
    "X",
    "token=",
    "?",
    "Bearer ",
    "-----BEGIN ",
    "sk-",
    "eyJ",
    ".",
]
ENCODED = [b64encode(f"{'x' * before}{SECRET}y".encode()).decode() for before in range(3)] + [
    encodebytes(b"x" * before + SECRET.encode()).decode() for before in (45, 50)
]
PIECES = st.sampled_from(ODDS + ENCODED + TOKENS + [before + secret for before, secret, _ in IN_CONTEXT])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12), st.data())
def test_any_split_gives_the_same(pieces: list[str], data: st.DataObject) -> None:
    whole = "".join(pieces)
    known = scrubber(SECRET, "hunter22", "aXa", "abcabc")
    expected = known.scrub(whole)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    split = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    for parts in (split, list(whole)):
        stream = known.stream()
        assert "".join(map(stream.feed, parts)) + stream.flush() == expected


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=8, max_size=40), st.text(), st.text())
def test_no_value_comes_through(value: str, before: str, after: str) -> None:
    scrubbed = Scrubber([("", value)]).scrub(before + value + after)
    assert value not in scrubbed.replace("{{}}", "\0" if "\0" not in value else "\1")


@pytest.mark.parametrize(
    "hostile",
    [
        "sk-",
        "eyJ",
        "eyJaaaaaaaaa.",
        "github_pat_",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN A ",
        '"key" ',
        "authorization: token ",
    ],
)
def test_no_text_keeps_the_scrubber_busy_for_ever(hostile: str) -> None:
    # Quadratic time would be minutes here, and the suite's time limit ends it.
    text = hostile * (1_000_000 // len(hostile)) + " "
    stream = Scrubber().stream()
    assert stream.feed(text) + stream.flush() == Scrubber().scrub(text)
