"""What a step costs on a Jupyter server of this machine, against the same step in a local kernel; and the first connection to a new kernel.

The issue allows 60 ms more for a step and 1 s for the connection, so these allowances are in the baselines, and a ratio of 1 is the limit.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.result import Result
from tests.support.jupyter import JupyterServer
from tutor.harness import JUDGE_CODE
from tutor.i18n import Words
from tutor.runtime.base import Request, Runtime
from tutor.runtime.open import Opening, open_runtime

STEPS, CONNECTIONS = 60, 5
MORE = 0.060
FIRST = 1.0
LESSON = {"key": "bench", "folder": "~/tutor-work/bench"}


def measure() -> list[Result]:
    with tempfile.TemporaryDirectory() as name, JupyterServer(Path(name) / "jupyter") as server:
        return asyncio.run(_measure(Path(name), server.url))


async def _measure(folder: Path, url: str) -> list[Result]:
    connections = []
    for _ in range(CONNECTIONS):
        runtime = _opened(folder, url)
        started = time.perf_counter()
        await runtime.start()
        connections.append(time.perf_counter() - started)
        await runtime.aclose()
    there, here = _opened(folder, url), _opened(folder, "local")
    try:
        await there.start()
        await here.start()
        took: dict[Runtime, list[float]] = {there: [], here: []}
        for _ in range(STEPS):
            # In turns: the machine may be busier at one time than at another.
            for runtime, seconds in took.items():
                seconds.append(await _step(runtime))
        server, local = (statistics.median(seconds[5:]) for seconds in took.values())
    finally:
        await there.aclose()
        await here.aclose()
    return [
        Result("server-step", server, local + MORE, 1.0),
        Result("server-connect", statistics.median(connections), FIRST, 1.0),
    ]


async def _step(runtime: Runtime) -> float:
    checks = [{"code": "assert value == 1", "line": 1, "needs": []}]
    requests = [
        Request("value = 1", {"op": "attempt", "step": "bench#one", "fresh": True, "lesson": LESSON}),
        Request(JUDGE_CODE, {"op": "judge", "step": "bench#one", "checks": checks, "lesson": LESSON}, silent=True),
    ]
    started = time.perf_counter()
    finished = await runtime.execute(requests).wait()
    assert finished.judged is not None
    return time.perf_counter() - started


def _opened(folder: Path, name: str) -> Runtime:
    living = folder / "running"
    living.mkdir(exist_ok=True)
    opening = Opening(
        bundles=folder / "bundles",
        outputs=folder / "outputs",
        log=folder / "kernel.log",
        working_folder=folder,
        servers=folder / "servers.json",
        living=living,
        words=Words("en"),
        lasts=False,
    )
    return open_runtime(name, opening)
