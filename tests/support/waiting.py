"""The only ways a test may wait: for a condition, with a time limit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE = 0.01
"""Between two looks at the condition."""


def wait_for(predicate: Callable[[], T], timeout: float = 10.0, what: str = "the condition") -> T:
    """Look until `predicate` returns something true, and return that."""
    end = time.monotonic() + timeout
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {timeout:g} s; last seen: {value!r}")
        time.sleep(PAUSE)


async def wait_for_async(predicate: Callable[[], T], timeout: float = 10.0, what: str = "the condition") -> T:
    """The same on an event loop, which goes on meanwhile."""
    end = time.monotonic() + timeout
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {timeout:g} s; last seen: {value!r}")
        await asyncio.sleep(PAUSE)
