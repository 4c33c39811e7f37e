"""Kernels that hang, die, are restarted and closed; each test has one of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.kernels import LONG, alive, free, kernels_of, late, make_runtime, printed, raised, run
from tests.support.waiting import wait_for, wait_for_async
from tutor.errors import RuntimeDied, RuntimeStartError
from tutor.harness import BASH_CODE, JUDGE_CODE
from tutor.runtime import kernel as kernel_module
from tutor.runtime import kernel_runtime
from tutor.runtime.base import Ending, Late, Request, RuntimeState
from tutor.runtime.kernel import LocalKernel
from tutor.runtime.local import LocalRuntime
from tutor.runtime.messages import Meaning, Status
from tutor.text.scrub import Scrubber

pytestmark = [pytest.mark.kernel, pytest.mark.usefixtures("nothing_left")]

HOLDS_THE_GIL = "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')"
NEVER_YIELDS = "import itertools\nsum(itertools.repeat(0))"


async def works(runtime: LocalRuntime) -> bool:
    execution, finished = await run(runtime, "print('fine')")
    return printed(execution.output) == "fine\n" and finished.ending is Ending.DONE


async def test_code_that_never_yields_is_killed_and_a_new_kernel_is_there(runtime: LocalRuntime) -> None:
    await run(runtime, "x = 1")
    _, finished = await run(runtime, NEVER_YIELDS, timeout=0.2)
    assert finished.ending is Ending.KILLED
    assert finished.seconds < 0.2 + kernel_runtime.YIELD_SECONDS + 3.0
    assert runtime.generation == 2
    assert runtime.state is RuntimeState.READY
    execution, _ = await run(runtime, "x")
    assert raised(execution.output) == ["NameError"]


async def test_a_regex_that_holds_the_gil_ends_and_the_runtime_works(runtime: LocalRuntime) -> None:
    _, finished = await run(runtime, HOLDS_THE_GIL, timeout=0.2)
    assert finished.ending in {Ending.TIMEOUT, Ending.KILLED}  # `re` of some versions looks for signals
    assert await works(runtime)


async def test_checks_that_run_out_of_time_keep_what_was_judged(runtime: LocalRuntime) -> None:
    code = "assert 1\nassert 1 == 2\n__import__('time').sleep(20)\nassert 3"
    judge = {"op": "judge", "step": "s", "checks": [{"code": code, "line": 1, "needs": []}], "attempted": True}
    requests = [
        Request("x = 1", {"op": "attempt", "step": "s", "fresh": True}),
        Request(JUDGE_CODE, judge, silent=True),
    ]
    finished = await runtime.execute(requests, timeout=1.0).wait()
    assert finished.ending is Ending.TIMEOUT
    assert finished.judged is not None
    assert finished.judged["error"] is None
    assert [(line["kind"], line["verdict"]) for line in finished.judged["lines"]] == [
        ("line", "passed"),
        ("line", "not_yet"),
        ("interrupted", "not_yet"),
        ("not_reached", "not_yet"),
    ]
    assert runtime.state is RuntimeState.READY


async def test_an_interrupt_ends_a_bash_step_with_its_children(runtime: LocalRuntime) -> None:
    script = "sleep 71 & sleep 72 & echo $!; wait"
    execution = runtime.execute(
        [Request(BASH_CODE, {"op": "attempt", "step": "b", "fresh": True, "language": "bash", "script": script})]
    )
    await wait_for_async(lambda: printed(execution.output))
    child = int(printed(execution.output))
    await runtime.interrupt()
    assert execution.finished is not None
    assert execution.finished.ending is Ending.DONE
    wait_for(lambda: not alive([child]))
    assert await works(runtime)


@pytest.mark.parametrize(
    ("code", "status"),
    [("import os\nos._exit(7)", 7), ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV)],
)
async def test_a_kernel_that_ends_itself_has_died(runtime: LocalRuntime, code: str, status: int) -> None:
    execution, finished = await run(runtime, f"print('before', flush=True)\nimport time; time.sleep(0.1)\n{code}")
    assert (finished.ending, finished.exit_status) == (Ending.DIED, status)
    assert finished.seconds < 3.0
    assert printed(execution.output) == "before\n"
    assert runtime.state is RuntimeState.DEAD
    with pytest.raises(RuntimeDied):
        runtime.execute([free("1")])
    await runtime.restart()
    assert await works(runtime)


async def test_a_kernel_killed_from_outside_has_died_also_when_idle(runtime: LocalRuntime) -> None:
    os.kill(runtime.info.facts["pid"], signal.SIGKILL)
    await wait_for_async(lambda: runtime.state is RuntimeState.DEAD, 2.0)
    await runtime.start()
    assert runtime.generation == 2
    assert await works(runtime)


async def test_a_kernel_whose_watchdog_is_killed_has_died(runtime: LocalRuntime) -> None:
    execution = runtime.execute([free("while True: pass")])
    watchdog = next(iter(kernels_of() - {runtime.info.facts["pid"]}))
    os.kill(watchdog, signal.SIGKILL)
    finished = await asyncio.wait_for(execution.wait(), 3.0)
    assert finished.ending is Ending.DIED
    wait_for(lambda: not alive([runtime.info.facts["pid"]]), 3.0)


async def test_out_of_memory_ends_in_an_error_or_a_death(runtime: LocalRuntime) -> None:
    code = (
        "import resource\nused = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 28),) * 2)\n"
        "hoard = []\nwhile True: hoard.append(bytearray(1 << 24))"
    )
    execution, finished = await run(runtime, code)
    assert raised(execution.output) == ["MemoryError"] or finished.ending is Ending.DIED
    await runtime.restart()
    assert await works(runtime)


async def test_a_restart_forgets_names_and_leaves_no_process(runtime: LocalRuntime) -> None:
    await run(runtime, "x = 1\nimport subprocess\nchild = subprocess.Popen(['sleep', '73'])")
    before = kernels_of()
    info = await runtime.restart()
    assert info.python
    assert runtime.generation == 2
    assert alive(list(before)) == set()
    execution, _ = await run(runtime, "x")
    assert raised(execution.output) == ["NameError"]


async def test_a_restart_ends_what_runs(runtime: LocalRuntime) -> None:
    execution = runtime.execute([free("while True: pass")])
    await runtime.restart()
    assert execution.finished is not None
    assert execution.finished.ending is Ending.KILLED
    assert await works(runtime)


async def test_closing_ends_what_runs_and_can_be_done_twice(runtime: LocalRuntime) -> None:
    execution = runtime.execute([free(NEVER_YIELDS)], timeout=LONG)
    await asyncio.gather(runtime.aclose(), runtime.aclose())
    assert execution.finished is not None
    assert execution.finished.ending is Ending.KILLED
    assert runtime.state is RuntimeState.OFF
    with pytest.raises(RuntimeStartError):
        await runtime.start()


async def test_closing_while_an_interrupt_waits(runtime: LocalRuntime) -> None:
    execution = runtime.execute([free(NEVER_YIELDS)])
    interrupting = asyncio.create_task(runtime.interrupt())
    await asyncio.sleep(0.01)
    await runtime.aclose()
    with contextlib.suppress(asyncio.CancelledError):
        await interrupting
    assert execution.finished is not None


async def test_an_idle_kernel_may_clean_up_before_it_goes(runtime: LocalRuntime, tmp_path: Path) -> None:
    await run(runtime, "import atexit\natexit.register(lambda: open('bye', 'w').close())")
    await runtime.aclose()
    assert (tmp_path / "work" / "bye").exists()


async def test_a_kernel_that_does_not_want_to_go_is_killed(
    runtime: LocalRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_module, "SHUT_DOWN_SECONDS", 0.2)
    await run(runtime, "import atexit, time\natexit.register(time.sleep, 60)")
    await runtime.aclose()


async def test_late_output_between_executions_comes_with_the_next(runtime: LocalRuntime) -> None:
    code = "import threading, time\nthreading.Timer(0.2, print, ['late']).start()"
    await runtime.execute([Request(code, {"op": "attempt", "step": "early", "fresh": True})]).wait()
    await wait_for_async(lambda: runtime._late)
    execution, _ = await run(runtime, "print('mine')")
    assert late(execution.output) == "late\n"
    assert printed(execution.output) == "mine\n"


async def test_a_secret_that_is_said_while_nothing_runs_is_hidden(runtime: LocalRuntime) -> None:
    heard: list[Late] = []
    runtime.listen(heard.append)
    code = "import threading; threading.Timer(0.3, print, ['its correct\\x1b[1m-horse.']).start()"
    scrubber = Scrubber([("token", "correct-horse")])
    await runtime.execute([Request(code, {"op": "attempt", "step": "s", "fresh": True})], scrubber=scrubber).wait()
    await wait_for_async(lambda: "." in "".join(told.text for told in heard))
    assert "".join(told.text for told in heard) == "its {{token}}\x1b[1m.\n"


async def test_an_idle_status_that_was_lost_is_asked_for(
    runtime: LocalRuntime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_runtime, "LOST_IDLE_SECONDS", 0.05)
    kernel = runtime._kernel
    assert isinstance(kernel, LocalKernel)
    lost: list[Meaning] = []

    def lose_first_idle(parent_id: str, meaning: Meaning, message: Mapping[str, Any]) -> None:
        if meaning == Status("idle") and not lost:
            lost.append(meaning)
        else:
            runtime._receive(parent_id, meaning, message)

    kernel._on_message = lose_first_idle
    assert await works(runtime)
    assert lost


async def test_one_execution_at_a_time(runtime: LocalRuntime) -> None:
    execution = runtime.execute([free("input()")])
    with pytest.raises(RuntimeDied):
        runtime.execute([free("1")])
    await runtime.interrupt()
    assert execution.finished is not None


async def test_nothing_readable_by_others(runtime: LocalRuntime) -> None:
    kernel = runtime._kernel
    assert isinstance(kernel, LocalKernel)
    folder = kernel._folder
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "kernel.json").stat().st_mode & 0o777 == 0o600
    assert runtime._log_path.stat().st_mode & 0o777 == 0o600
    await runtime.aclose()
    assert not folder.exists()


async def test_two_that_want_a_start_share_it(tmp_path: Path) -> None:
    runtime = make_runtime(tmp_path)
    first, second = await asyncio.gather(runtime.start(), runtime.start())
    assert first is second
    assert runtime.generation == 1
    await runtime.aclose()


async def test_one_that_gives_up_does_not_stop_the_start_for_another(tmp_path: Path) -> None:
    runtime = make_runtime(tmp_path)
    first, second = asyncio.create_task(runtime.start()), asyncio.create_task(runtime.start())
    await wait_for_async(kernels_of)
    first.cancel()
    assert (await second).python
    assert first.cancelled()
    await runtime.aclose()


@pytest.mark.parametrize("is_far", [False, True])
async def test_a_cancelled_start_leaves_nothing(tmp_path: Path, is_far: bool) -> None:
    runtime = make_runtime(tmp_path)
    starting = asyncio.create_task(runtime.start())
    await wait_for_async(lambda: len(kernels_of()) == 2 if is_far else True)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert kernels_of() == set()
    assert runtime.state is RuntimeState.OFF
    await runtime.aclose()


async def test_closing_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    runtime = make_runtime(tmp_path)
    starting = asyncio.create_task(runtime.start())
    await wait_for_async(kernels_of)
    await runtime.aclose()
    with pytest.raises(RuntimeStartError):
        await starting
    assert kernels_of() == set()


async def test_proxies_and_an_ascii_locale_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "socks5://127.0.0.1:9")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.setenv("TUTOR_DRIVE_TOKEN", "secret")
    monkeypatch.setenv("JUPYTER_TOKEN", "secret")
    runtime = make_runtime(tmp_path)
    await runtime.start()
    execution, _ = await run(
        runtime, "import os\nprint('一步', os.environ['http_proxy'])\nprint('secret' in os.environ.values())"
    )
    assert printed(execution.output) == "一步 socks5://127.0.0.1:9\nFalse\n"
    await runtime.aclose()
