"""Words of the first questions of all."""

from __future__ import annotations

WORDS: dict[str, str] = {}
