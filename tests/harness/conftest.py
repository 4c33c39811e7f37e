"""One kernel for all tests of this room; each test gets a lesson of its own in it, so names and folder are fresh."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.harness.driver import Kernel

_numbers = count()


@pytest.fixture(scope="session")
def shared_kernel() -> Iterator[Kernel]:
    started = Kernel()
    yield started
    started.close()


@pytest.fixture
def kernel(shared_kernel: Kernel, tmp_path: Path) -> Kernel:
    shared_kernel.lesson = {"key": f"lesson-{next(_numbers)}", "folder": str(tmp_path)}
    shared_kernel.late.clear()
    return shared_kernel


@pytest.fixture
def own_kernel(tmp_path: Path) -> Iterator[Kernel]:
    """For tests that change what other tests stand on."""
    started = Kernel()
    started.lesson = {"key": "own", "folder": str(tmp_path)}
    yield started
    started.close()
