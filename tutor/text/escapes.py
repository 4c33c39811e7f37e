"""Finds control sequences in text that arrives in pieces; says nothing about what they mean.

What is recognised and never reaches a reader: C0 and C1 controls, CSI, OSC, DCS, APC, PM and SOS sequences, and characters that are invisible and
change how a reader sees the others (direction overrides, zero-width characters, tags).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

# Soft hyphen; Arabic letter mark; Mongolian vowel separator; zero-width space and non-joiner; direction marks, overrides and isolates;
# invisible operators; line and paragraph separators; interlinear annotation; byte order mark; supplementary variation selectors and
# tags, which can carry a hidden text. The joiner U+200D and the selectors U+FE00 to U+FE0F stay: emoji are built with them.
INVISIBLE = (
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
SURROGATES = "\ud800-\udfff"
"""Stand for bytes that were no UTF-8, and cannot be printed."""
CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""C0 and C1 without tab and newline."""

_HELD_AT_MOST = 80
"""Characters of an unfinished sequence that are kept for the next piece; a longer one is none."""


class Kind(IntEnum):
    """What a piece of text is. The numbers are those of the groups below."""

    TEXT = 1
    """Printable characters, tabs and newlines."""
    CSI = 2
    STRING = 3
    """The beginning of an OSC, DCS, APC, PM or SOS string."""
    ESCAPE = 4
    CONTROL = 5
    """One control or invisible character, or a surrogate."""


_TOKEN = re.compile(
    rf"([^{CONTROLS}{INVISIBLE}{SURROGATES}]+)"
    r"|((?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~])"
    r"|(\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])"
    r"|(\x1b[ -/]{0,8}[0-~])"
    r"|(.)",
    re.DOTALL,
)
_UNFINISHED = re.compile(r"(?:\x1b(?:\[[0-?]{0,64}[ -/]{0,8}|[ -/]{0,8})|\x9b[0-?]{0,64}[ -/]{0,8})\Z")
# A string ends with BEL, ST, CAN or SUB, with any other escape, or where its line ends: a stray beginning must not swallow all that follows.
_STRING_END = re.compile(r"\x1b\\?|[\x07\x18\x1a\x9c]|(?=\n)")
_SPECIAL = re.compile(rf"[{CONTROLS}{INVISIBLE}{SURROGATES}]")
_SPECIAL_ASCII = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def is_surrogate(character: str) -> bool:
    """Half a pair, which stands for a byte that was no UTF-8."""
    return "\ud800" <= character <= "\udfff"


def is_clean(text: str) -> bool:
    """Nothing but printable characters, tabs and newlines."""
    return not (_SPECIAL_ASCII if text.isascii() else _SPECIAL).search(text)


def unfinished_at(text: str) -> int:
    """Where a sequence begins that is cut by the end of the text; its length if there is none. Strings are not looked for."""
    found = _UNFINISHED.search(text, max(0, len(text) - _HELD_AT_MOST))
    return found.start() if found else len(text)


class Lexer:
    """Splits text into tokens; a sequence that is cut by the end of a piece is finished by the next one."""

    def __init__(self) -> None:
        self._held = ""
        self._in_string = False

    @property
    def is_idle(self) -> bool:
        """The next piece begins with nothing under way."""
        return not (self._held or self._in_string)

    def feed(self, text: str) -> Iterator[tuple[Kind, str]]:
        """The tokens that are complete now. Must be exhausted before the next call."""
        if self.is_idle and is_clean(text):
            if text:
                yield Kind.TEXT, text
            return
        text = self._held + text
        end = unfinished_at(text)
        self._held = text[end:]
        text = text[:end]
        at = 0
        while at < end:
            if self._in_string:
                found = _STRING_END.search(text, at)
                if not found:
                    return
                self._in_string = False
                # Another escape ends the string and is one itself.
                at = found.start() if found[0] == "\x1b" else found.end()
                continue
            for match in _TOKEN.finditer(text, at):
                kind = Kind(match.lastindex or Kind.CONTROL)
                if kind is Kind.STRING:
                    self._in_string = True
                    at = match.end()
                    break
                yield kind, match[0]
            else:
                return
