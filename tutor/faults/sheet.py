"""A text as lines that rules can be held against: clean, without what logs and chats put before them, each with its number."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from tutor.text.plain import strip

_ENTITIES = {
    "&quot;": '"', "&#34;": '"', "&#39;": "'", "&#x27;": "'", "&apos;": "'", "&#96;": "`", "&#x60;": "`",
    "&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&",
}  # fmt: skip
_LOOKALIKES = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", '\\"': '"', "\\'": "'"}
"""What chats and JSON make of quotation marks and spaces."""
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,32}m")
# Colours whose escape character was written out, shown by its name, or lost on the way.
_WRITTEN_COLOUR = re.compile(r"(?:\\u001b|\\x1b|\\033|\\e|\^\[|\u241b)\[[0-9;]{0,16}[mK]")
_BARE_COLOUR = re.compile(r"\[(?:\d{1,3}(?:;\d{1,3}){0,4})m")
_BEFORE = re.compile(
    r"""
      \s{0,3}(?:>(?!>)\s?){1,8}                                                    # quoted in an answer
    | E\s{2,10}(?=\S)                                                              # pytest
    | \[?\d{4}[-/]\d\d[-/]\d\d[T\x20]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|\s?[+-]\d\d:?\d\d)?\]?:?\s{0,4}
    | \[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?\s{1,4}
    | [A-Z][a-z]{2}\s{1,2}\d{1,2}\s\d\d:\d\d:\d\d\s\S{1,64}\s(?=\S)                # the system's log
    | \[?\w{0,12}rank\s?\d{1,5}\]?:\s{0,4}
    | \([\w.\x20,=-]{1,60}pid=\d{1,9}[^)\n]{0,40}\)\s?
    | [\w.-]{1,40}\s{1,8}\|\s                                                       # docker compose
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[A-Za-z_]{3,60}")
_LONGEST = 4000
"""A longer line is looked at in windows of that size."""
_WRAPPED_AT_MOST = 140
_WRAPPED_LINES = 1000


class Sheet:
    """One text."""

    def __init__(self, text: str) -> None:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
        self.text = _clean(text)
        self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        self._numbers = _numbers(text) if "\r" in text else []
        self._cores: dict[int, str] = {}
        self._words = "\n".join(set(_WORD.findall(self.text)))

    def __len__(self) -> int:
        return len(self._starts)

    def number(self, index: int) -> int:
        """Which line of the text as it was given, from 1."""
        return self._numbers[index] if index < len(self._numbers) else index + 1

    def line(self, index: int) -> str:
        """The clean line."""
        end = self._starts[index + 1] - 1 if index + 1 < len(self._starts) else len(self.text)
        return self.text[self._starts[index] : end]

    def core(self, index: int) -> str:
        """The line without what stands before it: marks of a quotation, times, ranks."""
        found = self._cores.get(index)
        if found is None:
            found = self._cores[index] = _core(self.line(index)[:_LONGEST])
        return found

    def around(self, index: int, before: int, after: int) -> Iterator[str]:
        """The lines near one, without itself."""
        for other in range(max(0, index - before), min(len(self), index + after + 1)):
            if other != index:
                yield self.core(other)

    def has(self, literal: str, word: str) -> bool:
        """Whether it is anywhere. `word` is the longest of the literal's words: looked for among all different words, which are few."""
        return (not word or word in self._words) and literal in self.text

    def places(self, literal: str) -> Iterator[tuple[int, str]]:
        """Each line that has it, once: its index, and the line or the part of a very long one around it."""
        at = self.text.find(literal)
        while at >= 0:
            index = bisect_right(self._starts, at) - 1
            end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.text) + 1
            if end - self._starts[index] <= _LONGEST:
                yield index, self.core(index)
                at = self.text.find(literal, end)
            else:
                begun = max(self._starts[index], at - _LONGEST // 2)
                past = min(end - 1, at + _LONGEST // 2)
                yield index, self.text[begun:past]
                at = self.text.find(literal, past)

    def wrapped(self) -> Wrapped | None:
        """The lines put together again, where the text looks as if a chat or a terminal had wrapped it."""
        if not 2 <= len(self) <= _WRAPPED_LINES:
            return None
        lines = [self.core(index).strip() for index in range(len(self))]
        width = max(map(len, lines))
        return Wrapped(lines, width) if width <= _WRAPPED_AT_MOST else None


class Wrapped:
    """Lines of which some may be one."""

    def __init__(self, lines: list[str], width: int) -> None:
        self._lines = lines
        self._width = width
        self._all = (" ".join(lines), "".join(lines))

    def has(self, literal: str) -> bool:
        """Whether it could be in one of the pieces."""
        return any(literal in one for one in self._all)

    def pieces(self) -> Iterator[tuple[int, str]]:
        """Up to five lines together, with a space and without, and the index of the first."""
        for index in range(len(self._lines) - 1):
            joined = tight = self._lines[index]
            for after in range(index + 1, min(index + 5, len(self._lines))):
                if len(self._lines[after - 1]) < self._width * 0.6 or not self._lines[after]:
                    break
                joined = f"{joined} {self._lines[after]}"
                tight = tight + self._lines[after]
                yield index, joined
                yield index, tight


def _core(line: str) -> str:
    if line[:1].islower() and "|" not in line[:50] and "rank" not in line[:20]:
        return line.rstrip()
    for _ in range(4):
        found = _BEFORE.match(line)
        if not found or not found[0].strip():
            break
        line = line[found.end() :]
    return line.rstrip()


def _numbers(text: str) -> list[int]:
    """For each line after cleaning, where a lone carriage return begins one too, the number of the line it was in."""
    numbers = [1]
    for end in re.findall(r"[\n\r]", text):
        numbers.append(numbers[-1] + (end == "\n"))
    return numbers


def _clean(text: str) -> str:
    """The same lines. (`strip` makes a line end of each carriage return.)"""
    text = strip(_COLOUR.sub("", text) if "\x1b" in text else text)
    if "[" in text and "m" in text:
        text = _WRITTEN_COLOUR.sub("", text)
        if "[0m" in text or "[39m" in text:
            text = _BARE_COLOUR.sub("", text)
    if "&" in text and ";" in text:
        for written, meant in _ENTITIES.items():
            text = text.replace(written, meant)
    for found, meant in _LOOKALIKES.items():
        if found in text:
            text = text.replace(found, meant)
    return text
