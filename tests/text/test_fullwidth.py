from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.text.fullwidth import (
    Odd,
    OddKind,
    normalise,
    odd_in_answer,
    odd_in_code,
)


def mended(text: str, odds: tuple[Odd, ...]) -> str:
    for odd in reversed(odds):
        text = text[: odd.position] + odd.meant + text[odd.position + len(odd.found) :]
    return text


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("print（x）", "print(x)"),
        ("f(1，2)；g()", "f(1,2);g()"),
        ("x ＝ １＋２", "x = 1+2"),
        ("a【0】：", "a[0]:"),
        ("print(“你好，世界”)", 'print("你好，世界")'),
        ("print(‘a’)", "print('a')"),
        ("x\u00a0= 1\u200b", "x = 1"),
        ("x = 3 − 2 – 1", "x = 3 - 2 - 1"),
        ("x\u3000=\u30001。", "x = 1."),
        ("ｐｒｉｎｔ(1)", "print(1)"),
    ],
)
def test_odd_characters_in_code_are_found_with_what_was_meant(code: str, right: str) -> None:
    assert mended(code, odd_in_code(code)) == right


@pytest.mark.parametrize(
    "code",
    [
        'print("你好，世界（一）")',
        "print('it’s')",
        '"""多行，\n文字（一）"""',
        "x = f'{a}：“b”'",
        "x = 1  # 注释，（一）",
        "变量 = 1",
        "!echo “hi”，",
        "%time x = 1",
        'x = "a\\"，b"',
        "if a < b and c > d: x[TOKEN] = <1",
        "___",
        "",
    ],
)
def test_strings_comments_and_shell_lines_are_left_alone(code: str) -> None:
    assert odd_in_code(code) == ()


def test_each_odd_character_is_named() -> None:
    (odd,) = odd_in_code("print（x)")
    assert odd == Odd(5, "（", OddKind.FULL_WIDTH, "(")
    assert odd.name == "FULLWIDTH LEFT PARENTHESIS"
    (unseen,) = odd_in_code("x\u200b = 1")
    assert (unseen.kind, unseen.name) == (OddKind.INVISIBLE, "ZERO WIDTH SPACE")


def test_a_run_of_full_width_characters_is_named_whole() -> None:
    (odd,) = odd_in_code("hidden = １６")
    assert (odd.found, odd.meant) == ("１６", "16")


@pytest.mark.parametrize(
    "code", ['token = "YOUR_TOKEN"', "x = <your-name>", 'f("<your name>")', 'f("<你的名字>")', "x = ____"]
)
def test_a_placeholder_in_code_is_found(code: str) -> None:
    (odd,) = odd_in_code(code)
    assert odd.kind is OddKind.PLACEHOLDER


@pytest.mark.parametrize("code", ["your_model(x)", "a < b > c", "x[TOKEN]", "__name__", '"____"', "html = '<my-tag>'"])
def test_ordinary_code_has_no_placeholder(code: str) -> None:
    assert odd_in_code(code) == ()


@pytest.mark.parametrize(
    "answer", ["<your-name>", "[TOKEN]", "YOUR_TOKEN", "your-bucket", "gs://<bucket>/x", "<my name>", "<USER>"]
)
def test_a_placeholder_in_an_answer_is_found(answer: str) -> None:
    (odd,) = odd_in_answer(answer)
    assert odd.kind is OddKind.PLACEHOLDER


@pytest.mark.parametrize(("answer", "meant"), [("<alice>", "alice"), (" [7] ", "7"), ("【alice】", "alice")])
def test_brackets_left_around_an_answer_are_found(answer: str, meant: str) -> None:
    (brackets,) = (odd for odd in odd_in_answer(answer) if odd.kind is OddKind.BRACKETS)
    assert brackets.meant == meant


@pytest.mark.parametrize(
    "answer",
    ["", "alice", "torch.cuda.is_available()", "it's 3.5 GB", "a < b", "x[0]", "yours-truly", "https://a.b/c?d=e"],
)
def test_an_ordinary_answer_has_nothing_odd(answer: str) -> None:
    assert odd_in_answer(answer) == ()


@pytest.mark.parametrize(
    ("answer", "same"),
    [
        ("ＣＰＵ", "cpu"),
        (" 16　GB ", "16 gb"),
        ("３．１４", "3.14"),
        ("“yes”", '"yes"'),
        ("a，b", "a,b"),
        ("yes。", "yes."),
        ("GPU\u200b", "gpu"),
        ("①", "1"),
        ("STRASSE", "straße"),
    ],
)
def test_answers_are_compared_without_case_space_and_width(answer: str, same: str) -> None:
    assert normalise(answer) == normalise(same)


@given(st.text(), st.booleans())
def test_what_is_found_stands_where_it_is_said_to(text: str, as_code: bool) -> None:
    odds = odd_in_code(text) if as_code else odd_in_answer(text)
    for odd in odds:
        assert text[odd.position : odd.position + len(odd.found)] == odd.found
    assert normalise(normalise(text)) == normalise(text)
