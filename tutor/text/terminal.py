"""Resolves what a program wrote for a terminal into lines of styled runs.

Carriage return, backspace, tab, colours and the cursor movements of progress bars are applied; every other control is dropped. A line
that has left the open tail never changes again, so a screen may keep it. Knows no widget.
"""

from __future__ import annotations

from copy import copy
from typing import NamedTuple

from tutor.text.escapes import Kind, Lexer, is_clean, is_surrogate
from tutor.text.style import PLAIN, Style, restyled
from tutor.text.width import character_width

OPEN_LINES = 24
"""Lines that the cursor can come back to: more than any stack of progress bars needs."""
MAX_CELLS = 10_000
"""A longer line goes on in the next one, as it would in a terminal; so a line without an end takes no memory without end."""
_MAX_MOVE = 512
"""The cursor moves at most this far beyond a line's end: a few bytes must not become a line full of spaces."""
_MAX_MARKS = 8
"""Combining marks kept on one character."""


class Run(NamedTuple):
    """Text in one style. A named tuple, because millions are made."""

    text: str
    style: Style


Line = tuple[Run, ...]
"""Clean text without newline; an empty line has no runs."""


class _Cells:
    """A line that is being changed: one entry a cell; the second cell of a wide character is empty."""

    __slots__ = ("characters", "styles")

    def __init__(self, line: Line) -> None:
        self.characters: list[str] = []
        self.styles: list[Style] = []
        for text, style in line:
            self.put(len(self.characters), text, style)

    def put(self, column: int, text: str, style: Style) -> int:
        """Write over what stands from `column` on, as far as it fits; the column after it. `text` has no tab and no newline."""
        characters = list(text) if text.isascii() else self._spread(text, column)
        end = column + len(characters)
        self._fill(column)
        self._break(column)
        self._break(end)
        self.characters[column:end] = characters
        self.styles[column:end] = [style] * len(characters)
        return end

    def erase(self, start: int, end: int | None = None) -> None:
        """Make cells empty; without `end` all from `start` on."""
        self._break(start)
        if end is None:
            del self.characters[start:], self.styles[start:]
            return
        end = min(end, len(self.characters))
        self._break(end)
        self.characters[start:end] = [" "] * (end - start)
        self.styles[start:end] = [PLAIN] * (end - start)

    def line(self) -> Line:
        """The line as runs."""
        runs = []
        start = 0
        style = self.styles[0] if self.styles else PLAIN
        for at, other in enumerate(self.styles):
            if other is not style and other != style:
                runs.append(Run("".join(self.characters[start:at]), style))
                start, style = at, other
        if self.styles:
            runs.append(Run("".join(self.characters[start:]), style))
        return tuple(runs)

    def _fill(self, column: int) -> None:
        missing = column - len(self.characters)
        if missing > 0:
            self.characters += [" "] * missing
            self.styles += [PLAIN] * missing

    def _break(self, column: int) -> None:
        """A wide character of which one half is written over becomes two spaces."""
        if 0 < column < len(self.characters) and not self.characters[column]:
            self.characters[column - 1 : column + 1] = "  "

    def _spread(self, text: str, column: int) -> list[str]:
        """One entry a cell; marks go to the character before them, which may stand on the line already."""
        spread: list[str] = []
        for character in text:
            width = character_width(character)
            if width:
                spread.append(character)
                if width == 2:
                    spread.append("")
            elif spread:
                _mark(spread, len(spread) - 1, character)
            elif 0 < column <= len(self.characters):
                _mark(self.characters, column - 1, character)
        return spread


def _mark(characters: list[str], at: int, mark: str) -> None:
    if not characters[at] and at:
        at -= 1
    if len(characters[at]) <= _MAX_MARKS:
        characters[at] += mark


class Terminal:
    """The state between pieces of output: the open lines, the cursor and the style."""

    def __init__(self) -> None:
        self._lexer = Lexer()
        self._open: list[Line | _Cells] = [()]
        self._closed: list[Line] = []
        self._row = 0
        self._column = 0
        self._style = PLAIN

    def feed(self, text: str) -> list[Line]:
        """Take the next piece of output, cut anywhere; the lines that are closed by it, in order."""
        if "\r\n" in text:
            text = text.replace("\r\n", "\n")
        for kind, piece in self._lexer.feed(text):
            if kind is Kind.TEXT:
                self._write(piece)
            elif kind is Kind.CSI:
                self._control(piece)
            elif kind is Kind.CONTROL:
                if piece == "\r":
                    self._column = 0
                elif piece == "\b":
                    self._column = max(0, self._column - 1)
                elif is_surrogate(piece):
                    self._write("\N{REPLACEMENT CHARACTER}")
        closed, self._closed = self._closed, []
        return closed

    def skim(self, text: str) -> int:
        """As `feed`, if only the number of lines that are closed is of interest: plain lines are counted, not made."""
        # The line that is being written is finished first.
        start = 0 if self._is_at_new_line() else text.find("\n") + 1
        closed = len(self.feed(text[:start]))
        end = _end_of_plain_lines(text, start) if self._is_at_new_line() else start
        if end > start:
            # All that is open now will have left the open tail, and the lines before `end` are closed as soon as they are written.
            closed += len(self._open) - 1 + text.count("\n", start, end)
            self._open, self._row, self._column = [()], 0, 0
        return closed + len(self.feed(text[end:]))

    def _is_at_new_line(self) -> bool:
        """The cursor is in an empty line below all others, and no sequence is under way."""
        return self._row == len(self._open) - 1 and not self._open[self._row] and self._lexer.is_idle

    def fork(self) -> Terminal:
        """Another terminal in the same state."""
        # The same line may be open for long: as runs it is shared by all forks.
        self._open = [line.line() if isinstance(line, _Cells) else line for line in self._open]
        other = Terminal()
        other._lexer, other._open, other._style = copy(self._lexer), [*self._open], self._style
        other._row, other._column = self._row, self._column
        return other

    @property
    def open(self) -> list[Line]:
        """The lines that may still change, without an empty one at the end."""
        lines = [line.line() if isinstance(line, _Cells) else line for line in self._open]
        if not lines[-1]:
            lines.pop()
        return lines

    def close(self) -> list[Line]:
        """The output is over: the open lines are closed, and the terminal begins afresh."""
        lines = self.open
        self.__init__()  # type: ignore[misc]
        return lines

    def _write(self, text: str) -> None:
        first, *others = text.split("\n")
        if first:
            self._put(first)
        if not others:
            return
        self._down()
        last = others.pop()
        if others and self._row == len(self._open) - 1 and not self._open[self._row]:
            # Whole lines below all others need no cursor: they are written once.
            self._open.pop()
            for line in others:
                self._open += _whole(line, self._style)
            self._open.append(())
            self._row = len(self._open) - 1
            self._close_some()
        else:
            for line in others:
                self._put(line)
                self._down()
        if last:
            self._put(last)

    def _put(self, text: str) -> None:
        """Write text without newline at the cursor."""
        for number, part in enumerate(text.split("\t")):
            if number:
                self._tab()
            for start in range(0, len(part), MAX_CELLS):
                self._put_some(part[start : start + MAX_CELLS])

    def _put_some(self, text: str) -> None:
        while text:
            piece = _fitting(text, MAX_CELLS - self._column)
            if piece:
                self._column = self._line().put(self._column, piece, self._style)
                text = text[len(piece) :]
            else:
                self._down()

    def _tab(self) -> None:
        if self._column >= MAX_CELLS:
            self._down()
        stop = (self._column // 8 + 1) * 8
        line = self._line()
        if self._column >= len(line.characters):
            line.put(self._column, " " * (stop - self._column), self._style)
        self._column = stop

    def _control(self, sequence: str) -> None:
        parameters = sequence[sequence[0] == "\x1b" : -1].removeprefix("[").removeprefix("\x9b")
        final = sequence[-1]
        if final == "m" and not parameters.startswith(("<", "=", ">", "?")):
            self._style = restyled(self._style, parameters)
            return
        if final not in "ABCDEFGK" or not (parameters.isdigit() or not parameters):
            return
        number = int(parameters[:6] or 0)
        if final == "K":
            self._erase(number)
        elif final in "ABEF":
            step = max(1, number) * (1 if final in "BE" else -1)
            self._row = min(max(0, self._row + step), len(self._open) - 1)
            self._move_to(0 if final in "EF" else self._column)
        else:
            step = max(1, number)
            self._move_to({"C": self._column + step, "D": self._column - step, "G": step - 1}[final])

    def _erase(self, what: int) -> None:
        line = self._line()
        if what == 0:
            line.erase(self._column)
        elif what == 1:
            line.erase(0, self._column + 1)
        elif what == 2:
            line.erase(0)

    def _move_to(self, column: int) -> None:
        self._column = max(0, min(column, max(_MAX_MOVE, len(self._line().characters))))

    def _line(self) -> _Cells:
        """The line of the cursor, ready to be changed."""
        line = self._open[self._row]
        if not isinstance(line, _Cells):
            line = self._open[self._row] = _Cells(line)
        return line

    def _down(self) -> None:
        """To the beginning of the next line."""
        self._row += 1
        self._column = 0
        if self._row == len(self._open):
            self._open.append(())
            self._close_some()

    def _close_some(self) -> None:
        surplus = len(self._open) - OPEN_LINES
        if surplus > 0:
            self._closed += [line.line() if isinstance(line, _Cells) else line for line in self._open[:surplus]]
            del self._open[:surplus]
            self._row -= surplus


def _whole(text: str, style: Style) -> list[Line]:
    """A line that begins in the first cell, of printable characters and tabs; more than one if it is very long."""
    if not text:
        return [()]
    if len(text) <= MAX_CELLS // 2 and "\t" not in text and (text.isascii() or 0 not in map(character_width, text)):
        return [(Run(text, style),)]
    terminal = Terminal()
    terminal._style = style  # noqa: SLF001 - its own class
    terminal._put(text)  # noqa: SLF001
    return [*terminal._closed, *terminal.open] or [()]  # noqa: SLF001


def _end_of_plain_lines(text: str, start: int) -> int:
    """Where the newest lines begin that a terminal would keep open; `start` unless all before them are plain, and none is folded."""
    end = len(text)
    for _ in range(OPEN_LINES + 1):
        end = text.rfind("\n", start, end)
        if end < 0:
            return start
    plain = text[start : end + 1]
    longest = MAX_CELLS // (8 if "\t" in plain else 2)
    if not is_clean(plain) or max(map(len, plain.split("\n"))) > longest:
        return start
    return end + 1


def _fitting(text: str, room: int) -> str:
    """As many characters from the beginning as take at most `room` cells."""
    if 2 * len(text) <= room:
        return text
    if text.isascii():
        return text[:room]
    used = 0
    for at, character in enumerate(text):
        used += character_width(character)
        if used > room:
            return text[:at]
    return text
