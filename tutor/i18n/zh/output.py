"""Words of what shows output: figures, curves, the pager."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "output.line": "第 {line} 行",
    "output.line_in": "第 {line} 行，在 {place} 中",
    "output.earlier_line": "之前运行的代码，第 {line} 行",
    "output.earlier_line_in": "之前运行的代码，第 {line} 行，在 {place} 中",
    "output.frame_inside": "… {where} 内部还有 1 层调用",
    "output.frames_inside": "… {where} 内部还有 {count} 层调用",
    "output.more_calls": "… 还有 {count} 层同样的调用",
    "output.more_lines": "… 还有 {count} 行",
    "output.key_shows_all": "{said} · 按 p 看全部",
    "output.caused_by": "起因：{error}",
    "output.while_handling": "当时正在处理：{error}",
}
