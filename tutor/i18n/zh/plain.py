"""Words of the conversation without a screen."""

from __future__ import annotations

WORDS: dict[str, str] = {}
