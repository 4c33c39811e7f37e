"""Output of the learner's code as lines of spans: clean, in its own colours, and capped. Pure; the screen polls, this never waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tutor.i18n import Words
from tutor.runtime.base import Cleared, Late, Output, Raised, Rich, Text
from tutor.session.scribe import restored
from tutor.text.plain import strip
from tutor.text.style import PLAIN, Color, Style
from tutor.text.terminal import Line, Terminal
from tutor.ui.blocks import Block, BlockKind, Span, text

HELD_LINES = 2_000
"""Newest lines that are held; the whole output is in the session's log."""
FIRST_LINES, LAST_LINES = 12, 20
"""Of a finished output that are shown until the learner asks for all."""
LIVE_LINES = 12
"""Newest lines that are shown while the code runs."""
ANSI = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
LEVELS = (0, 95, 135, 175, 215, 255)

SpanLine = tuple[Span, ...]


class OutputLines:
    """Takes outputs in order and holds their newest lines."""

    def __init__(self, limit: int | None = HELD_LINES) -> None:
        """Args: `limit`: lines; None for an output whose size is bounded already."""
        self._lines: deque[SpanLine] = deque(maxlen=limit)
        self._count = 0
        self._terminal = Terminal()
        self._stream = ""
        self._clear_next = False

    def feed(self, outputs: Iterable[Output]) -> None:
        """Take what came since the last call."""
        for output in outputs:
            self._take(output)

    @property
    def lines(self) -> list[SpanLine]:
        """The newest lines, with those that may still change."""
        return [*self._lines, *(spans_of(line, self._role) for line in self._terminal.open)]

    @property
    def dropped(self) -> int:
        """Lines that were held once and are no more."""
        return self._count - len(self._lines)

    @property
    def _role(self) -> str:
        return "stderr" if self._stream == "stderr" else ""

    def _take(self, output: Output) -> None:
        if self._clear_next:
            self.clear()
        match output:
            case Text(stream, body) | Late(_, stream, body):
                if stream != self._stream:
                    self._settle()
                    self._stream = stream
                self._add(spans_of(line, self._role) for line in self._terminal.feed(body))
            case Rich(data):
                self._settle()
                self._add(_rich(data))
            case Raised(kind, message, traceback):
                self._settle()
                self._add(_raised(kind, message, traceback))
            case Cleared(wait):
                self._clear_next = wait
                if not wait:
                    self.clear()

    def clear(self) -> None:
        """Begin with nothing."""
        self._lines.clear()
        self._terminal = Terminal()
        self._count = 0
        self._clear_next = False

    def _settle(self) -> None:
        self._add(spans_of(line, self._role) for line in self._terminal.close())
        self._stream = ""

    def _add(self, lines: Iterable[SpanLine]) -> None:
        for line in lines:
            self._lines.append(line)
            self._count += 1


def spans_of(line: Line, role: str) -> SpanLine:
    """A line of a terminal; the role is that of text without a colour of its own."""
    return tuple((run.text, role if run.style == PLAIN else style_name(run.style)) for run in line)


def style_name(style: Style) -> str:
    """The style as Textual writes it."""
    parts = [name for name in ("bold", "dim", "italic", "underline", "strike", "reverse") if getattr(style, name)]
    if style.foreground is not None:
        parts.append(_color(style.foreground))
    if style.background is not None:
        parts.append(f"on {_color(style.background)}")
    return " ".join(parts)


def _color(color: Color) -> str:
    if isinstance(color, int):
        if color < 16:
            return f"ansi_{'bright_' if color > 7 else ''}{ANSI[color % 8]}"
        if color < 232:
            cube = color - 16
            color = (LEVELS[cube // 36], LEVELS[cube // 6 % 6], LEVELS[cube % 6])
        else:
            color = (8 + 10 * (color - 232),) * 3
    return "#{:02x}{:02x}{:02x}".format(*color)


def _terminal_lines(body: str, role: str = "") -> list[SpanLine]:
    terminal = Terminal()
    return [spans_of(line, role) for line in [*terminal.feed(body), *terminal.close()]]


def _rich(data: Mapping[str, Any]) -> list[SpanLine]:
    """The text of a value; a picture is named, since a terminal shows none."""
    picture = next((mime for mime in data if mime.startswith("image/")), "")
    lines = _terminal_lines(str(data.get("text/plain", ""))) if "text/plain" in data else []
    if picture:
        lines.append(((f"[{picture}]", "muted"),))
    return lines


def _raised(kind: str, message: str, traceback: Sequence[str]) -> list[SpanLine]:
    if traceback:
        lines = _terminal_lines("\n".join(traceback))
        # IPython rules a line across a screen of its own width.
        return [line for line in lines if not line or any(part.strip("-") for part, _ in line)]
    return _terminal_lines(f"{kind}: {message}", "error")


def output_blocks(data: Mapping[str, Any], words: Words, *, whole: bool = False) -> tuple[Block, ...]:
    """A finished output; of a long one the beginning and the end, unless the `whole` is asked for."""
    held = OutputLines(limit=None)
    first: list[SpanLine] = []
    missing = ""
    for item in data.get("outputs") or ():
        if item.get("kind") == "left_out":
            first, missing = held.lines, words("ui.characters_left_out", count=f"{int(item['characters']):,}")
            held.clear()
        elif (output := restored(item)) is not None:
            held.feed([output])
    last = held.lines
    if not missing and not whole and len(last) > FIRST_LINES + LAST_LINES + 1:
        missing = words("ui.lines_left_out", count=f"{len(last) - FIRST_LINES - LAST_LINES:,}")
        first, last = last[:FIRST_LINES], last[-LAST_LINES:]
    elif missing and not whole:
        first, last = first[:FIRST_LINES], last[-LAST_LINES:]
    seconds = float(data.get("seconds") or 0.0)
    right = words("ui.seconds", seconds=f"{seconds:.1f}") if seconds >= 0.05 else ""
    blocks = [literal(first or last, right)]
    if missing:
        file = str(data.get("file") or "")
        said = f"{missing} {words('ui.whole_in', file=strip(file))}" if file else missing
        blocks += [text(said, "muted", first="  ", rest="  ", gap=False), literal(last)]
    return tuple(blocks)


def live_blocks(held: OutputLines, words: Words) -> tuple[Block, ...]:
    """What a running program has printed last."""
    lines = held.lines
    hidden = held.dropped + max(len(lines) - LIVE_LINES, 0)
    blocks = [literal(lines[-LIVE_LINES:])]
    if hidden:
        blocks.insert(0, text(words("ui.lines_above", count=f"{hidden:,}"), "muted", first="  ", rest="  "))
    return tuple(blocks)


def literal(lines: Sequence[SpanLine], right: str = "") -> Block:
    """Lines as one block."""
    spans: list[Span] = []
    for number, line in enumerate(lines):
        if number:
            spans.append(("\n", ""))
        spans.extend(line)
    return Block(BlockKind.LITERAL, tuple(spans), "  ", "  ", gap=False, right=right, role="muted")
