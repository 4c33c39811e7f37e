"""The first screen as plain JSON: what the last sitting left, so that the first paint needs no store, no parser and no kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.ui.blocks import Block, BlockKind, from_json, to_json

FORMAT = 1
MAX_ROWS = 60
"""Of the lesson list; more fit on no screen."""
MAX_LINES = 90
"""About as many lines of the transcript, counted generously, as the tallest usual screen shows."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it was drawn."""

    entry_id: int
    kind: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """All that is drawn before anything else is known."""

    language: str
    lesson_id: str
    rows: tuple[tuple[str, str, str, str, str, str, bool], ...] = ()
    """Fields of `lesson_list.Row`."""
    said: tuple[Said, ...] = ()
    code: tuple[str, str, str, str] | None = None
    """Code, language, title and subtitle of the panel."""
    chips: tuple[tuple[str, str, bool], ...] = ()
    """Key, label, suggested."""
    status: str = ""


def newest(said: Sequence[Said]) -> tuple[Said, ...]:
    """The last messages that a screen may show."""
    lines = 0
    kept: list[Said] = []
    for message in reversed(said):
        kept.append(message)
        lines += sum(_lines(block) for block in message.blocks)
        if lines > MAX_LINES:
            break
    return tuple(reversed(kept))


def _lines(block: Block) -> int:
    drawn = 8 if block.kind in (BlockKind.CHART, BlockKind.FIGURE) else 0
    return 2 + block.plain.count("\n") + len(block.plain) // 60 + len(block.rows) + drawn


def to_snapshot(screen: FirstScreen) -> dict[str, Any]:
    """As JSON."""
    return {
        "format": FORMAT,
        "language": screen.language,
        "lesson": screen.lesson_id,
        "rows": [list(row) for row in screen.rows[:MAX_ROWS]],
        "said": [[said.entry_id, said.kind, to_json(said.blocks)] for said in newest(screen.said)],
        "code": list(screen.code) if screen.code else None,
        "chips": [list(chip) for chip in screen.chips],
        "status": screen.status,
    }


def from_snapshot(value: Mapping[str, Any] | None) -> FirstScreen | None:
    """The inverse; None for anything that this version did not write, since the file may be older, newer or damaged."""
    if not value or value.get("format") != FORMAT:
        return None
    try:
        code = value["code"]
        return FirstScreen(
            str(value["language"]),
            str(value["lesson"]),
            tuple((str(a), str(b), str(c), str(d), str(e), str(f), bool(g)) for a, b, c, d, e, f, g in value["rows"]),
            tuple(Said(int(entry), str(kind), from_json(blocks)) for entry, kind, blocks in value["said"]),
            (str(code[0]), str(code[1]), str(code[2]), str(code[3])) if code else None,
            tuple((str(key), str(label), bool(lit)) for key, label, lit in value["chips"]),
            str(value["status"]),
        )
    except (KeyError, TypeError, ValueError, IndexError):
        return None
