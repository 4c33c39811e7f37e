"""From outputs to all their lines, nothing folded and nothing left out: for the pager. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from tutor.runtime.base import Cleared, Late, Output, Raised, Rich, Text
from tutor.text.plain import strip
from tutor.text.terminal import Terminal
from tutor.ui.output import SpanLine, spans_of


class Reel:
    """The state between two outputs: a terminal, and what is printed there now."""

    def __init__(self) -> None:
        self._terminal = Terminal()
        self._stream = ""
        self._clears_next = False

    def fork(self) -> Reel:
        """Another one in the same state."""
        other = Reel()
        other._terminal = self._terminal.fork()
        other._stream, other._clears_next = self._stream, self._clears_next
        return other

    def clears(self, output: Output) -> bool:
        """Whether what was printed so far goes away before this output is taken; asked once for each output, in order."""
        is_now = self._clears_next or (isinstance(output, Cleared) and not output.wait)
        self._clears_next = isinstance(output, Cleared) and output.wait
        if is_now:
            self._terminal, self._stream = Terminal(), ""
        return is_now

    def take(self, output: Output) -> list[SpanLine]:
        """The lines that are closed by an output."""
        match output:
            case Text(stream, text) | Late(_, stream, text):
                before = self._settled() if stream != self._stream else []
                self._stream = stream
                return [*before, *(spans_of(line, self._role) for line in self._terminal.feed(text))]
            case Rich(data):
                return [*self._settled(), *rich_lines(data)]
            case Raised(kind, message, traceback):
                return [*self._settled(), *printed("\n".join(traceback) if traceback else f"{kind}: {message}")]
            case Cleared():
                return []
            case _:
                assert_never(output)

    def count(self, output: Output) -> int:
        """How many lines are closed by an output; for text faster than to make them."""
        if not isinstance(output, Text):
            return len(self.take(output))
        before = len(self._settled()) if output.stream != self._stream else 0
        self._stream = output.stream
        return before + self._terminal.skim(output.text)

    @property
    def open(self) -> list[SpanLine]:
        """The lines that may still change."""
        return [spans_of(line, self._role) for line in self._terminal.open]

    @property
    def size(self) -> int:
        """Characters of these."""
        return sum(len(run.text) for line in self._terminal.open for run in line)

    @property
    def _role(self) -> str:
        return "stderr" if self._stream == "stderr" else ""

    def _settled(self) -> list[SpanLine]:
        """What stands open when something else than more of the same stream comes."""
        lines = [spans_of(line, self._role) for line in self._terminal.close()]
        self._stream = ""
        return lines


def printed(text: str, role: str = "") -> list[SpanLine]:
    """Text that is whole, as it would look in a terminal."""
    terminal = Terminal()
    return [spans_of(line, role) for line in [*terminal.feed(text), *terminal.close()]]


def rich_lines(data: Mapping[str, Any]) -> list[SpanLine]:
    """A value in words; a picture is named."""
    lines = printed(str(data["text/plain"])) if "text/plain" in data else []
    return lines + [((f"[{strip(mime)}]", "muted"),) for mime in data if mime.startswith("image/")]
