"""Code with its syntax coloured, by Pygments, which is imported only after the first paint."""

from __future__ import annotations

import importlib
import sys
from functools import lru_cache

from textual.content import Content

LANGUAGES = frozenset({"python", "bash", "toml", "json", "yaml", "text", "console", "ini", "diff"})
ALIASES = {"py": "python", "sh": "bash", "shell": "bash", "py3": "python", "yml": "yaml"}


def load() -> None:
    """Import the highlighter: some 40 ms that the first paint does not wait for. Before this, code is shown without colours."""
    importlib.import_module("tutor.ui.highlighter")


def highlighted(code: str, language: str) -> Content:
    """The code as content; its text is unchanged, so that it takes the same room with and without colours."""
    name = ALIASES.get(language, language)
    if name not in LANGUAGES or "tutor.ui.highlighter" not in sys.modules:
        return Content(code)
    return _coloured(code, name)


@lru_cache(maxsize=256)
def _coloured(code: str, language: str) -> Content:
    content: Content = sys.modules["tutor.ui.highlighter"].colour(code, language)
    return content
