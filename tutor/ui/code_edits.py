"""Changes to whole lines of code: further in, further out, in and out of comments. Pure."""

from __future__ import annotations

from collections.abc import Sequence

INDENT = "    "
COMMENT = "# "


def indented(lines: Sequence[str]) -> list[str]:
    """Each line one step further in; empty ones stay empty."""
    return [INDENT + line if line.strip() else line for line in lines]


def dedented(lines: Sequence[str]) -> list[str]:
    """Each line up to one step further out."""
    return [line[min(len(INDENT), len(line) - len(line.lstrip(" "))) :].removeprefix("\t") for line in lines]


def commented(lines: Sequence[str]) -> list[str]:
    """Lines as a comment; if all of them are one already, as code again."""
    filled = [line for line in lines if line.strip()]
    if all(line.lstrip().startswith("#") for line in filled):
        return [_uncommented(line) for line in lines]
    column = min(len(line) - len(line.lstrip()) for line in filled)
    return [line[:column] + COMMENT + line[column:] if line.strip() else line for line in lines]


def _uncommented(line: str) -> str:
    inner = line.lstrip()
    before = line[: len(line) - len(inner)]
    return before + inner.removeprefix(COMMENT) if inner.startswith(COMMENT) else before + inner.removeprefix("#")
