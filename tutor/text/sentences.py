"""Sentences that were made apart and are shown in a row. Pure."""

from __future__ import annotations

import unicodedata

WIDE = frozenset("WF")
"""Of East Asian widths: characters that bring their own room, as a Chinese full stop does."""


def in_a_row(*sentences: str) -> str:
    """One after another, without the empty ones."""
    row = ""
    for sentence in filter(None, sentences):
        row += room_after(row) + sentence
    return row


def room_after(text: str, room: str = " ") -> str:
    """What stands between the text and a sentence that follows it: nothing after a full-width mark."""
    return room if text and unicodedata.east_asian_width(text[-1]) not in WIDE else ""
