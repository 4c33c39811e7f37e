"""Links and pictures of a lesson's prose that name files: they stay inside the lesson's folder, and the files exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tutor.lesson.rules import Report, Rule, shown

_ELSEWHERE = re.compile(r"(?!file:)[a-zA-Z][a-zA-Z0-9+.-]*:|//|#")
_HTML_LINK = re.compile(r"""\b(?:src|href)\s*=\s*["']([^"'\n]*)["']""")


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def links(text: str, first: int) -> Iterator[tuple[str, int]]:
    """Every link and picture outside fences with its line, if the text begins at line `first`."""
    for token in _markdown().parse(text):
        line = first + (token.map[0] if token.map else 0)
        if token.type == "html_block":
            yield from ((link, line) for link in _HTML_LINK.findall(token.content))
        for inner in token.children or []:
            yield from ((link, line) for link in _inline(inner))
            line += inner.type in {"softbreak", "hardbreak"}


def _inline(token: Token) -> list[str]:
    if token.type == "html_inline":
        return _HTML_LINK.findall(token.content)
    link = token.attrs.get("href" if token.type == "link_open" else "src")
    return [str(link)] if link else []


def check_links(text: str, first: int, folder: Path, report: Report) -> None:
    """Report links that leave the folder, and files that are not there."""
    for link, line in links(text, first):
        if _ELSEWHERE.match(link):
            continue
        path = unquote(re.split("[?#]", link, maxsplit=1)[0])
        try:
            target = (folder / path).resolve()
            if link.startswith("file:") or not target.is_relative_to(folder.resolve()):
                report.add(Rule.LINK_INSIDE, line, shown(link))
            elif not target.exists():
                report.add(Rule.LINK_FILE, line, shown(link))
        except (OSError, ValueError):
            report.add(Rule.LINK_FILE, line, shown(link))
