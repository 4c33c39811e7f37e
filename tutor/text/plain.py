"""Text as it can be printed, logged or put into JSON: no control sequence, no invisible character, tabs and newlines kept.

A carriage return becomes a newline (together with a newline after it, one): nothing that was printed is lost, and nothing can be painted
over. Who wants the last state of a progress bar uses `terminal`, and a program that wants to know just what was printed asks for it.
"""

from __future__ import annotations

from tutor.text.escapes import Kind, Lexer, is_clean, is_surrogate

MOVEMENTS = "\r\b"
"""The controls beside tab and newline that are part of what programs print, such as progress bars."""


def strip(text: str) -> str:
    """The whole text, clean."""
    if is_clean(text):
        return text
    stripper = Stripper()
    return stripper.feed(text) + stripper.flush()


class Stripper:
    """For text that arrives in pieces, cut anywhere."""

    def __init__(self, *, keeps_movements: bool = False) -> None:
        """Args: `keeps_movements`: carriage returns and backspaces stay as they are."""
        self._keeps_movements = keeps_movements
        self._lexer = Lexer()
        self._after_return = False

    def feed(self, text: str) -> str:
        """What is clean and complete now."""
        parts = []
        for kind, piece in self._lexer.feed(text):
            if kind is Kind.TEXT:
                # The return before it has already become a newline.
                parts.append(piece[1:] if self._after_return and piece[0] == "\n" else piece)
                self._after_return = False
            elif kind is Kind.CONTROL:
                if self._keeps_movements and piece in MOVEMENTS:
                    parts.append(piece)
                elif piece == "\r":
                    parts.append("\n")
                    self._after_return = True
                elif is_surrogate(piece):
                    parts.append("\N{REPLACEMENT CHARACTER}")
                    self._after_return = False
        return "".join(parts)

    def flush(self) -> str:
        """The end: an unfinished sequence is dropped, and a new text may begin. Nothing that can be read is ever held back."""
        self.__init__(keeps_movements=self._keeps_movements)  # type: ignore[misc]
        return ""
