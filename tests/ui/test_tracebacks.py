"""How an error reads in the conversation."""

from __future__ import annotations

import pytest

from tests.text.test_tracebacks import RECORDED, VERSIONS
from tutor.i18n import Words
from tutor.ui.tracebacks import MESSAGE_LINES, folded
from tutor.ui.wrap import cells

EN = Words("en")


def told(name: str, version: str = "9.18", words: Words = EN) -> str:
    error = RECORDED[version][name]
    lines = folded(error["type"], error["message"], error["traceback"], words)
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_error_is_on_top_and_libraries_are_counted(version: str) -> None:
    lines = told("library", version).splitlines()
    assert lines[0].startswith("JSONDecodeError: Expecting property name")
    assert lines[1:3] == ["line 6", "→ 6  read('{no')"]
    assert "→ 4      return json.loads(text)" in lines
    assert lines[-1] == "… 3 frames inside json · p shows all"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_syntax_error_keeps_its_caret(version: str) -> None:
    assert told("syntax", version) == "SyntaxError: '(' was never closed\nline 2\n→ 2  print('hello'\n          ^"


def test_the_caret_stands_below_its_character_behind_wide_ones() -> None:
    code = 'print("你好，世界"，1)'
    traceback = [f"  Cell In[3], line 1\n    {code}\n    {' ' * code.index('，1')}^\nSyntaxError: invalid character\n"]
    *_, shown, caret = ("".join(text for text, _ in line) for line in folded("SyntaxError", "", traceback, EN))
    assert cells(caret.removesuffix("^")) == cells(shown[: shown.index("，1")])


def test_an_interrupt_is_short() -> None:
    assert told("interrupt") == "KeyboardInterrupt\nline 3\n→ 3      raise KeyboardInterrupt"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_exception_was_raised_from_comes_below_it(version: str) -> None:
    text = told("chained", version)
    assert text.index("ValueError: no weight") < text.index("caused by KeyError: 'weight'") < text.index("in inner()")
    assert "while handling ZeroDivisionError" in told("context", version)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recursion_is_counted(version: str) -> None:
    text = told("recursion", version)
    assert text.count("\n") < 16
    assert "… the same call again, " in text
    assert text.count("p shows all") == 1


@pytest.mark.parametrize(
    ("name", "said"), [("exit", "SystemExit: 3"), ("group", "ExceptionGroup: many (2 sub-exceptions)")]
)
def test_what_has_no_frames_is_its_message(name: str, said: str) -> None:
    assert told(name) == said


def test_a_long_message_is_cut() -> None:
    message = "\n".join(f"line {number}" for number in range(100))
    traceback = ["E  Traceback (most recent call last)", "Cell In[1], line 1\n----> 1 f()\n", f"E: {message}"]
    lines = folded("E", message, traceback, EN)
    assert len(lines) == MESSAGE_LINES + 3
    assert lines[MESSAGE_LINES][0][0] == "… 88 more lines · p shows all"


def test_in_chinese() -> None:
    text = told("library", words=Words("zh"))
    assert "第 4 行，在 read(text) 中" in text
    assert text.endswith("… json 内部还有 3 层调用 · 按 p 看全部")
