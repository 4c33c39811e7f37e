"""What a benchmark answers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Result:
    """One figure beside its baseline; both in the same unit."""

    name: str
    value: float
    baseline: float
    limit: float
    """The largest ratio that is good."""
    unit: str = "s"
    """`s` or `MB`; a line of JSON has no unit."""

    HEADING: ClassVar[str] = f"{'':16}{'tutor':>10}{'baseline':>12}{'ratio':>9}{'limit':>8}"

    @property
    def ratio(self) -> float:
        return self.value / self.baseline

    def json(self) -> str:
        """The line that `--json` prints."""
        figures = {**asdict(self), "ratio": self.ratio}
        order = ("name", "value", "baseline", "ratio", "limit")
        return json.dumps({key: figures[key] if key == "name" else round(figures[key], 4) for key in order})

    def __str__(self) -> str:
        mark = "" if self.ratio <= self.limit else "  over"
        unit, factor = ("ms", 1000) if self.unit == "s" else (self.unit, 1)
        figures = f"{self.value * factor:>7.1f} {unit}{self.baseline * factor:>9.1f} {unit}"
        return f"{self.name:16}{figures}{self.ratio:>7.2f} ×{self.limit:>6.2f} ×{mark}"
