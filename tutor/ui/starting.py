"""Where the work is in the code of a step: where the editor opens, and what typing replaces. Pure."""

from __future__ import annotations

import re

Place = tuple[int, int]
"""Line and column, from 0, as a text area has them."""

# A row of underscores that is no name, three dots alone on their line, or a word that says so in a comment.
_PLACEHOLDER = re.compile(
    r"(?<!\w)(?P<blank>_{3,})(?!\w)|^[ \t]*(?P<dots>\.\.\.|…)[ \t]*(?:#.*)?$|#[^\n]*?\bTODO\b[^\n]*", re.MULTILINE
)
_POINTED_AT = re.compile(r"^(?P<code>[^\n]*?\S)[ \t]*#[^\n#]*←[^\n]*$", re.MULTILINE)
_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|(?<![\w.])(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
    r"|[^\W\d]\w*"
)


def where_to_begin(code: str, error_line: int | None = None) -> tuple[Place, Place]:
    """Beginning and end of what is selected, equal where nothing is; the cursor stands at the end.

    Args:
        error_line: from 1, where the code raised when it ran.
    """
    lines = code.split("\n")
    if error_line is not None and 0 < error_line <= len(lines):
        end = len(lines[error_line - 1])
        return (error_line - 1, end), (error_line - 1, end)
    placeholder, pointed_at = _PLACEHOLDER.search(code), _pointed_at(code)
    if placeholder is not None and (pointed_at is None or placeholder.start() < pointed_at[0]):
        kind = placeholder.lastgroup
        span = placeholder.span(kind) if kind else (placeholder.end(), placeholder.end())
    elif pointed_at is not None:
        span = pointed_at
    else:
        span = (len(lines[0]), len(lines[0]))
    return _place(code, span[0]), _place(code, span[1])


def _pointed_at(code: str) -> tuple[int, int] | None:
    """The token that stands last before a comment with an arrow."""
    for line in _POINTED_AT.finditer(code):
        tokens = list(_TOKEN.finditer(code, *line.span("code")))
        if tokens:
            return tokens[-1].span()
    return None


def _place(code: str, offset: int) -> Place:
    line = code.count("\n", 0, offset)
    return line, offset - (code.rfind("\n", 0, offset) + 1)
