"""No module grows past what can be read at one sitting."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sources import name_of, python_files

MOST_LINES = 400


@pytest.mark.parametrize("path", python_files("benchmarks", "scripts", "tests", "tutor"), ids=name_of)
def test_module_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
