"""What tests with real kernels share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.waiting import wait_for_async
from tutor.runtime.base import Execution, Finished, Late, OutputLog, Raised, Request, Runtime, Text
from tutor.runtime.local import LocalRuntime

LONG = 20.0
"""Seconds that no execution of these tests takes; a machine that is busy may need some of them."""


def make_runtime(folder: Path, python: str | None = None) -> LocalRuntime:
    """A runtime with all its files in that folder, not started."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    return LocalRuntime(
        python,
        bundles=folder / "bundles",
        output_folder=folder / "outputs",
        log_path=folder / "kernel.log",
        working_folder=work,
    )


def waits_for(file: Path | str, then: str) -> str:
    """Code that says `begun` and goes on once the file is there."""
    waiting = f"while not os.path.exists({str(file)!r}): time.sleep(.02)"
    return f"import os, time\nprint('begun', flush=True)\n{waiting}\n{then}"


def free(code: str, *, allow_stdin: bool = True) -> Request:
    return Request(code, {"op": "free"}, allow_stdin=allow_stdin)


async def run(runtime: Runtime, code: str, *, timeout: float | None = LONG) -> tuple[Execution, Finished]:
    """Run code as from the prompt, to its end."""
    execution = runtime.execute([free(code)], timeout=timeout)
    return execution, await execution.wait()


def printed(log: OutputLog, stream: str = "stdout") -> str:
    outputs, _ = log.read(limit=1 << 30)
    return "".join(output.text for output in outputs if isinstance(output, Text) and output.stream == stream)


def late(log: OutputLog) -> str:
    outputs, _ = log.read(limit=1 << 30)
    return "".join(output.text for output in outputs if isinstance(output, Late))


async def begun(execution: Execution) -> None:
    """Until it says so: see `waits_for`."""
    await wait_for_async(lambda: "begun" in printed(execution.output), LONG)


def raised(log: OutputLog) -> list[str]:
    outputs, _ = log.read(limit=1 << 30)
    return [output.type for output in outputs if isinstance(output, Raised)]


@dataclass(frozen=True)
class Process:
    """A live process as /proc shows it."""

    pid: int
    parent: int
    session: int
    command: str


def processes() -> list[Process]:
    """All that live; zombies do not."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            state, parent, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if state not in "ZX":
            found.append(Process(int(folder.name), int(parent), int(session), command))
    return found


def alive(pids: Sequence[int]) -> set[int]:
    return set(pids) & {process.pid for process in processes()}


def kernels_of(parent: int = os.getpid()) -> set[int]:
    """Watchdogs that this process started, and all in the sessions of their kernels."""
    everything = processes()
    watchdogs = {p.pid for p in everything if p.parent == parent and "watchdog.py" in p.command}
    sessions = {p.pid for p in everything if p.parent in watchdogs}
    return watchdogs | {p.pid for p in everything if p.session in sessions}
