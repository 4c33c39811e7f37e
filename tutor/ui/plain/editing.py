"""Changing code by line numbers, as nothing more is needed where there is no screen. Pure."""

from __future__ import annotations

import re

CHANGE = re.compile(r"(?P<sign>[+-]?)\s*(?P<number>\d+)\s*(?:[:：] ?(?P<text>.*))?")


def changed(code: str, order: str) -> str | None:
    """The code after `3: text` (line 3 is now that), `+3: text` (a line behind line 3) or `-3` (line 3 goes); None if it is no such order."""
    lines = code.rstrip("\n").split("\n")
    match = CHANGE.fullmatch(order.strip())
    if match is None:
        return None
    sign, number, text = match["sign"], int(match["number"]), match["text"]
    if not (0 if sign == "+" else 1) <= number <= len(lines) or (text is None) is not (sign == "-"):
        return None
    match sign:
        case "+":
            lines.insert(number, text)
        case "-":
            del lines[number - 1]
        case _:
            lines[number - 1] = _as_deep(lines[number - 1], text)
    return "\n".join(lines)


def _as_deep(before: str, text: str) -> str:
    """A line typed without its indentation gets that of the line it replaces; spoken blanks are hard to count."""
    depth = len(before) - len(before.lstrip())
    return text if text[:1] in (" ", "\t", "") else before[:depth] + text
