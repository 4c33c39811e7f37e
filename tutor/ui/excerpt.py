"""The text of laid out lines as it was before it was laid out: without bars, edges and room, and with its own line breaks only. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from textual.selection import Selection

from tutor.ui.layout import Row


def excerpt(rows: Sequence[Row], selection: Selection) -> str:
    """What of these lines is selected."""
    first, last = selection.start, selection.end
    top = max(first.y, 0) if first is not None else 0
    bottom = min(last.y, len(rows) - 1) if last is not None else len(rows) - 1
    parts: list[str] = []
    for y in range(top, bottom + 1):
        row = rows[y]
        begin = max(first.x, row.start) if first is not None and y == first.y else row.start
        end = min(last.x, row.end) if last is not None and y == last.y else row.end
        parts += [row.glue if parts else "", row.content.plain[begin:end]]
    return "".join(parts)
