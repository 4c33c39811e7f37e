"""What all runtimes share: executions one at a time, late output, interrupts that become restarts, and a kernel that may end by itself."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import time
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from tutor.errors import RuntimeDied, RuntimeStartError, ServerError
from tutor.runtime.base import Ending, InputRequest, Late, Request, Resumed, RuntimeInfo, RuntimeState, Text
from tutor.runtime.execution import KernelExecution
from tutor.runtime.messages import Ignored, Meaning, Reply, Status
from tutor.runtime.output_log import SpooledLog
from tutor.text.scrub import Scrubber

log = logging.getLogger(__name__)

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


class Kernel(Protocol):
    """One kernel process with the way to it, from its start until it is left."""

    is_ending: bool
    """It ends because it is told to."""

    @property
    def exit_status(self) -> int | None:
        """Of a process that ended; None if nobody knows."""

    def send(self, request: Request) -> str:
        """Send an execute request; its id."""

    def send_probe(self) -> str:
        """Ask for something harmless: once it is done, so is all before it."""

    def answer(self, line: str, header: Mapping[str, Any]) -> None:
        """Answer an `InputRequest`."""

    async def interrupt(self) -> None:
        """An interrupt for what runs."""

    async def ended(self) -> Ending:
        """Wait until it is gone by itself, or cannot be reached any more."""

    async def settle(self) -> None:
        """Wait until what it sent before it was gone has arrived."""

    async def end(self, *, gently: bool) -> None:
        """It is not wanted any more. Safe to call twice. Args: `gently`: it is idle and may tidy up."""

    async def leave(self, *, is_idle: bool) -> None:
        """The tutor ends; so does the kernel, unless it is one that outlives it. Safe to call twice."""


class KernelRuntime:
    """The `Runtime` over kernels that subclasses open."""

    def __init__(self, name: str, *, output_folder: Path) -> None:
        """Makes it without starting anything. Args: `output_folder`: for long outputs."""
        self._name = name
        self._output_folder = output_folder
        self._info = RuntimeInfo(self._name)
        self._generation = 0
        self._kernel: Kernel | None = None
        self._execution: KernelExecution | None = None
        self._starting: asyncio.Task[None] | None = None
        self._start_waiters = 0
        self._stopping: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._change = asyncio.Lock()
        self._is_dead = False
        self._has_died = False
        """The newest kernel's process ended by itself."""
        self._is_closed = False
        self._steps: deque[tuple[str, str]] = deque(maxlen=STEPS_REMEMBERED)
        """Ids of requests and the steps they were of, for output that comes late."""
        self._late: list[Late] = []
        self._hear: Callable[[Late], None] | None = None
        self._changed: Callable[[], None] | None = None
        self._scrubber = Scrubber()
        """Of the last execution, for what its threads say when nothing runs."""
        self._late_size = 0

    @abstractmethod
    async def _open(self) -> tuple[Kernel, RuntimeInfo, bool]:
        """A kernel that is ready, what it is, and whether it is a fresh one, without the names of the one before.

        Raises:
            RuntimeStartError: there is none.
        """

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

    def take_up(self, step: str = "") -> Resumed | None:
        return None

    @property
    def outlives(self) -> bool:
        return False

    @property
    def is_cut(self) -> bool:
        return False

    @property
    def left_behind(self) -> bool:
        return False

    def take_notes(self) -> Sequence[str]:
        return ()

    def folder(self, folder: Path) -> str:
        return str(folder)

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
            kernel, self._info, is_fresh = await self._open()
            self._kernel = kernel
            self._generation += is_fresh
            self._is_dead = False
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
        execution = KernelExecution(message_ids, self._new_log(), scrubber, self._answer)
        self._scrubber = scrubber or self._scrubber
        for late in self._late:
            execution.add(late)
        self._late, self._late_size = [], 0
        self._execution = execution
        if timeout is not None:
            loop = asyncio.get_running_loop()
            execution.timer = loop.call_later(timeout, self._time_out, execution)
        return execution

    def watch(self, changed: Callable[[], None] | None) -> None:
        self._changed = changed

    def _tell_change(self) -> None:
        if self._changed is not None:
            self._changed()

    def listen(self, hear: Callable[[Late], None] | None) -> None:
        self._hear = hear

    async def interrupt(self) -> None:
        if self._execution is not None:
            await self._stop(self._execution)

    async def restart(self) -> RuntimeInfo:
        await self._end_kernel(leaving=False)
        return await self.start()

    async def aclose(self) -> None:
        self._is_closed = True
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait((self._starting,))
        await self._end_kernel(leaving=True)
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _end_kernel(self, *, leaving: bool) -> None:
        async with self._change:
            kernel, execution = self._kernel, self._execution
            if kernel is None:
                return
            kernel.is_ending = True
            try:
                if leaving:
                    await kernel.leave(is_idle=execution is None)
                else:
                    await kernel.end(gently=execution is None)
            finally:
                self._kernel = None
                if execution is not None:
                    self._finish(execution, Ending.KILLED)

    def _answer(self, line: str, header: Mapping[str, Any]) -> None:
        if self._kernel is not None:
            self._kernel.answer(line, header)

    def _new_log(self) -> SpooledLog:
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{next(_counter)}.txt"
        return SpooledLog(self._output_folder, name)

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
            await wait_for_end(execution, 0.02)
        for _ in range(2):  # one that fell between two requests was ignored
            await kernel.interrupt()
            await wait_for_end(execution, YIELD_SECONDS / 2)
            if execution.finished is not None:
                return
        log.info("the kernel did not yield to an interrupt and is killed")
        ending = Ending.KILLED
        try:
            await self._replace(kernel)
        except RuntimeStartError as error:
            log.error("the kernel could not be started again: %s", error)
            # A server that does not answer has killed nothing.
            ending = Ending.LOST if isinstance(error, ServerError) else Ending.KILLED
        finally:
            self._finish(execution, ending)

    async def _replace(self, kernel: Kernel) -> None:
        """A new kernel in place of one that hangs."""
        async with self._change:
            await kernel.end(gently=False)
            if self._kernel is kernel:
                self._kernel = None
        if not self._is_closed:
            await self.start()

    async def _watch(self, kernel: Kernel) -> None:
        """Notice that a kernel ended by itself."""
        ending = await kernel.ended()
        if kernel.is_ending:
            return
        async with self._change:
            if self._kernel is not kernel:
                return
            await kernel.settle()
            await kernel.end(gently=False)
            self._kernel = None
            self._is_dead, self._has_died = True, ending is Ending.DIED
            log.warning("the kernel ended by itself (%s): %s", ending, kernel.exit_status)
            if self._execution is not None:
                self._finish(self._execution, ending, kernel.exit_status)
            else:
                self._tell_change()

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


async def wait_for_end(execution: KernelExecution, seconds: float) -> None:
    """Wait for it, but no longer than that."""
    try:
        await asyncio.wait_for(execution.wait(), seconds)
    except TimeoutError:
        return
