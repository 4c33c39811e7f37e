"""Kernels of their own for tests that harm them; see `test_local_outputs.py` for the shared one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.runtime.kernels import kernels_of, make_runtime
from tutor.runtime.local import LocalRuntime


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """No process of a kernel that the test started outlives it."""
    before = kernels_of()
    yield
    assert kernels_of() - before == set()


@pytest_asyncio.fixture
async def runtime(tmp_path: Path, nothing_left: None) -> AsyncIterator[LocalRuntime]:
    """A kernel that the test may harm."""
    runtime = make_runtime(tmp_path)
    try:
        await runtime.start()
        yield runtime
    finally:
        await runtime.aclose()
