"""The way to a server is cut: what runs there goes on, and what was lost is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.kernels import LONG, printed
from tests.runtime.server.conftest import Opener
from tests.runtime.server.steps import attempt, verdicts
from tests.support.jupyter import JupyterServer, Way
from tests.support.waiting import wait_for_async
from tutor.runtime.base import Ending
from tutor.runtime.messages import Meaning, Status
from tutor.runtime.server.kernel import ServerKernel

pytestmark = pytest.mark.kernel


async def test_a_cut_in_the_midst_of_output_loses_nothing(
    server: JupyterServer, opened: Opener, tmp_path: Path
) -> None:
    async with Way(server.port) as way:
        runtime = opened(server.url.replace(str(server.port), str(way.port)))
        await runtime.start()
        go = tmp_path / "go"
        code = (
            "import time, os\nfor i in range(300):\n    print(i, flush=True)\n    time.sleep(.005)\n"
            f"while not os.path.exists({str(go)!r}): time.sleep(.02)\nx = 5"
        )
        execution = runtime.execute(attempt(code), timeout=60.0)
        await wait_for_async(lambda: "20\n" in printed(execution.output))
        await way.cut()
        await wait_for_async(lambda: runtime.is_cut)
        await asyncio.to_thread(server.kernels)  # the server goes on meanwhile
        await way.mend()
        await wait_for_async(lambda: not runtime.is_cut)
        go.touch()
        await execution.wait()
        assert verdicts(execution) == ["passed"]
        lines = printed(execution.output).split()
        # What was in the air when it was cut may be gone; the server had all the rest.
        assert lines[-1] == "299"
        assert len(lines) > 280


async def test_answers_that_were_lost_are_asked_for(server: JupyterServer, opened: Opener) -> None:
    async with Way(server.port) as way:
        runtime = opened(server.url.replace(str(server.port), str(way.port)))
        await runtime.start()
        kernel = runtime._kernel
        assert isinstance(kernel, ServerKernel)
        # Messages that are written into a connection which nobody reads any more are lost.
        idle: list[str] = []

        def lose(parent_id: str, meaning: Meaning, message: Mapping[str, Any]) -> None:
            if meaning == Status("idle"):
                idle.append(parent_id)

        kernel._on_message = lose
        execution = runtime.execute(attempt("x = 5"), timeout=LONG)
        await wait_for_async(lambda: len(idle) == 2, LONG)  # the step and its judgement
        kernel._on_message = runtime._receive
        await way.cut()
        await way.mend()
        finished = await execution.wait()
        assert finished.ending is Ending.DONE
        assert verdicts(execution) == ["passed"]
        assert "some output did not arrive" in printed(execution.output, "stderr")


async def test_code_that_never_arrived_is_not_taken_for_done(server: JupyterServer, opened: Opener) -> None:
    async with Way(server.port) as way:
        runtime = opened(server.url.replace(str(server.port), str(way.port)))
        await runtime.start()
        execution = runtime.execute(attempt("x = 5"), timeout=LONG)
        kernel = runtime._kernel
        assert isinstance(kernel, ServerKernel)
        kernel._channels._unsent.clear()
        await way.cut()
        await way.mend()
        assert (await execution.wait()).ending is Ending.LOST
