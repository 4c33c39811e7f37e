"""Words of the page of lessons, open steps and where to go on."""

from __future__ import annotations

WORDS: dict[str, str] = {}
