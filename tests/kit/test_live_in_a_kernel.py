from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.runtime.kernels import LONG, free, make_runtime, printed, run
from tutor.kit.live import MIME
from tutor.runtime.base import Execution, Rich
from tutor.runtime.local import LocalRuntime

pytestmark = pytest.mark.kernel


@pytest_asyncio.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[LocalRuntime]:
    runtime = make_runtime(tmp_path)
    try:
        await runtime.start()
        yield runtime
    finally:
        await runtime.aclose()


def told(execution: Execution) -> list[Rich]:
    outputs, _ = execution.output.read()
    return [output for output in outputs if isinstance(output, Rich) and MIME in output.data]


async def test_a_kernel_sends_it_as_one_output_that_is_replaced(runtime: LocalRuntime) -> None:
    code = """
from tutor.kit.live import Progress
with Progress(3, unit="epoch") as live:
    for epoch in range(1, 4):
        live.update(epoch, loss=1 / epoch)
"""
    execution, finished = await run(runtime, code)
    assert finished.judged is None
    first, *_, last = outputs = told(execution)
    assert [output.update for output in outputs] == [False] + [True] * (len(outputs) - 1)
    assert len({output.display_id for output in outputs}) == 1
    assert (first.data[MIME]["state"], first.data[MIME]["done"]) == ("running", 0)
    assert (last.data[MIME]["state"], last.data[MIME]["done"]) == ("finished", 3)
    assert last.data["text/plain"].startswith("epoch 3/3 · loss 0.333 · ")
    assert printed(execution.output) == ""


async def test_an_interrupt_leaves_it_stopped(runtime: LocalRuntime) -> None:
    code = """
import time
from tutor.kit.live import Progress
with Progress() as live:
    done = 0
    while True:
        done += 1
        live.update(done)
        time.sleep(0.01)
"""
    execution = runtime.execute([free(code)], timeout=LONG)
    async with asyncio.timeout(LONG):
        while not any(output.data[MIME]["done"] for output in told(execution)):
            await execution.changed()
        await runtime.interrupt()
        await execution.wait()
    assert told(execution)[-1].data[MIME]["state"] == "stopped"
