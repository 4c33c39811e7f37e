"""Recognises what input methods, word processors and templates put into answers and code, and says what was probably meant.

Only finds and names; whether it matters is the session's business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tutor.text.escapes import INVISIBLE


class OddKind(StrEnum):
    """What is odd."""

    FULL_WIDTH = "full_width"
    """Full-width letters, digits or signs of an input method, a whole run at once: `（`, `，`, `１６`."""
    QUOTE = "quote"
    """A typographic quotation mark."""
    DASH = "dash"
    """A typographic dash, minus, ellipsis or sign of arithmetic."""
    SPACE = "space"
    """A space that is none of the keyboard: non-breaking or full-width."""
    INVISIBLE = "invisible"
    """A character that cannot be seen."""
    BRACKETS = "brackets"
    """An answer between the brackets of a placeholder: `<alice>`."""
    PLACEHOLDER = "placeholder"
    """Something that was to be replaced: `<your-name>`, `[TOKEN]`, `YOUR_TOKEN`."""


@dataclass(frozen=True, slots=True)
class Odd:
    """One odd place in a text."""

    position: int
    """From 0, in characters."""
    found: str
    kind: OddKind
    meant: str = ""
    """What was probably meant; empty if nothing, or not known."""

    @property
    def name(self) -> str:
        """The Unicode name of a single character, else nothing."""
        return unicodedata.name(self.found, f"U+{ord(self.found):04X}") if len(self.found) == 1 else ""


_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict(
    zip("。、【】《》〈〉「」『』〔〕￥·", '.,[]<><>""""[]$`', strict=True)
)
_QUOTES = dict(zip("“”„‟″‘’‚‛′«»", '"""""\'\'\'\'\'""', strict=True))
_DASHES = dict(zip("‐‑‒–—―−×÷", "-------*/", strict=True)) | {"…": "..."}
_SPACES = dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " ")
_KINDS = (
    (OddKind.FULL_WIDTH, _FULL_WIDTH),
    (OddKind.QUOTE, _QUOTES),
    (OddKind.DASH, _DASHES),
    (OddKind.SPACE, _SPACES),
)
_MEANT = {odd: (kind, meant) for kind, table in _KINDS for odd, meant in table.items()}
_UNSEEN = (OddKind.INVISIBLE, "")

# A number or a word in full width is one thing: whoever is told of `１６` looks for it, not for one of its digits.
_ODD = re.compile(f"[{re.escape(''.join(_FULL_WIDTH))}]+|[{re.escape(''.join(_MEANT))}{INVISIBLE}]")
_PLACEHOLDER = re.compile(
    r"<\s*(?:your|my|你的|您的)[^<>\n]{0,60}>"
    r"|<[a-z]+(?:[-_ ][a-z]+)+>"
    r"|<[A-Z][A-Z0-9_-]*>|\[[A-Z][A-Z0-9_-]+\]"
    r"|<\s*(?:name|user|username|token|key|password|id|project|bucket|region|host|port|path|file)\s*>"
    r"|(?<![A-Za-z0-9])(?:YOUR|your)[-_][A-Za-z0-9_-]*[A-Za-z0-9]"
)
# In code `<` and `[` mean something, so only what says "your" counts there, and a row of underscores outside of strings.
_PLACEHOLDER_IN_CODE = re.compile(
    r"<\s*(?:your|你的|您的)[^<>\n]{0,60}>|(?<![A-Za-z0-9_])YOUR[-_][A-Z0-9_-]*[A-Z0-9](?![A-Za-z0-9])"
)
_BLANK = re.compile(r"(?<!\w)_{4,}(?!\w)")
_WRAPPED = re.compile(r"\s*(<[^<>]+>|\[[^\[\]]+\]|＜[^＜＞]+＞|【[^【】]+】)\s*")
# What is not code: strings, comments, and lines for the shell or for IPython. Between typographic quotes a string was meant.
_NOT_CODE = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)'
    r"|'''(?:[^\\]|\\.)*?(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*(?:"|$)'
    r"|'(?:[^'\\\n]|\\.)*(?:'|$)"
    r"|(?<=“)[^”\n]*(?=”)|(?<=‘)[^’\n]*(?=’)"
    r"|\#[^\n]*"
    r"|^[ \t]*[!%][^\n]*",
    re.DOTALL | re.MULTILINE,
)


def odd_in_answer(text: str) -> tuple[Odd, ...]:
    """Everything odd in an answer, in order."""
    found = [_odd(match) for match in _ODD.finditer(text)]
    placeholders = [_at(match, OddKind.PLACEHOLDER) for match in _PLACEHOLDER.finditer(text)]
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped and not placeholders:
        placeholders = [_at(wrapped, OddKind.BRACKETS, wrapped[1][1:-1].strip(), group=1)]
    return tuple(sorted(found + placeholders, key=lambda odd: odd.position))


def odd_in_code(code: str) -> tuple[Odd, ...]:
    """Odd characters outside of strings and comments, and placeholders that are still in place (in strings too), in order."""
    found = [_at(match, OddKind.PLACEHOLDER) for match in _PLACEHOLDER_IN_CODE.finditer(code)]
    for start, end in _stretches(code):
        found += (_odd(match) for match in _ODD.finditer(code, start, end))
        found += (_at(match, OddKind.PLACEHOLDER) for match in _BLANK.finditer(code, start, end))
    return tuple(sorted(found, key=lambda odd: odd.position))


def narrow(text: str) -> str:
    """Without full-width and typographic forms, invisible characters and surrounding space; letters keep their case."""
    text = _ODD.sub(lambda match: _odd(match).meant, text)
    return unicodedata.normalize("NFKC", text).strip()


def normalise(text: str) -> str:
    """The form in which answers are compared: without case, surrounding space and full-width difference."""
    return narrow(text).casefold()


def _odd(match: re.Match[str]) -> Odd:
    kind, _ = _MEANT.get(match[0][0], _UNSEEN)
    return _at(match, kind, "".join(_MEANT.get(character, _UNSEEN)[1] for character in match[0]))


def _at(match: re.Match[str], kind: OddKind, meant: str = "", *, group: int = 0) -> Odd:
    return Odd(match.start(group), match[group], kind, meant)


def _stretches(code: str) -> Iterator[tuple[int, int]]:
    """Where the code is code."""
    at = 0
    for match in _NOT_CODE.finditer(code):
        yield at, match.start()
        at = match.end()
    yield at, len(code)
