"""What a benchmark answers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Result:
    """One figure beside its baseline; both in seconds."""

    name: str
    value: float
    baseline: float
    limit: float
    """The largest ratio that is good."""

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
        times = f"{self.value * 1000:>7.1f} ms{self.baseline * 1000:>9.1f} ms"
        return f"{self.name:16}{times}{self.ratio:>7.2f} ×{self.limit:>6.2f} ×{mark}"
