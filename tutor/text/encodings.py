"""The forms in which a secret value can turn up in text."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import quote, quote_plus

from tutor.text.bare import bare

_ENCODED_FROM = 6
"""A shorter value has too few characters in base64 (or when its invisible ones are gone) to be told from ordinary words."""
PART_FROM = 8
"""Characters of a form that are hidden also without the rest of it, where a text was cut."""
WRAPPED_FROM = 60
"""The shortest line into which base64 is wrapped (64 in PEM, 76 in MIME)."""
_LINE_OF_BASE64 = f"(?<=[A-Za-z0-9+/_-]{{{WRAPPED_FROM}}})"
_WRAP = re.compile(rf"{_LINE_OF_BASE64}(?:\r?\n|\r\Z)")


@dataclass(frozen=True)
class Form:
    """One literal text that stands for a value."""

    name: str
    """Of the value."""
    text: str
    wrapped: bool = False
    """Line ends may stand in it."""

    @cached_property
    def probes(self) -> tuple[str, ...]:
        """Where none of these is, the form is not either. A short stretch has at most one line end in it, so one half is whole."""
        if not self.wrapped:
            return (self.text,)
        half = min(len(self.text), WRAPPED_FROM) // 2
        return (self.text[:half], self.text[half : 2 * half])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds a wrapped form."""
        return re.compile(f"(?:{_LINE_OF_BASE64}\r?\n)?".join(map(re.escape, self.text)))

    def spans(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        """Where it stands in the text; occurrences that overlap each other are one."""
        if self.wrapped:
            if any(probe in text for probe in self.probes):
                for match in self.pattern.finditer(text, start):
                    yield match.span()
            return
        size = len(self.text)
        at = text.find(self.text, start)
        while at >= 0:
            begun, end = at, at + size
            while begun < (at := text.find(self.text, at + 1)) < end:
                end = at + size
            yield begun, end

    def cut_at_start(self, text: str, *, is_all: bool) -> int | None:
        """How much of the text's beginning is the rest of an occurrence that began before it; None if more must come to tell.

        Args: `is_all`: nothing will come; then a middle part is enough.
        """
        if len(text) < PART_FROM:
            at = self.text.find(text, 1) if text and not is_all else -1
            return None if 0 < at <= len(self.text) - PART_FROM else 0
        longest = 0
        at = self.text.find(text[:PART_FROM], 1)
        while at >= 0:
            rest = self.text[at:]
            if text.startswith(rest):
                longest = max(longest, len(rest))
            elif rest.startswith(text):
                if not is_all:
                    return None
                longest = len(text)
            at = self.text.find(text[:PART_FROM], at + 1)
        return longest

    def beginning(self, text: str, start: int) -> int:
        """Where an unfinished occurrence begins at the end of the text; its length if there is none."""
        size = len(text)
        if (text.rstrip("\r\n")[-1:] if self.wrapped else text[-1:]) not in self.text:
            return size  # the quick way out for nearly every line
        longest = len(self.text) - 1
        wraps: list[tuple[int, int]] = []
        if self.wrapped:
            start = max(start, size - longest - 2 * (longest // WRAPPED_FROM + 2))
            wraps = [match.span() for match in _WRAP.finditer(text, start)]
        if not wraps:
            start = max(start, size - longest)
        at = text.find(self.text[0], start)
        while at >= 0:
            if self.text.startswith(_without(text, at, wraps)):
                return at
            at = text.find(self.text[0], at + 1)
        return size


def _without(text: str, start: int, wraps: list[tuple[int, int]]) -> str:
    """The text from `start` on, its line ends taken out."""
    parts = []
    for begun, end in wraps:
        if begun > start:
            parts.append(text[start:begun])
            start = end
    return "".join(parts) + text[start:]


def forms(name: str, value: str) -> Iterator[Form]:
    """All forms of a value: as it is, as Python, JSON and HTML write it, URL-encoded, in hexadecimal, and in base64 with anything before
    and after it."""
    data = value.encode("utf-8", "surrogatepass")
    plain = [value, bare(value), json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], escape(value)]
    if len(plain[1]) < _ENCODED_FROM:
        plain[1] = ""
    for write in (repr, ascii, _bytes):
        plain += [quotation.join(write(part)[1:-1] for part in value.split("'")) for quotation in ("'", "\\'")]
    every = "".join(f"%{byte:02X}" for byte in data)
    for encoded in (quote(value), quote(value, safe=""), quote_plus(value), every):
        plain += [encoded, re.sub("%..", lambda match: match[0].lower(), encoded)]
    if len(data) >= _ENCODED_FROM:
        plain += [data.hex(), data.hex().upper()]
    for text in dict.fromkeys(filter(None, plain)):
        yield Form(name, text)
    if len(data) < _ENCODED_FROM:
        return
    for before in range(3):
        # Characters that also depend on what stands before or after are left out.
        encoded = b64encode(b"\0" * before + data).decode()
        core = encoded[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        for text in dict.fromkeys((core, core.translate(str.maketrans("+/", "-_")))):
            yield Form(name, text, wrapped=True)


def _bytes(value: str) -> str:
    """As bytes show themselves, without the `b`."""
    return repr(value.encode("utf-8", "surrogatepass"))[1:]
