"""Sends requests to a runtime and tells the front end what happens meanwhile: one execution at a time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Coroutine, Sequence
from typing import TypeVar

from tutor.errors import ServerError
from tutor.lesson.model import Step
from tutor.runtime.base import Ending, Execution, Finished, Request, Runtime, RuntimeInfo, RuntimeState
from tutor.session.desk import Desk
from tutor.session.events import OutputChanged, RuntimeChanged

T = TypeVar("T")

COALESCE = 1 / 30
"""Seconds between two announcements of new output; a screen draws no faster."""


class InterruptedWait(Exception):
    """The learner does not want to wait for it any longer."""


class Worker:
    """Runs what the session wants run, and knows what runs now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._execution: Execution | None = None
        self._runtime: Runtime | None = None
        self._waited_for: asyncio.Task[object] | None = None
        self.output_announced = False
        """An `OutputChanged` waits in the queue; set back by the queue when it is taken."""
        self.wanted_person = False
        """The newest execution asked for input and nobody was there."""

    async def ready(self, runtime: Runtime) -> None:
        """Wait until the runtime can run code; a dead one gets a new process.

        Raises:
            RuntimeStartError: it did not start.
        """
        if runtime.state in (RuntimeState.READY, RuntimeState.BUSY):
            return
        await self._started(runtime, runtime.start())

    async def restart(self, runtime: Runtime) -> None:
        """A new process in place of the kernel's.

        Raises:
            RuntimeStartError: it did not start.
        """
        await self._started(runtime, runtime.restart())

    async def _started(self, runtime: Runtime, start: Awaitable[RuntimeInfo]) -> None:
        self._desk.publish(RuntimeChanged(RuntimeState.STARTING, runtime.info))
        info = await start
        self._desk.learn(runtime)
        self._desk.publish(RuntimeChanged(runtime.state, info))
        for note in runtime.take_notes():
            await self._desk.note(note)

    async def unless_interrupted(self, wanted: Coroutine[None, None, T]) -> T:
        """What comes of it, unless an interrupt ends the waiting.

        Raises:
            InterruptedWait: one did, now or before.
        """
        if self._desk.interrupted:
            wanted.close()
            raise InterruptedWait
        task = asyncio.create_task(wanted)
        self._waited_for = task
        try:
            await asyncio.wait([task])
        finally:
            self._waited_for = None
            task.cancel()
        if task.cancelled():
            raise InterruptedWait
        return task.result()

    async def run(self, runtime: Runtime, requests: Sequence[Request], step: Step | None, limit: float) -> Execution:
        """Run to the end, at most `limit` seconds, announcing output and input requests; returns the finished execution."""
        await self._until_free(runtime)
        return await self.follow(runtime, runtime.execute(requests, timeout=limit, scrubber=self._desk.scrubber), step)

    async def follow(self, runtime: Runtime, execution: Execution, step: Step | None) -> Execution:
        """The same for an execution that is under way."""
        desk = self._desk
        self._execution, self._runtime = execution, runtime
        execution.is_followed = True
        self.wanted_person = False
        # What waits in the queue is about an earlier log; this one is announced for itself.
        self.output_announced = False
        seen, announced, was_cut = 0, 0.0, False
        try:
            while execution.finished is None:
                await execution.changed()
                if execution.output.end > seen and not self.output_announced:
                    pause = announced + COALESCE - time.monotonic()
                    if pause > 0 and execution.finished is None and execution.input_request is None:
                        await asyncio.sleep(pause)
                    seen, announced = execution.output.end, time.monotonic()
                    self.output_announced = True
                    desk.publish(OutputChanged(desk.lesson.id, step.id if step else "", execution.output))
                if runtime.is_cut != was_cut:
                    was_cut = runtime.is_cut
                    key = "server.cut" if was_cut else "server.back"
                    await desk.note(desk.words(key, url=runtime.info.label or runtime.info.name))
                if execution.input_request != desk.input_request:
                    desk.input_request = execution.input_request
                    if desk.input_request is not None and desk.options.headless:
                        self.wanted_person = True
                        await runtime.interrupt()
                    desk.show()
            if execution.output.end > seen and not self.output_announced:
                self.output_announced = True
                desk.publish(OutputChanged(desk.lesson.id, step.id if step else "", execution.output))
        finally:
            execution.is_followed = execution.finished is not None
            self._execution, self._runtime = None, None
            desk.input_request = None
        return execution

    async def quiet(self, runtime: Runtime, request: Request) -> Finished:
        """Run something of ours that nobody watches."""
        await self._until_free(runtime)
        return await runtime.execute([request], timeout=30).wait()

    async def _until_free(self, runtime: Runtime) -> None:
        """Let what was left running there come to its end; an interrupt ends it sooner."""
        under_way = runtime.take_up() if runtime.state is RuntimeState.BUSY else None
        if under_way is None:
            return
        what = under_way.step or self._desk.words("session.own_code")
        await self._desk.note(self._desk.words("session.still_busy", step=what))
        self._runtime = runtime
        try:
            await under_way.execution.wait()
        finally:
            self._runtime = None

    def answer(self, line: str) -> None:
        """Answer `input()`."""
        if self._execution is not None and self._execution.input_request is not None:
            self._execution.answer(line)
            self._desk.input_request = None

    async def interrupt(self) -> None:
        """Stop what runs."""
        self._desk.interrupted = True
        if self._waited_for is not None:
            self._waited_for.cancel()
        if self._runtime is not None:
            await self._runtime.interrupt()

    async def keep_output(self) -> None:
        """What came so far of code that goes on alone; its end brings only the rest."""
        if self._execution is not None:
            entry = self._desk.scribe.output(self._desk.step, self._execution.output, 0.0)
            await self._desk.say([entry] if entry else [])

    @property
    def goes_on_alone(self) -> bool:
        """What runs now needs nobody here."""
        return self._runtime is not None and self._runtime.outlives

    async def revive(self, runtime: Runtime, finished: Finished) -> None:
        """After a death, put a new kernel in place of the old one, so that the learner can go on."""
        if finished.ending in (Ending.DIED, Ending.LOST):
            self._desk.publish(RuntimeChanged(RuntimeState.DEAD, runtime.info))
            if finished.ending is Ending.DIED:
                with contextlib.suppress(ServerError):  # met again, and told, by whatever is wanted next
                    await self.ready(runtime)
        elif finished.ending is Ending.KILLED:
            self._desk.publish(RuntimeChanged(runtime.state, runtime.info))
