"""What the room `session` says."""

from __future__ import annotations

WORDS: dict[str, str] = {}
