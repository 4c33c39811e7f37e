"""Words of what shows output: figures, curves, the pager."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "output.line": "line {line}",
    "output.line_in": "line {line}, in {place}",
    "output.earlier_line": "line {line} of code that ran earlier",
    "output.earlier_line_in": "line {line} of code that ran earlier, in {place}",
    "output.frame_inside": "… 1 frame inside {where}",
    "output.frames_inside": "… {count} frames inside {where}",
    "output.more_calls": "… the same call again, {count} ×",
    "output.more_lines": "… {count} more lines",
    "output.key_shows_all": "{said} · p shows all",
    "output.caused_by": "caused by {error}",
    "output.while_handling": "while handling {error}",
}
