"""Pygments by way of Textual's own `highlight`, with a theme of ours in theme variables. Loaded by `tutor.ui.code`, never at the start."""

from __future__ import annotations

from pygments.token import Token
from textual.content import Content
from textual.highlight import HighlightTheme, TokenType, highlight


class CodeTheme(HighlightTheme):
    """Quiet: keywords, strings, numbers, comments and calls differ; names do not shout."""

    STYLES: dict[TokenType, str] = {
        Token.Comment: "$foreground-muted italic",
        Token.Keyword: "$text-accent",
        Token.Keyword.Constant: "$text-warning",
        Token.Literal.Number: "$text-warning",
        Token.Literal.String: "$text-success",
        Token.Name.Builtin: "$text-primary",
        Token.Name.Function: "$text-primary",
        Token.Name.Class: "$text-primary",
        Token.Name.Decorator: "$text-secondary",
        Token.Operator.Word: "$text-accent",
    }


def colour(code: str, language: str) -> Content:
    """The code with styles; `highlight` drops a last line break, which is put back."""
    content = highlight(code, language=language, theme=CodeTheme)
    return content if content.plain == code else Content(code, spans=[s for s in content.spans if s.end <= len(code)])
