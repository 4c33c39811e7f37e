"""Kernels of a Python on this machine: the `local` and `local:PYTHON` runtimes."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tutor.errors import RuntimeDied, RuntimeStartError
from tutor.runtime.base import Ending, InputRequest, Json, Late, Request, RuntimeInfo, RuntimeState, Text
from tutor.runtime.execution import KernelExecution
from tutor.runtime.interpreter import find_python
from tutor.runtime.kernel import LocalKernel
from tutor.runtime.messages import Ignored, Meaning, Reply, Status
from tutor.runtime.output_log import SpooledLog
from tutor.text.scrub import Scrubber

log = logging.getLogger(__name__)

START_SECONDS = 60.0
YIELD_SECONDS = 3.0
"""For what runs to end after an interrupt; a bash step needs 2.2 s if it ignores signals."""
BEGIN_SECONDS = 1.0
"""For the kernel to take up a request: before that it ignores interrupts."""
LOST_IDLE_SECONDS = 2.0
"""After the replies, before the kernel is asked again whether it is idle."""
LATE_CHARACTERS = 1 << 20
"""Late output kept for the next execution to bring."""
STEPS_REMEMBERED = 200
_counter = itertools.count(1)


class LocalRuntime:
    """The `Runtime` of this machine."""

    def __init__(
        self, python: str | None, *, bundles: Path, output_folder: Path, log_path: Path, working_folder: Path
    ) -> None:
        """Makes it without starting anything.

        Args: `python`: None for the one that tutor runs in; `bundles`: the cache for the zip of harness and kit; `output_folder`: for
            long outputs; `log_path`: takes the kernel's own stdout and stderr.
        """
        self._python = python
        self._bundles = bundles
        self._output_folder = output_folder
        self._log_path = log_path
        self._working_folder = working_folder
        self._name = "local" if python is None else f"local:{python}"
        self._info = RuntimeInfo(self._name)
        self._generation = 0
        self._kernel: LocalKernel | None = None
        self._execution: KernelExecution | None = None
        self._starting: asyncio.Task[None] | None = None
        self._start_waiters = 0
        self._stopping: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._change = asyncio.Lock()
        self._is_dead = False
        self._is_closed = False
        self._steps: deque[tuple[str, str]] = deque(maxlen=STEPS_REMEMBERED)
        """Ids of requests and the steps they were of, for output that comes late."""
        self._late: list[Late] = []
        self._hear: Callable[[Late], None] | None = None
        self._scrubber = Scrubber()
        """Of the last execution, for what its threads say when nothing runs."""
        self._late_size = 0

    @property
    def state(self) -> RuntimeState:
        if self._starting is not None:
            return RuntimeState.STARTING
        if self._kernel is None:
            return RuntimeState.DEAD if self._is_dead else RuntimeState.OFF
        return RuntimeState.READY if self._execution is None else RuntimeState.BUSY

    @property
    def info(self) -> RuntimeInfo:
        return self._info

    @property
    def generation(self) -> int:
        return self._generation

    async def start(self) -> RuntimeInfo:
        if self._is_closed:
            raise RuntimeStartError("This runtime was closed.")
        if self._starting is None:
            if self._kernel is not None:
                return self._info
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(self._note_started)
        task = self._starting
        self._start_waiters += 1
        try:
            await asyncio.wait((task,))
        finally:
            self._start_waiters -= 1
            if not task.done() and not self._start_waiters:  # nobody wants it any more
                task.cancel()
                await asyncio.wait((task,))
        if task.cancelled():
            raise RuntimeStartError("The runtime was closed while it started.")
        task.result()
        return self._info

    async def _start(self) -> None:
        async with self._change:
            kernel = LocalKernel(find_python(self._python), self._receive)
            facts = await kernel.start(self._bundles, self._log_path, self._working_folder, START_SECONDS)
            self._kernel = kernel
            self._generation += 1
            self._is_dead = False
            self._info = _info(self._name, kernel.python, facts)
            self._spawn(self._watch(kernel))

    def _note_started(self, task: asyncio.Task[None]) -> None:
        self._starting = None
        if not task.cancelled() and task.exception() is not None:
            self._is_dead = True

    def execute(
        self, requests: Sequence[Request], *, timeout: float | None = None, scrubber: Scrubber | None = None
    ) -> KernelExecution:
        kernel = self._kernel
        if kernel is None or self._execution is not None:
            raise RuntimeDied(f"The runtime {self._name} is {self.state}, not ready.", "Restart the runtime.")
        message_ids = [kernel.send(request) for request in requests]
        self._steps.extend(
            (message_id, str(request.tutor.get("step") or ""))
            for message_id, request in zip(message_ids, requests, strict=True)
        )
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{next(_counter)}.txt"
        execution = KernelExecution(message_ids, SpooledLog(self._output_folder, name), scrubber, kernel.answer)
        self._scrubber = scrubber or self._scrubber
        for late in self._late:
            execution.add(late)
        self._late, self._late_size = [], 0
        self._execution = execution
        if timeout is not None:
            loop = asyncio.get_running_loop()
            execution.timer = loop.call_later(timeout, self._time_out, execution)
        return execution

    def listen(self, hear: Callable[[Late], None] | None) -> None:
        self._hear = hear

    async def interrupt(self) -> None:
        if self._execution is not None:
            await self._stop(self._execution)

    async def restart(self) -> RuntimeInfo:
        await self._end_kernel()
        return await self.start()

    async def aclose(self) -> None:
        self._is_closed = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait((self._starting,))
        await self._end_kernel()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _end_kernel(self) -> None:
        async with self._change:
            kernel, execution = self._kernel, self._execution
            if kernel is None:
                return
            kernel.is_ending = True
            try:
                if execution is None:
                    await kernel.shut_down()
            finally:
                await kernel.end()
                self._kernel = None
                if execution is not None:
                    self._finish(execution, Ending.KILLED)

    def _time_out(self, execution: KernelExecution) -> None:
        execution.ending = Ending.TIMEOUT
        self._spawn(self._stop(execution))

    async def _stop(self, execution: KernelExecution) -> None:
        """Interrupt what runs; kill and restart the kernel if it does not yield. Shared by all who want it at once."""
        if self._stopping is None or self._stopping.done():
            self._stopping = self._spawn(self._interrupt_or_kill(execution))
        await asyncio.shield(self._stopping)

    async def _interrupt_or_kill(self, execution: KernelExecution) -> None:
        kernel = self._kernel
        if kernel is None or execution.finished is not None:
            return
        begin = time.monotonic() + BEGIN_SECONDS
        while not execution.exchange.has_begun and execution.finished is None and time.monotonic() < begin:
            await _wait_for_end(execution, 0.02)
        for _ in range(2):  # one that fell between two requests was ignored
            kernel.interrupt()
            await _wait_for_end(execution, YIELD_SECONDS / 2)
            if execution.finished is not None:
                return
        log.info("the kernel did not yield to an interrupt and is killed")
        try:
            await self._replace(kernel)
        except RuntimeStartError as error:
            log.error("the kernel could not be started again: %s", error)
        finally:
            self._finish(execution, Ending.KILLED)

    async def _replace(self, kernel: LocalKernel) -> None:
        """A new kernel in place of one that hangs."""
        async with self._change:
            await kernel.end()
            if self._kernel is kernel:
                self._kernel = None
        if not self._is_closed:
            await self.start()

    async def _watch(self, kernel: LocalKernel) -> None:
        """Notice that a kernel ended by itself."""
        await kernel.ended()
        if kernel.is_ending:
            return
        async with self._change:
            if self._kernel is not kernel:
                return
            await kernel.settle()
            await kernel.end()
            self._kernel = None
            self._is_dead = True
            log.warning("the kernel ended by itself: %s", kernel.exit_status)
            if self._execution is not None:
                self._finish(self._execution, Ending.DIED, kernel.exit_status)

    def _receive(self, parent_id: str, meaning: Meaning, message: Mapping[str, Any]) -> None:
        """Whatever the kernel says, at once."""
        execution = self._execution
        if isinstance(meaning, Late):
            self._take_late(meaning)
        elif execution is not None and parent_id in execution.exchange:
            execution.take(parent_id, meaning, message)
            if execution.finished is not None:
                self._forget(execution)
            elif isinstance(meaning, Reply) and execution.exchange.is_answered:
                loop = asyncio.get_running_loop()
                loop.call_later(LOST_IDLE_SECONDS, self._look_for_idle, execution)
        elif isinstance(meaning, Text):
            self._take_stray(parent_id, meaning)
        elif not isinstance(meaning, Status | Reply | Ignored | InputRequest):
            log.info("output of no present request is dropped: %s", type(meaning).__name__)

    def _take_stray(self, parent_id: str, text: Text) -> None:
        """Text of a request that is over, or of none."""
        for message_id, step in self._steps:
            if message_id == parent_id:
                self._take_late(Late(step, text.stream, text.text))
                return
        log.info("the kernel says on %s: %s", text.stream, text.text.rstrip())

    def _take_late(self, late: Late) -> None:
        if self._execution is not None:
            self._execution.add(late)
        elif self._hear is not None:
            self._hear(replace(late, text=self._scrubber.scrub_part(late.text)))
        elif self._late_size < LATE_CHARACTERS:
            self._late.append(late)
            self._late_size += len(late.text)

    def _look_for_idle(self, execution: KernelExecution) -> None:
        """The idle status can be lost when this process stood still for long: ZeroMQ drops what is not fetched."""
        if execution.finished is None and execution is self._execution and self._kernel is not None:
            execution.exchange.add(self._kernel.send_probe())

    def _finish(self, execution: KernelExecution, ending: Ending, exit_status: int | None = None) -> None:
        execution.finish(ending, exit_status)
        self._forget(execution)

    def _forget(self, execution: KernelExecution) -> None:
        if self._execution is execution:
            self._execution = None

    def _spawn(self, coroutine: Any) -> asyncio.Task[None]:
        """A task that is kept until it ends."""
        task: asyncio.Task[None] = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _wait_for_end(execution: KernelExecution, seconds: float) -> None:
    try:
        await asyncio.wait_for(execution.wait(), seconds)
    except TimeoutError:
        return


def _info(name: str, python: str, facts: Mapping[str, Json]) -> RuntimeInfo:
    return RuntimeInfo(
        name,
        python=str(facts.get("python") or ""),
        executable=str(facts.get("executable") or python),
        device=str(facts.get("device") or ""),
        facts=facts,
    )
