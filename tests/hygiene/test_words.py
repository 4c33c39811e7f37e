"""The sentences of tutor itself: complete in both languages, and each one that the code asks for exists."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from string import Formatter

import pytest

from tests.support.sources import name_of, python_files
from tutor.i18n import ROOMS

LANGUAGES = ("en", "zh")


def words(language: str, room: str) -> dict[str, str]:
    found: dict[str, str] = import_module(f"tutor.i18n.{language}.{room}").WORDS
    return found


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_have_the_same_sentences(room: str) -> None:
    english, chinese = words("en", room), words("zh", room)
    assert sorted(english) == sorted(chinese)
    assert [key for key in english if placeholders(english[key]) != placeholders(chinese[key])] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS)
def test_keys_begin_with_their_room_and_sentences_are_not_empty(language: str, room: str) -> None:
    for key, sentence in words(language, room).items():
        assert key.startswith(f"{room}."), key
        assert sentence.strip(), key


def test_every_sentence_that_the_code_asks_for_exists() -> None:
    known = {key for room in ROOMS for key in words("en", room)}
    key_shape = re.compile(rf"(?:{'|'.join(ROOMS)})\.[a-z0-9_.]*[a-z0-9]")
    missing = [
        f"{name_of(path)}:{node.lineno} {node.args[0].value}"
        for path in python_files("tutor")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        if key_shape.fullmatch(node.args[0].value) and node.args[0].value not in known
    ]
    assert missing == []
