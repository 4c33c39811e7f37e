"""What is said about receipts."""

from __future__ import annotations

WORDS: dict[str, str] = {}
