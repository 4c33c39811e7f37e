"""The benchmark of the flood, with a few lines: that it runs and measures; how fast does not matter here."""

from __future__ import annotations

import pytest

from benchmarks.flood import measure

pytestmark = [pytest.mark.terminal]


def test_the_flood_is_measured() -> None:
    results = measure(lines=5_000, few=100, runs=1)
    assert [result.name for result in results] == ["flood", "flood-keys", "flood-memory"]
    flood, _, memory = results
    assert flood.value > 0
    assert flood.baseline > 0
    assert memory.value > memory.baseline * 0.8
    assert str(memory).count("MB") == 2
