"""What others do to a kernel on a server, and what happens at odd moments."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from tests.runtime.kernels import LONG, begun, printed, waits_for
from tests.runtime.server.conftest import Opener, living
from tests.runtime.server.steps import attempt, value, verdicts
from tests.support.jupyter import TOKEN, JupyterServer, Way
from tests.support.waiting import wait_for_async
from tutor.runtime.base import Ending, Request
from tutor.runtime.living import Register
from tutor.runtime.server import runtime as server_runtime
from tutor.runtime.server.rest import Api
from tutor.runtime.server.runtime import ServerRuntime

pytestmark = pytest.mark.kernel
FOREVER = "import time\nprint('begun', flush=True)\ntime.sleep(60)"
STUBBORN = """import time
print('begun', flush=True)
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:  # a server interrupts before it restarts
        pass
"""


async def by_somebody_else(server: JupyterServer, runtime: ServerRuntime, method: str, path: str = "") -> None:
    assert runtime.entry is not None
    url = f"{server.root}api/kernels/{runtime.entry.life.kernel_id}{path}"
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        (await client.request(method, url, headers={"Authorization": f"token {TOKEN}"})).raise_for_status()


@pytest.mark.parametrize(("method", "path"), [("DELETE", ""), ("POST", "/restart")])
@pytest.mark.parametrize("while_it_runs", [True, False])
async def test_a_kernel_that_somebody_else_ends_or_restarts(
    server: JupyterServer,
    opened: Opener,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    while_it_runs: bool,
) -> None:
    monkeypatch.setattr(server_runtime, "LOOK_SECONDS", 0.3)
    runtime = opened(server.url)
    await runtime.start()
    if while_it_runs:
        execution = runtime.execute(attempt(STUBBORN), timeout=60.0)
        await begun(execution)
        await by_somebody_else(server, runtime, method, path)
        assert (await asyncio.wait_for(execution.wait(), LONG)).ending is Ending.LOST
    else:
        await by_somebody_else(server, runtime, method, path)
    await wait_for_async(lambda: runtime._kernel is None)
    await runtime.start()
    again = runtime.execute(attempt("x = 5"), timeout=LONG)
    await again.wait()
    assert verdicts(again) == ["passed"]
    assert "is gone, and your variables with it" in "".join(runtime.take_notes())


async def test_a_time_limit_within_a_cut_kills_nothing(server: JupyterServer, opened: Opener) -> None:
    async with Way(server.port) as way:
        runtime = opened(server.url.replace(str(server.port), str(way.port)))
        await runtime.start()
        await runtime.execute(attempt("x = 5"), timeout=LONG).wait()
        execution = runtime.execute(attempt(FOREVER), timeout=1.0)
        await begun(execution)
        await way.cut()
        assert (await asyncio.wait_for(execution.wait(), LONG)).ending is Ending.LOST
        await way.mend()
        await by_somebody_else(server, runtime, "POST", "/interrupt")
        await wait_for_async(lambda: not server.is_busy())
        await runtime.start()
        assert await value(runtime, "x") == "5"


async def test_secrets_of_a_sitting_that_is_over_are_withheld(
    server: JupyterServer, opened: Opener, tmp_path: Path
) -> None:
    first = opened(server.url)
    await first.start()
    go = tmp_path / "go"
    code = waits_for(go, "x = 5\nprint('{{key}}')")
    requests = attempt(code, "assert x == '{{key}}'")
    secret = {"key": {"value": "hunter2hunter2", "secret": True}}
    requests = [Request(one.code, {**one.tutor, "values": secret}, silent=one.silent) for one in requests]
    execution = first.execute(requests, timeout=LONG)
    await begun(execution)
    await first.aclose()
    go.touch()
    second = opened(server.url)
    await second.start()
    resumed = second.take_up()
    assert resumed is not None
    await resumed.execution.wait()
    assert "is not shown" in printed(resumed.execution.output)
    assert verdicts(resumed.execution) == ["not_yet"]
    told = json.dumps([printed(resumed.execution.output), dict(resumed.execution.finished.judged or {})])  # type: ignore[union-attr]
    assert "hunter2" not in told + "".join(file.read_text() for file in living(tmp_path).glob("*.json"))


async def test_a_verdict_that_nobody_heard_waits_for_its_step(server: JupyterServer, opened: Opener) -> None:
    runtime = opened(server.url)
    await runtime.start()
    execution = runtime.execute(attempt("x = 5"), timeout=LONG)
    assert not execution.is_followed
    await execution.wait()
    assert runtime.take_up("another#step") is None
    found = runtime.take_up("lesson#step")
    assert found is not None
    assert found.execution is execution
    assert runtime.take_up("lesson#step") is None


async def test_closing_while_the_server_starts_a_kernel_leaves_none(
    server: JupyterServer, opened: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kernels = server.kernels()
    asked = asyncio.Event()
    start = Api.start_kernel

    async def slow(self: Api, name: str) -> object:
        asked.set()
        return await start(self, name)

    monkeypatch.setattr(Api, "start_kernel", slow)
    runtime = opened(server.url, lasts=False)
    starting = asyncio.create_task(runtime.start())
    await asked.wait()
    await runtime.aclose()
    await asyncio.gather(starting, return_exceptions=True)
    assert server.kernels() == kernels
    assert Register(living(tmp_path)).all() == []


async def test_a_restart_that_fails_is_not_forgotten(
    server: JupyterServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Way(server.port) as way:
        runtime = opened(server.url.replace(str(server.port), str(way.port)))
        await runtime.start()
        await runtime.execute(attempt("x = 5"), timeout=LONG).wait()
        await way.cut()
        with pytest.raises(Exception, match="Nothing answers"):
            await runtime.restart()
        await way.mend()
        await runtime.start()
        assert await value(runtime, "x") == "NameError"
