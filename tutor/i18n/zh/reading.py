"""Words of reading and copying what was said."""

from __future__ import annotations

WORDS: dict[str, str] = {}
