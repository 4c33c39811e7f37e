"""Which fixed text every match of a pattern has: to look for that first is many times faster than to try the pattern."""

from __future__ import annotations

import re
from functools import cache

SHORTEST = 3
"""Letters that make the look-up worth while; a Chinese character counts for two."""

_CLOSE = {"(": ")", "[": "]"}
_QUANTIFIER = re.compile(r"[*+?]\??|\{(\d*)(,?)(\d*)\}\??")
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>|(?P<none>\?[=!<])|(?!\?))")
_WORDS = re.compile(r"[A-Za-z_]{3,60}")
_PLAIN_ESCAPES = set(".^$*+?{}[]|()\\/'\"-: #=,<>`~!@%&")

Choice = tuple[str, ...]
"""At least one of these is in every match."""


def literals(pattern: str) -> Choice:
    """What to look for; empty if nothing long enough is certain."""
    found = _of_branches(pattern)
    return found if _worth(found) >= SHORTEST else ()


def _worth(choice: Choice) -> int:
    return min((len(one) + sum(letter > "\u2e7f" for letter in one) for one in choice), default=0)


def _of_branches(pattern: str) -> Choice:
    choices = [_of_branch(branch) for branch in _split(pattern)]
    return tuple(dict.fromkeys(one for choice in choices for one in choice)) if all(choices) else ()


def _split(pattern: str) -> list[str]:
    """At the bars that stand outside of all brackets."""
    parts, depth, begun, at = [], 0, 0, 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            at += 1
        elif letter == "[":
            at = _end_of_set(pattern, at)
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif letter == "|" and not depth:
            parts.append(pattern[begun:at])
            begun = at + 1
        at += 1
    return [*parts, pattern[begun:]]


def _of_branch(branch: str) -> Choice:
    """The best of what stands in a row: a run of plain characters, or a group."""
    best: Choice = ()
    run = ""
    at = 0
    while at < len(branch):
        atom, end = _atom(branch, at)
        quantifier = _QUANTIFIER.match(branch, end)
        if atom is not None and quantifier is None:
            run += atom
            at = end
            continue
        optional = quantifier is not None and _may_be_none(quantifier)
        if atom is not None and not optional:
            run += atom
        best = _better(best, (run,))
        run = ""
        if atom is None and not optional and branch[at] == "(":
            opening = _GROUP.match(branch, at)
            if opening and not opening["none"]:
                best = _better(best, _of_branches(branch[opening.end() : end - 1]))
        at = quantifier.end() if quantifier else end
    return _better(best, (run,))


def _better(one: Choice, other: Choice) -> Choice:
    return other if _rank(other) > _rank(one) else one


def _rank(choice: Choice) -> float:
    """Long is good, up to a point; many to look for is not."""
    worth = _worth(choice)
    return min(worth, 12) - 0.5 * len(choice) if worth >= SHORTEST else worth - 100


def _may_be_none(quantifier: re.Match[str]) -> bool:
    return quantifier[0][0] in "*?" or (quantifier[0][0] == "{" and quantifier[1] in ("", "0"))


def _atom(branch: str, at: int) -> tuple[str | None, int]:
    """The plain character that stands there, or None for anything else, and where it ends."""
    letter = branch[at]
    if letter == "\\":
        escaped = branch[at + 1]
        return (escaped if escaped in _PLAIN_ESCAPES else None), at + (
            6 if escaped == "u" else 4 if escaped == "x" else 2
        )
    if letter == "[":
        return None, _end_of_set(branch, at) + 1
    if letter == "(":
        return None, _end_of_group(branch, at) + 1
    return (None if letter in ".^$" else letter), at + 1


def _end_of_set(pattern: str, at: int) -> int:
    at += 2 if pattern.startswith("[^", at) else 1
    at += pattern.startswith("]", at)
    while pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at


def _end_of_group(pattern: str, at: int) -> int:
    depth = 0
    while True:
        letter = pattern[at]
        if letter == "\\":
            at += 1
        elif letter == "[":
            at = _end_of_set(pattern, at)
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if not depth:
                return at
        at += 1


@cache
def longest_word(literal: str) -> str:
    """The longest run of Latin letters in it, if it is long enough to be looked for."""
    return max(_WORDS.findall(literal), key=len, default="")
