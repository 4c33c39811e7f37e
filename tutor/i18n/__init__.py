"""What tutor itself says, in each language. A key has one sentence; no sentence is built by gluing.

One package a language, one module a room or a large part of one, each a dict `WORDS` of key to `str.format` template.
Keys begin with the module's name. A test proves that no language lacks one.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from tutor.i18n.own_name import program

ROOMS = (
    "accounts",
    "session",
    "commands",
    "doctor",
    "export",
    "faults",
    "ui",
    "github",
    "google",
    "home",
    "kaggle",
    "output",
    "places",
    "plain",
    "reading",
    "receipt",
    "server",
    "settings",
    "step",
    "welcome",
)


@cache
def _room(language: str, room: str) -> dict[str, str]:
    words: dict[str, str] = import_module(f"tutor.i18n.{language}.{room}").WORDS
    return words


class Words:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    @property
    def other_language(self) -> str:
        """The one that is spoken after the key for the other language."""
        return "en" if self.language == "zh" else "zh"

    def template(self, key: str) -> str:
        """The sentence with its places still open, for those who fill them elsewhere: a notebook takes some along."""
        return _room(self.language, key.partition(".")[0])[key]

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence of that key; a `KeyError` is a fault of ours, and a test looks for it. `{tutor}` is how the learner calls tutor."""
        sentence = self.template(key)
        if "{tutor}" in sentence:
            values["tutor"] = program()
        return sentence.format(**values)
