"""What was expected and what was seen, with the part marked in which they differ. Pure."""

from __future__ import annotations

from itertools import takewhile

from tutor.ui.blocks import Span

ALIKE = "code"
DIFFERS = "code strong underline"
"""Underlined, so that a space can be seen, and so that no colour is needed."""
LEAST_ALIKE = 1 / 2
"""Share of the longer text that both have in common at the ends; with less they simply differ."""


def marked(expected: str, seen: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Both as spans. Only in texts of one line that begin and end alike a part is worth marking."""
    if "\n" in expected + seen or expected == seen:
        return ((expected, ALIKE),), ((seen, ALIKE),)
    before = _alike(expected, seen)
    after = _alike(expected[before:][::-1], seen[before:][::-1])
    if before + after < LEAST_ALIKE * max(len(expected), len(seen)):
        return ((expected, ALIKE),), ((seen, ALIKE),)
    return _spans(expected, before, after), _spans(seen, before, after)


def _alike(one: str, other: str) -> int:
    """How many characters they have in common at the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _spans(text: str, before: int, after: int) -> tuple[Span, ...]:
    end = len(text) - after
    parts = ((text[:before], ALIKE), (text[before:end], DIFFERS), (text[end:], ALIKE))
    return tuple((body, role) for body, role in parts if body)
