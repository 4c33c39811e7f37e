"""What the room `ui` says."""

from __future__ import annotations

WORDS: dict[str, str] = {}
