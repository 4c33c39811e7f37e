"""Curves in a small frame, painted with braille dots: two across and four down in each cell. Pure; colours are roles.

Drawn here and not with plotext, which builds text for a terminal in colours of its own, counts a Chinese label as half as wide as it is,
and takes a fifth of a second to import where the first paint may need a curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.ui.blocks import Span
from tutor.ui.figures.live import Point, Series

ROLES = ("curve_first", "curve_second", "curve_third")
"""Of the curves in one frame, in their order; a fourth begins again."""
MARKS = ("━", "╍", "┅")
"""Before their names. Colour is not the only sign: the second and the third curve are drawn with gaps."""
PATTERNS = ("1", "1110", "10")
"""Dots that are set and left out along each curve."""
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of a braille character, by row and column."""
BRAILLE = 0x2800
MOST_STEPS = 3
LABEL = 5
"""Cells for the numbers beside the frame, so that it stays where it is when they change."""

Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to dots."""

    low: float
    high: float

    def at(self, value: float, dots: int) -> int:
        """The dot of a value, counted from the low end."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(min(max(share, 0.0), 1.0) * (dots - 1))


def plotted(series: Sequence[Series], width: int, height: int) -> list[Line]:
    """A frame of `height` lines and one below for the axis."""
    points = [point for one in series for point in one.points]
    across = Scale(min((x for x, _ in points), default=0.0), max((x for x, _ in points), default=0.0))
    upward, ticks = nice([y for _, y in points])
    room = max(width - LABEL - 1, 4)
    canvas = _Canvas(room, height)
    for number, one in enumerate(series):
        canvas.draw(one.points, across, upward, number)
    labels = {height - 1 - upward.at(tick, 4 * height) // 4: number_text(tick) for tick in ticks}
    lines = []
    for row in range(height):
        label = labels.get(row, "")
        edge = f"{label:>{LABEL}}{'┤' if label else '│'}"
        lines.append(((edge, "muted"), *canvas.line(row)))
    return [*lines, ((_axis(across, room), "muted"),)]


def nice(values: Sequence[float]) -> tuple[Scale, list[float]]:
    """A scale from round number to round number that holds all values, and the numbers that are written beside it.

    They are at most three steps apart, so that in a frame of seven lines each stands at a line of its own, all equally far from each other.
    """
    low, high = min(values, default=0.0), max(values, default=1.0)
    if high - low < 1e-12 * max(abs(low), abs(high), 1e-300):
        margin = abs(high) / 2 or 0.5
        low, high = low - margin, high + margin
    raw = (high - low) / MOST_STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    for factor in (1, 2, 2.5, 5, 10, 20):
        step = factor * power
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= MOST_STEPS:
            break
    return Scale(first * step, last * step), [tick * step for tick in range(first, last + 1)]


def number_text(value: float) -> str:
    """A number in few cells."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e5 or size < 1e-3:
        return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    return f"{value:.3g}" if size < 1 else f"{value:.4g}" if size < 1000 else f"{value:.0f}"


def _axis(across: Scale, room: int) -> str:
    first, last = number_text(across.low), number_text(across.high) if across.high > across.low else ""
    line = "─" * max(room - len(first) - len(last) - 3, 1)
    return f"{' ' * LABEL}└ {first} {line} {last}"[: LABEL + 1 + room]


class _Canvas:
    """Dots, and of each cell the curve that was drawn there last."""

    def __init__(self, columns: int, rows: int) -> None:
        self._columns, self._rows = columns, rows
        self._bits = [[0] * columns for _ in range(rows)]
        self._owner = [[0] * columns for _ in range(rows)]

    def draw(self, points: Sequence[Point], across: Scale, upward: Scale, number: int) -> None:
        """A curve through the points."""
        pattern = PATTERNS[number % len(PATTERNS)]
        placed = [(across.at(x, 2 * self._columns), upward.at(y, 4 * self._rows)) for x, y in points]
        if len(placed) == 1:
            self._set(*placed[0], number)
        count = 0
        for (x, y), (to_x, to_y) in pairwise(placed):
            steps = max(abs(to_x - x), abs(to_y - y), 1)
            for step in range(steps + 1):
                if pattern[count % len(pattern)] == "1":
                    self._set(round(x + (to_x - x) * step / steps), round(y + (to_y - y) * step / steps), number)
                count += step < steps

    def _set(self, x: int, y: int, number: int) -> None:
        top = 4 * self._rows - 1 - y
        row, column = top // 4, x // 2
        self._bits[row][column] |= DOTS[top % 4][x % 2]
        self._owner[row][column] = number

    def line(self, row: int) -> Line:
        """One row of cells."""
        spans: list[Span] = []
        for bits, owner in zip(self._bits[row], self._owner[row], strict=True):
            body, role = (chr(BRAILLE + bits), ROLES[owner % len(ROLES)]) if bits else (" ", "")
            if spans and spans[-1][1] == role:
                spans[-1] = (spans[-1][0] + body, role)
            else:
                spans.append((body, role))
        return tuple(spans)
