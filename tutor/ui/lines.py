"""Any number of lines by their numbers: what the pager draws, searches and saves. Pure; nothing here waits.

An output is read once from its beginning. On the way its lines are counted, and every so often the state of the terminal is marked: from
a mark on any part can be made again in a few milliseconds, so that only the parts in sight are kept.
"""

from __future__ import annotations

import logging
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from tutor.runtime.base import Output, Rich, Text
from tutor.text.escapes import is_clean
from tutor.ui.output import SpanLine
from tutor.ui.reel import Reel, rich_lines

log = logging.getLogger(__name__)

PIECE = 1 << 14
"""Read at once: a few milliseconds of work, so that nothing waits for longer."""
STRIDE = 1 << 16
"""Read between two marks, at least."""
FINE_MARKS = 1024
"""After so many the distance doubles: marks of a gigabyte of output must not fill the memory."""
STATE_SHARE = 8
"""A mark is made after this many times the text that it holds itself."""
PARTS_KEPT = 8


class LineSource(Protocol):
    """Lines in parts. A part is what can be made at once without anybody noticing."""

    generation: int
    """Becomes larger when lines that were closed have changed."""
    version: int
    """Becomes larger whenever something was read."""
    trouble: str
    """Why nothing more can be read; else empty."""

    @property
    def count(self) -> int:
        """Lines so far."""

    @property
    def closed(self) -> int:
        """Lines before this one stay as they are, within a generation."""

    @property
    def read(self) -> float:
        """How much of what there is has been read, from 0 to 1."""

    def look(self, seconds: float) -> bool:
        """Read on for about so long; whether there was anything to read."""

    def line(self, number: int) -> SpanLine:
        """A line by its number, from 0."""

    def part_at(self, number: int) -> int:
        """The number of the part that has the line."""

    @property
    def parts(self) -> int:
        """How many parts there are."""

    def part(self, number: int) -> tuple[int, Sequence[SpanLine]]:
        """The lines of a part, and the number of the first."""

    def lacks(self, number: int, needle: str) -> bool:
        """The part does not have the text for sure, in whatever case; cheaper than to make its lines."""


class Outputs(Protocol):
    """Outputs in their order: a log of running code, one of earlier code, or a list."""

    @property
    def end(self) -> int:
        """The cursor after the newest output."""

    def read(self, cursor: int = 0, limit: int = PIECE) -> tuple[Sequence[Output], int]:
        """Outputs from `cursor` on, and the cursor for the next call."""


class OutputList:
    """Outputs that are in memory already."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self._outputs = outputs

    @property
    def end(self) -> int:
        """How many there are."""
        return len(self._outputs)

    def read(self, cursor: int = 0, limit: int = PIECE) -> tuple[Sequence[Output], int]:
        """One after the other; they are small."""
        return self._outputs[cursor : cursor + 1], cursor + 1


class FixedLines:
    """Lines that are there already."""

    generation = 0
    version = 0
    trouble = ""
    read = 1.0
    parts = 1

    def __init__(self, lines: Sequence[SpanLine]) -> None:
        self._lines = lines
        self.count = self.closed = len(lines)

    def look(self, seconds: float) -> bool:
        return False

    def line(self, number: int) -> SpanLine:
        return self._lines[number]

    def part_at(self, number: int) -> int:
        return 0

    def part(self, number: int) -> tuple[int, Sequence[SpanLine]]:
        return 0, self._lines

    def lacks(self, number: int, needle: str) -> bool:
        return False


@dataclass(slots=True)
class _Mark:
    """Where a part begins."""

    line: int
    cursor: int
    reel: Reel
    """Never fed: others begin as its forks."""


@dataclass(slots=True)
class _Part:
    """Lines made from a mark on; the newest part grows."""

    reel: Reel
    cursor: int
    lines: list[SpanLine]


class OutputSource:
    """The `LineSource` of outputs, also while more of them come."""

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._cursor = 0
        self.generation = 0
        self.version = 0
        self.trouble = ""
        self._begin()

    def _begin(self) -> None:
        """Nothing was printed, or all of it was cleared."""
        self._reel = Reel()
        self._closed = 0
        self._open: list[SpanLine] | None = None
        self._marks = [_Mark(0, self._cursor, self._reel.fork())]
        self._mark_lines = [0]
        self._kept: OrderedDict[int, _Part] = OrderedDict()
        self._displays: dict[str, tuple[int, int]] = {}
        """Of displays that can be updated: their part, and how many lines they have."""
        self._updated: dict[tuple[int, str], list[SpanLine]] = {}
        """Their newest lines, by part and id."""

    @property
    def closed(self) -> int:
        return self._closed

    @property
    def count(self) -> int:
        return self._closed + len(self._open_lines)

    @property
    def _open_lines(self) -> list[SpanLine]:
        if self._open is None:
            self._open = self._reel.open
        return self._open

    @property
    def read(self) -> float:
        end = self._outputs.end
        return 1.0 if self.trouble or not end else min(self._cursor / end, 1.0)

    @property
    def parts(self) -> int:
        return len(self._marks)

    def look(self, seconds: float) -> bool:
        if self.trouble or self._cursor >= self._outputs.end:
            return False
        until = time.perf_counter() + seconds
        while self._cursor < self._outputs.end and time.perf_counter() < until:
            try:
                outputs, cursor = self._outputs.read(self._cursor, PIECE)
            except OSError as error:
                log.warning("an output cannot be read any further: %s", error)
                self.trouble = error.strerror or str(error)
                break
            for output in outputs:
                self._count(output)
            self._cursor = cursor
            self._mark_if_due()
        self._open = None
        self.version += 1
        return True

    def _count(self, output: Output) -> None:
        if self._reel.clears(output):
            self.generation += 1
            reel = self._reel
            self._begin()  # at the piece that has the clearing: what stands before that in it is cleared again when the part is made
            self._reel = reel
        if not isinstance(output, Rich) or output.display_id is None:
            self._closed += self._reel.count(output)
        elif not output.update:
            self._closed += self._reel.count(output)
            self._displays[output.display_id] = (len(self._marks) - 1, len(rich_lines(output.data)))
        elif output.display_id in self._displays:
            self._update(output.display_id, rich_lines(output.data))

    def _update(self, display_id: str, lines: list[SpanLine]) -> None:
        """A display says something else now: what follows it moves."""
        part, count = self._displays[display_id]
        self._displays[display_id] = part, len(lines)
        self._updated[part, display_id] = lines
        moved = len(lines) - count
        for number in range(part + 1, len(self._marks)):
            self._marks[number].line += moved
            self._mark_lines[number] += moved
        self._closed += moved
        self._kept.clear()
        self.generation += 1

    def _mark_if_due(self) -> None:
        far = self._cursor - self._marks[-1].cursor
        if far >= STRIDE << len(self._marks) // FINE_MARKS and far >= STATE_SHARE * self._reel.size:
            self._marks.append(_Mark(self._closed, self._cursor, self._reel.fork()))
            self._mark_lines.append(self._closed)

    def line(self, number: int) -> SpanLine:
        if number >= self._closed:
            return self._open_lines[number - self._closed]
        part = self.part_at(number)
        return self._part(part).lines[number - self._marks[part].line]

    def part_at(self, number: int) -> int:
        return bisect_right(self._mark_lines, number) - 1

    def part(self, number: int) -> tuple[int, Sequence[SpanLine]]:
        lines = self._part(number).lines
        is_last = number == len(self._marks) - 1
        return self._marks[number].line, [*lines, *self._open_lines] if is_last else lines

    def _part(self, number: int) -> _Part:
        part = self._kept.pop(number, None)
        if part is None:
            mark = self._marks[number]
            part = _Part(mark.reel.fork(), mark.cursor, [])
            while len(self._kept) >= PARTS_KEPT:
                self._kept.popitem(last=False)
        self._kept[number] = part
        self._make(part, number, self._end_of(number))
        return part

    def _end_of(self, number: int) -> int:
        """The cursor behind a part."""
        return self._marks[number + 1].cursor if number + 1 < len(self._marks) else self._cursor

    def _make(self, part: _Part, number: int, end: int) -> None:
        while part.cursor < end:
            outputs, part.cursor = self._outputs.read(part.cursor, min(end - part.cursor, PIECE))
            for output in outputs:
                if part.reel.clears(output):
                    part.lines.clear()
                if not isinstance(output, Rich) or output.display_id is None:
                    part.lines += part.reel.take(output)
                elif not output.update:
                    lines = part.reel.take(output)
                    newest = self._updated.get((number, output.display_id))
                    own = len(rich_lines(output.data))
                    part.lines += lines if newest is None else [*lines[: len(lines) - own], *newest]

    def lacks(self, number: int, needle: str) -> bool:
        mark = self._marks[number]
        end = self._end_of(number)
        texts = ["\n".join("".join(text for text, _ in line) for line in mark.reel.open)]
        cursor = mark.cursor
        while cursor < end:
            outputs, cursor = self._outputs.read(cursor, end - cursor)
            for output in outputs:
                if not isinstance(output, Text) or not is_clean(output.text):
                    return False
                texts.append(output.text)
        return needle.lower() not in "".join(texts).lower()


def search(source: LineSource, needle: str, start: int, *, backwards: bool = False) -> Iterator[int | None]:
    """Numbers of the lines with the text, the nearest to `start` first and round the end; None after each part, to do something else.

    Capital letters count only if the text has some.
    """
    folds = needle == needle.lower()
    here = source.part_at(start)
    parts = source.parts
    step = -1 if backwards else 1
    for index in range(parts + 1):
        number = (here + step * index) % parts
        if not source.lacks(number, needle):
            first, lines = source.part(number)
            found = [at for at, line in enumerate(lines, first) if _has(line, needle, folds=folds)]
            for at in reversed(found) if backwards else found:
                is_behind = at < start if backwards else at > start
                if (index == 0 and not is_behind) or (index == parts and is_behind):
                    continue
                yield at
        yield None


def _has(line: SpanLine, needle: str, *, folds: bool) -> bool:
    body = "".join(text for text, _ in line)
    return needle in (body.lower() if folds else body)


def texts(source: LineSource) -> Iterator[str]:
    """All lines as text, a part at a time."""
    for number in range(source.parts):
        _, lines = source.part(number)
        yield "".join("".join(text for text, _ in line) + "\n" for line in lines)
