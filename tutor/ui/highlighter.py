"""Pygments by way of Textual's own `highlight`, with a theme of ours in theme variables. Loaded by `tutor.ui.code`, never at the start."""

from __future__ import annotations

from textual.content import Content
from textual.highlight import HighlightTheme, TokenType, highlight

ORDINARY = "$text"
"""The style that Textual lays under all code: a colour that depends on the ground, which the editor does not know."""


class CodeTheme(HighlightTheme):
    """Pygments' token types are tuples of their names. Quiet: keywords, strings, numbers, comments and calls differ; names do not shout."""

    STYLES: dict[TokenType, str] = {
        ("Comment",): "$role-syntax-comment",
        ("Keyword",): "$role-syntax-keyword",
        ("Keyword", "Constant"): "$role-syntax-number",
        ("Literal", "Number"): "$role-syntax-number",
        ("Literal", "String"): "$role-syntax-string",
        ("Name", "Builtin"): "$role-syntax-name",
        ("Name", "Function"): "$role-syntax-name",
        ("Name", "Class"): "$role-syntax-name",
        ("Name", "Decorator"): "$role-syntax-mark",
        ("Operator", "Word"): "$role-syntax-keyword",
        ("Generic", "Deleted"): "$role-removed",
        ("Generic", "Inserted"): "$role-added",
    }


def colour(code: str, language: str) -> Content:
    """The code with styles, and nothing for what has none; `highlight` drops a last line break, which is put back."""
    spans = highlight(code, language=language, theme=CodeTheme).spans
    return Content(code, spans=[span for span in spans if span.end <= len(code) and span.style != ORDINARY])
