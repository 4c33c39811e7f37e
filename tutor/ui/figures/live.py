"""What a live display (`application/vnd.tutor.live+json`, sent by `tutor.kit.live` or by anyone) says, bounded and checked. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.text.plain import strip

FORMAT = 1
MOST_SERIES = 8
MOST_POINTS = 400
"""Of a series; the kit sends at most 200."""
MOST_VALUES = 12
MOST_CHARACTERS = 80
"""Of a title or a name."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """One curve."""

    name: str
    points: tuple[Point, ...]
    """Finite ones only: what is no number has no place on a curve."""


@dataclass(frozen=True, slots=True)
class Live:
    """How far a program has come."""

    title: str
    unit: str
    """What is counted, such as `epoch`; empty if nothing is."""
    done: float
    total: float | None
    state: str
    """`running`, `finished` or `stopped`."""
    elapsed: float
    left: float | None
    series: tuple[Series, ...]
    values: tuple[tuple[str, float], ...]
    """Names and their newest values, those of the series as well."""
    device: str
    process_memory: int | None
    device_memory: int | None
    device_total: int | None


def live_of(value: Any) -> Live | None:
    """The display, or None if that is none which this version knows."""
    if not isinstance(value, Mapping) or value.get("format") != FORMAT:
        return None
    memory = value.get("memory")
    sizes = memory if isinstance(memory, Mapping) else {}
    return Live(
        title=_name(value.get("title")),
        unit=_name(value.get("unit")),
        done=_number(value.get("done")) or 0.0,
        total=_positive(value.get("total")),
        state=str(value.get("state")),
        elapsed=_number(value.get("elapsed")) or 0.0,
        left=_number(value.get("left")),
        series=tuple(_series(value.get("series"))),
        values=tuple(_values(value.get("values"))),
        device=_name(value.get("device")),
        process_memory=_size(sizes.get("process")),
        device_memory=_size(sizes.get("device")),
        device_total=_size(sizes.get("device_total")),
    )


def _series(value: Any) -> Iterator[Series]:
    for one in value[:MOST_SERIES] if isinstance(value, list) else ():
        if isinstance(one, Mapping) and isinstance(points := one.get("points"), list):
            yield Series(_name(one.get("name")), tuple(_points(points[-MOST_POINTS:])))


def _points(value: list[Any]) -> Iterator[Point]:
    for point in value:
        if isinstance(point, list) and len(point) == 2:
            x, y = map(_number, point)
            if x is not None and y is not None:
                yield x, y


def _values(value: Any) -> Iterator[tuple[str, float]]:
    for name, number in list(value.items())[:MOST_VALUES] if isinstance(value, Mapping) else ():
        if isinstance(number, int | float):
            # A loss that is no number any more is what the learner has to see.
            yield _name(name), float(number)


def _name(value: Any) -> str:
    return " ".join(strip(value)[:MOST_CHARACTERS].split()) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return None


def _positive(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and number > 0 else None


def _size(value: Any) -> int | None:
    number = _positive(value)
    return None if number is None else int(number)
