"""What concerns the rules of a lesson, out of markdown-it's tokens: step headings, fences and task lists, each with its lines.

Prose is never rebuilt from tokens; it stays text of the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_TASK = re.compile(r"\[([ xX])\](?:\s|$)")
_ITEM = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])\s+\[[ xX]\]\s?")


@dataclass(frozen=True, slots=True)
class Heading:
    """A `## ` heading."""

    text: str
    start: int
    """0-based line."""


@dataclass(frozen=True, slots=True)
class FenceBlock:
    """Any fence."""

    info: str
    content: str
    start: int
    end: int
    """0-based line after the block."""
    nested: bool
    """In a list or a quotation."""
    closed: bool


@dataclass(frozen=True, slots=True)
class TaskList:
    """A list with at least one `[ ]`."""

    items: tuple[str, ...]
    start: int
    end: int
    wrong: tuple[int, ...] = ()
    """0-based lines of items that are no unticked task."""


Block = Heading | FenceBlock | TaskList


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable("table")
    # Only where blocks begin and end is asked, so inline text is not parsed: that is most of the time.
    markdown.core.ruler.enableOnly(["normalize", "block"])
    return markdown


def blocks(lines: Sequence[str], first: int) -> list[Block]:
    """The blocks of the text from line `first` (0-based) on; their line numbers are those of all the text."""
    tokens = _markdown().parse("\n" * first + "\n".join(lines[first:]))
    found: list[Block] = []
    for index, token in enumerate(tokens):
        if token.map is None:
            continue
        start, end = token.map
        if token.type == "fence":
            found.append(
                FenceBlock(token.info.strip(), token.content, start, end, token.level > 0, _is_closed(lines, token))
            )
        elif token.type == "heading_open" and token.level == 0 and token.markup == "##":
            found.append(Heading(tokens[index + 1].content, start))
        elif token.type in {"bullet_list_open", "ordered_list_open"} and token.level == 0:
            tasks = _task_list(lines, tokens, index)
            if tasks:
                found.append(tasks)
    return found


def _is_closed(lines: Sequence[str], token: Token) -> bool:
    start, end = token.map or (0, 0)
    last = lines[min(end, len(lines)) - 1].strip(" \t>") if end - start > 1 else ""
    return len(last) >= len(token.markup) and not last.strip(token.markup[0])


def _task_list(lines: Sequence[str], tokens: list[Token], opening: int) -> TaskList | None:
    level = tokens[opening].level
    items: list[str] = []
    wrong: list[int] = []
    is_task = False
    for index in range(opening + 1, len(tokens)):
        token = tokens[index]
        if token.level == level and token.nesting == -1:
            break
        if token.type != "list_item_open" or token.level != level + 1 or token.map is None:
            continue
        start, end = token.map
        mark = next(
            (_TASK.match(inner.content) for inner in tokens[index + 1 : index + 3] if inner.type == "inline"), None
        )
        is_task = is_task or mark is not None
        if mark is None or mark[1] != " ":
            wrong.append(start)
        items.append(_item(lines[start:end]))
    start, end = tokens[opening].map or (0, 0)
    return TaskList(tuple(items), start, end, tuple(wrong)) if is_task else None


def _item(lines: Sequence[str]) -> str:
    """Markdown of an item without its marker and without the indentation that belongs to the list."""
    mark = _ITEM.match(lines[0])
    width = len(lines[0]) - len(lines[0].lstrip()) + 2
    rest = [line[min(width, len(line) - len(line.lstrip(" "))) :] for line in lines[1:]]
    return "\n".join([lines[0][mark.end() if mark else 0 :], *rest]).strip()
