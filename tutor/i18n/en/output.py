"""Words of what shows output: figures, curves, the pager."""

from __future__ import annotations

WORDS: dict[str, str] = {}
