"""Words of the page of settings."""

from __future__ import annotations

WORDS: dict[str, str] = {}
