from __future__ import annotations

import asyncio
import inspect
import threading
from pathlib import Path

import pytest

from tests.progress.samples import attempt, entry
from tutor.errors import StoreError
from tutor.progress.asynchronous import AsyncStore
from tutor.progress.model import StepState
from tutor.progress.store import Store


def public(kind: type) -> dict[str, inspect.Signature]:
    methods = inspect.getmembers(kind, inspect.isfunction)
    return {name: inspect.signature(method) for name, method in methods if not name.startswith("_")}


def test_every_awaited_method_is_that_of_the_store() -> None:
    sync, awaited = public(Store), public(AsyncStore)
    del awaited["aclose"]
    assert awaited == {name: sync[name] for name in awaited}


async def test_every_call_reaches_the_store(path: Path) -> None:
    store = await AsyncStore.open(path)
    (said,) = await store.record(attempt(), [entry()])
    assert (await store.steps("check-device"))["ask"].state is StepState.PASSED
    assert await store.entries("check-device") == [said]
    await store.aclose()
    await store.aclose()


async def test_calls_are_done_in_their_order(path: Path) -> None:
    store = await AsyncStore.open(path)
    await asyncio.gather(*(store.set_draft("a", "s", str(number)) for number in range(50)))
    assert await store.draft("a", "s") == "49"
    await store.aclose()


async def test_a_cancelled_call_is_still_done(path: Path) -> None:
    store = await AsyncStore.open(path)
    first = asyncio.ensure_future(store.record(attempt()))
    second = asyncio.ensure_future(store.record(attempt(step_id="two")))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert list(await store.steps("check-device")) == ["ask", "two"]
    await store.aclose()


async def test_a_store_that_cannot_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        await AsyncStore.open(tmp_path)
    left = [thread for thread in threading.enumerate() if thread.name.startswith("store")]
    for thread in left:
        thread.join(timeout=5)
        assert not thread.is_alive()
