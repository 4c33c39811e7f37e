"""The way of the benchmark of long conversations, with numbers too small to say anything about speed."""

from __future__ import annotations

import pytest

from benchmarks.transcript import measure

pytestmark = [pytest.mark.terminal, pytest.mark.kernel]


def test_scrolling_and_typing_are_measured_in_the_real_program() -> None:
    results = measure(few=20, many=60, far=2, keys=4, runs=1)
    assert [result.name for result in results] == ["scroll", "scroll-far", "typing"]
    assert all(0 < result.value < 20 and 0 < result.baseline < 20 for result in results)
