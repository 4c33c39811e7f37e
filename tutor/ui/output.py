"""Output of the learner's code as lines of spans: clean, in its own colours, and capped. Pure; the screen polls, this never waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tutor.i18n import Words
from tutor.runtime.base import Cleared, Late, Output, Raised, Rich, Text
from tutor.session.scribe import restored
from tutor.text.style import PLAIN, Color, Style
from tutor.text.terminal import Line, Terminal
from tutor.ui.blocks import Block, BlockKind, Span, text
from tutor.ui.figures.shown import MOST, Shown, is_display, shown_blocks
from tutor.ui.tracebacks import folded

HELD_LINES = 2_000
"""Newest lines that are held; the whole output is in the session's log."""
FIRST_LINES, LAST_LINES = 12, 20
"""Of a finished output that are shown until the learner asks for all."""
LIVE_LINES = 12
"""Newest lines that are shown while the code runs."""
LIVE_LINES_BELOW = 4
"""The same below a display, such as the curve of a training, so that both are in sight on a small screen. Below a curve it stays so when
the code has ended: what the learner looks at does not move away.
"""
LINE_SHOWN, LIVE_LINE_SHOWN = 2_000, 400
"""Characters of a line that are shown in the conversation; it would fill the screen, and push away what is read."""
ANSI = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
LEVELS = (0, 95, 135, 175, 215, 255)

SpanLine = tuple[Span, ...]
Item = SpanLine | Shown
"""A line, or a display among the lines."""


class OutputLines:
    """Takes outputs in order and holds their newest lines."""

    def __init__(self, words: Words | None, limit: int | None = HELD_LINES) -> None:
        """Args: `words`: errors are folded in their language; None: errors stay whole; `limit`: lines; None for an output whose size
        is bounded already.
        """
        self._words = words
        self._lines: deque[Item] = deque(maxlen=limit)
        self._above: list[Shown] = []
        """Displays whose place among the lines is held no more."""
        self._displays: dict[str, Shown] = {}
        self._count = 0
        self._terminal = Terminal()
        self._stream = ""
        self._clear_next = False

    def feed(self, outputs: Iterable[Output]) -> None:
        """Take what came since the last call."""
        for output in outputs:
            self._take(output)

    @property
    def lines(self) -> list[Item]:
        """The newest lines and displays, with those that may still change."""
        return [*self._above, *self._lines, *(spans_of(line, self._role) for line in self._terminal.open)]

    @property
    def dropped(self) -> int:
        """Lines that were held once and are no more."""
        return self._count - len(self._lines) - len(self._above)

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
                if is_display(output):
                    self._show(output)
                else:
                    self._add(_rich(data))
            case Raised(kind, message, traceback):
                self._settle()
                if self._words is None:
                    self._add(_terminal_lines("\n".join(traceback) if traceback else f"{kind}: {message}"))
                else:
                    self._add(folded(kind, message, traceback, self._words))
            case Cleared(wait):
                self._clear_next = wait
                if not wait:
                    self.clear()

    def clear(self) -> None:
        """Begin with nothing."""
        self._lines.clear()
        self._above.clear()
        self._displays.clear()
        self._terminal = Terminal()
        self._count = 0
        self._clear_next = False

    def skip(self) -> None:
        """Forget the lines; displays stay, since what they show next may only be said as a change."""
        for item in self._lines:
            self._keep_above(item)
        self._lines.clear()
        self._terminal = Terminal()

    def _keep_above(self, item: Item) -> None:
        """What goes away from the lines, unless it is a display: those stay above them, the newest ones."""
        if not isinstance(item, Shown):
            return
        self._above.append(item)
        if len(self._above) > MOST:
            gone = self._above.pop(0)
            self._displays = {name: shown for name, shown in self._displays.items() if shown is not gone}

    def _show(self, output: Rich) -> None:
        """Put a display behind the lines, or the newest state of one where it stands."""
        shown = self._displays.get(output.display_id or "")
        if shown is not None:
            shown.data = output.data
            return
        shown = Shown(output.data)
        self._add([shown])
        if output.display_id is not None:
            self._displays[output.display_id] = shown

    def _settle(self) -> None:
        self._add(spans_of(line, self._role) for line in self._terminal.close())
        self._stream = ""

    def _add(self, lines: Iterable[Item]) -> None:
        for line in lines:
            if len(self._lines) == self._lines.maxlen:
                self._keep_above(self._lines[0])
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


def _terminal_lines(body: str) -> list[SpanLine]:
    terminal = Terminal()
    return [spans_of(line, "") for line in [*terminal.feed(body), *terminal.close()]]


def _rich(data: Mapping[str, Any]) -> list[SpanLine]:
    """The text of a value."""
    return _terminal_lines(str(data["text/plain"])) if "text/plain" in data else []


def output_blocks(data: Mapping[str, Any], words: Words, *, whole: bool = False) -> tuple[Block, ...]:
    """A finished output; of a long one the beginning and the end, unless the `whole` is asked for."""
    held = OutputLines(None if whole else words, limit=None)
    first: list[Item] = []
    between: list[Item] = []
    missing = ""
    for item in data.get("outputs") or ():
        if item.get("kind") == "left_out":
            first, missing = held.lines, words("output.characters_between", count=f"{int(item['characters']):,}")
            held.clear()
        elif (output := restored(item)) is not None:
            held.feed([output])
    last = held.lines
    has_curve = any(isinstance(item, Shown) and item.is_live for item in (*first, *last))
    most_first, most_last = (1, LIVE_LINES_BELOW) if has_curve else (FIRST_LINES, LAST_LINES)
    if not missing and not whole and len(last) > most_first + most_last + 1:
        first, between, last = last[:most_first], last[most_first:-most_last], last[-most_last:]
        hidden = sum(not isinstance(item, Shown) for item in between)
        missing = words("output.lines_between", count=f"{hidden:,}")
    elif missing and not whole:
        between = [*first[most_first:], *last[:-most_last]]
        first, last = first[:most_first], last[-most_last:]
    between = [item for item in between if isinstance(item, Shown)]
    seconds = float(data.get("seconds") or 0.0)
    right = words("ui.seconds", seconds=f"{seconds:.1f}") if seconds >= 0.05 else ""
    if not missing:
        return tuple(_blocks(last, words, right))
    left_out = text(missing, "muted", first="  ", rest="  ", gap=False)
    return (*_blocks(first, words, right), left_out, *_blocks([*between, *last], words))


def live_blocks(held: OutputLines, words: Words, printed: int = 0) -> tuple[Block, ...]:
    """What a running program has printed last. Args: `printed`: lines in all, if more than were ever held."""
    lines = held.lines
    most = LIVE_LINES_BELOW if any(isinstance(line, Shown) for line in lines) else LIVE_LINES
    above = [line for line in lines[:-most] if isinstance(line, Shown)]
    newest = lines[-most:]
    hidden = max(held.dropped + len(lines), printed) - len(newest) - len(above)
    blocks = _blocks([*above, *newest], words, is_over=False)
    if hidden > 0:
        blocks.insert(0, text(words("output.lines_above", count=f"{hidden:,}"), "muted", first="  ", rest="  "))
    return tuple(blocks)


def _blocks(items: Sequence[Item], words: Words, right: str = "", *, is_over: bool = True) -> list[Block]:
    """Lines as blocks of text, and between them the displays."""
    displays = [item for item in items if isinstance(item, Shown)]
    drawn = iter(shown_blocks(displays, words, is_over=is_over))
    blocks: list[Block] = []
    lines: list[SpanLine] = []
    for item in items:
        if not isinstance(item, Shown):
            lines.append(_capped(item, LINE_SHOWN if is_over else LIVE_LINE_SHOWN))
        elif made := next(drawn):
            blocks += [*([literal(lines)] if lines else []), *made]
            lines = []
        else:
            lines += _rich(item.data)
    if lines or not blocks:
        blocks.append(literal(lines))
    if right:
        blocks[0] = replace(blocks[0], right=right)
    return blocks


def _capped(line: SpanLine, most: int) -> SpanLine:
    """The beginning of a line; that there is more is shown."""
    if sum(len(body) for body, _ in line) <= most:
        return line
    kept: list[Span] = []
    for body, role in line:
        kept.append((body[:most], role))
        most -= len(body)
        if most <= 0:
            break
    return (*kept, (" …", "muted"))


def literal(lines: Sequence[SpanLine], right: str = "") -> Block:
    """Lines as one block."""
    spans: list[Span] = []
    for number, line in enumerate(lines):
        if number:
            spans.append(("\n", ""))
        spans.extend(line)
    return Block(BlockKind.LITERAL, tuple(spans), "  ", "  ", gap=False, right=right, role="muted")
