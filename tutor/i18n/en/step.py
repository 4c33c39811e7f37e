"""Words of the step card, its editor and its verdict."""

from __future__ import annotations

WORDS: dict[str, str] = {}
