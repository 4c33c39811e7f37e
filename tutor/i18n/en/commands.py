"""What the room `commands` says."""

from __future__ import annotations

WORDS: dict[str, str] = {}
