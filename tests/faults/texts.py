"""What people reported in public: texts of each fault, and texts of none, which the rules are held against."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FAULTS = HERE / "texts"
UNRELATED = HERE / "unrelated"

_KEYS = {"source", "setting", "also", "text"}


class BadTextError(Exception):
    """A file of texts is not as the others; says which one, and where."""


@dataclass(frozen=True)
class Text:
    """A few lines as they were seen, and what they show."""

    source: str
    """Where it was publicly reported."""
    setting: str
    """The system and versions, as far as known."""
    also: tuple[str, ...]
    """Other codes of which this text has the signs too."""
    text: str
    code: str
    """The fault; empty where it is none."""
    name: str
    """File and place in it, as tests name it."""

    @property
    def codes(self) -> frozenset[str]:
        """Every fault that may be found in it."""
        return frozenset((self.code, *self.also)) - {""}


@cache
def fault_texts(folder: Path = FAULTS) -> tuple[Text, ...]:
    """The texts of all codes; a file's name is its code."""
    return tuple(
        _text(entry, code=path.stem, name=f"{path.stem}-{number}")
        for path in sorted(folder.glob("*.toml"))
        for number, entry in enumerate(_entries(path), 1)
    )


@cache
def unrelated_texts(folder: Path = UNRELATED) -> tuple[Text, ...]:
    """Texts that show no fault, one a file."""
    return tuple(_text(_read(path), code="", name=f"unrelated-{path.stem}") for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadTextError(f"{path.name}: {error}") from error


def _entries(path: Path) -> list[dict[str, Any]]:
    entries = _read(path).get("text")
    if not isinstance(entries, list) or not entries:
        raise BadTextError(f"{path.name}: no [[text]] in it")
    return entries


def _text(entry: dict[str, Any], *, code: str, name: str) -> Text:
    strange = sorted(entry.keys() - _KEYS)
    if strange:
        raise BadTextError(f"{name}: unknown {', '.join(strange)}")
    source, text = entry.get("source", ""), entry.get("text", "")
    if not isinstance(source, str) or not source.strip():
        raise BadTextError(f"{name}: has no source")
    if not isinstance(text, str) or not text.strip():
        raise BadTextError(f"{name}: has no text")
    return Text(source, entry.get("setting", ""), tuple(entry.get("also", ())), text, code, name)
