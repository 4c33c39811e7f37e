"""Pygments by way of Textual's own `highlight`, with a theme of ours in theme variables. Loaded by `tutor.ui.code`, never at the start."""

from __future__ import annotations

from textual.content import Content
from textual.highlight import HighlightTheme, TokenType, highlight


class CodeTheme(HighlightTheme):
    """Pygments' token types are tuples of their names. Quiet: keywords, strings, numbers, comments and calls differ; names do not shout."""

    STYLES: dict[TokenType, str] = {
        ("Comment",): "$foreground-muted italic",
        ("Keyword",): "$text-accent",
        ("Keyword", "Constant"): "$text-warning",
        ("Literal", "Number"): "$text-warning",
        ("Literal", "String"): "$text-success",
        ("Name", "Builtin"): "$text-primary",
        ("Name", "Function"): "$text-primary",
        ("Name", "Class"): "$text-primary",
        ("Name", "Decorator"): "$text-secondary",
        ("Operator", "Word"): "$text-accent",
        ("Generic", "Deleted"): "$text-error",
        ("Generic", "Inserted"): "$text-success",
    }


def colour(code: str, language: str) -> Content:
    """The code with styles; `highlight` drops a last line break, which is put back."""
    content = highlight(code, language=language, theme=CodeTheme)
    return content if content.plain == code else Content(code, spans=[s for s in content.spans if s.end <= len(code)])
