"""Long text cut down to its beginning and its end, with what was left out counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capped:
    """The two ends of a text."""

    head: str
    tail: str = ""
    lines: int = 0
    """Newlines left out between them."""
    characters: int = 0
    """Characters left out between them; 0 when nothing was."""

    def joined(self, statement: str) -> str:
        """Both ends with the statement on a line of its own between them. `{lines}` and `{characters}` in it are the counts."""
        if not self.characters:
            return self.head
        said = statement.format(lines=self.lines, characters=self.characters)
        before = "" if self.head.endswith("\n") or not self.head else "\n"
        return f"{self.head}{before}{said}\n{self.tail}"


def cap(text: str, characters: int, *, lines: int | None = None) -> Capped:
    """At most about so many characters (and lines), half from each end; cut where a line ends if one ends near."""
    start, end = characters // 2, len(text) - (characters - characters // 2)
    if len(text) <= characters:
        start, end = len(text), 0
    if lines is not None:
        start = min(start, _after_lines(text, lines // 2))
        end = max(end, _before_lines(text, lines - lines // 2))
    if start >= end:
        return Capped(text)
    # A line's beginning is worth a tenth of what may be shown.
    near = max(1, characters // 10)
    newline = text.rfind("\n", max(0, start - near), start)
    if newline >= 0:
        start = newline + 1
    newline = text.find("\n", end - 1, end + near)
    if newline >= 0:
        end = newline + 1
    return Capped(text[:start], text[end:], text.count("\n", start, end), end - start)


def _after_lines(text: str, count: int) -> int:
    at = 0
    for _ in range(count):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at


def _before_lines(text: str, count: int) -> int:
    if not count:
        return len(text)
    at = len(text) - text.endswith("\n")
    for _ in range(count):
        at = text.rfind("\n", 0, at)
        if at < 0:
            return 0
    return at + 1
