"""How many cells text takes in a terminal.

Where terminals differ (joined emoji, variation selectors) the larger number is taken, so that nothing runs out of its column.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_VARIATION_16 = "\ufe0f"


@lru_cache(maxsize=4096)
def character_width(character: str) -> int:
    """Cells of one character: 0, 1 or 2."""
    if " " <= character <= "~":
        return 1
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf", "Cc") and character != "\u00ad":
        return 0
    # Vowels and finals that join to the Hangul letter before them.
    if "\u1160" <= character <= "\u11ff":
        return 0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 2
    # Emoji younger than this Python's tables.
    return 2 if category == "Cn" and "\U0001f000" <= character <= "\U0001faff" else 1


def cells(text: str) -> int:
    """Cells of the text, which should be clean."""
    if text.isascii():
        return len(text)
    return sum(map(character_width, text)) + text.count(_VARIATION_16)


def truncate(text: str, limit: int, ellipsis: str = "…") -> str:
    """The text in at most `limit` cells; what is cut off is shown by the ellipsis. No character is cut from its marks."""
    if cells(text) <= limit:
        return text
    room = limit - cells(ellipsis)
    if room < 0:
        return ""
    used = kept = start = 0
    for start, end in _clusters(text):
        used += cells(text[start:end])
        if used > room:
            break
        kept = end
    return text[:kept] + ellipsis


def pad(text: str, width: int) -> str:
    """The text in exactly `width` cells, cut off or filled with spaces."""
    text = truncate(text, width)
    return text + " " * (width - cells(text))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Where characters begin and end, each with the marks, selectors and joined characters that belong to it."""
    found: list[tuple[int, int]] = []
    joined = False
    for at, character in enumerate(text):
        if found and (joined or character_width(character) == 0):
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
        joined = character == "\u200d"
    return found
