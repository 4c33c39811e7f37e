"""Where the lesson's code runs: warming up while the learner reads, coming back, moving elsewhere, beginning afresh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tutor.errors import RuntimeFailed, TutorError
from tutor.runtime.base import Late, Resumed, Runtime, RuntimeState
from tutor.session import plan
from tutor.session.desk import Desk
from tutor.session.events import RuntimeChanged
from tutor.session.worker import Worker
from tutor.text.sentences import in_a_row


class Whereabouts:
    """The runtime of the open lesson."""

    def __init__(
        self,
        desk: Desk,
        worker: Worker,
        hear: Callable[[Late], None],
        resume: Callable[[Runtime, Resumed], None],
    ) -> None:
        """Args: `hear`: what threads of earlier steps print; `resume`: goes on with an attempt that an earlier tutor has begun."""
        self._desk = desk
        self._worker = worker
        self._hear = hear
        self._resume = resume

    @property
    def _runtime(self) -> Runtime:
        return self._desk.runtimes.for_lesson(self._desk.lesson)

    async def warm_up(self) -> None:
        """Start it; a failure is told, and met again by the first step."""
        runtime = self._runtime
        problem = ""
        try:
            await self._worker.ready(runtime)
        except RuntimeFailed as error:
            problem = in_a_row(error.message, error.hint)
        if runtime is not self._runtime:
            return  # the lesson has moved meanwhile
        if problem:
            self._desk.publish(RuntimeChanged(RuntimeState.DEAD, runtime.info, problem))
        else:
            self._settle(runtime)

    async def move(self, name: str) -> None:
        """Go on in another one, once it is ready.

        Raises:
            UsageError, RuntimeFailed: it cannot be used, and everything is as it was.
        """
        desk, before = self._desk, self._desk.runtimes.chosen_name
        self.leave()
        try:
            desk.runtimes.choose(name)
            await self._worker.ready(self._runtime)
        except TutorError:
            desk.runtimes.choose(before)
            self._settle(self._runtime)
            raise
        desk.visit = replace(desk.visit, ran_in=None)
        self._settle(self._runtime)

    def steps_with_names(self) -> int:
        """How many steps of the lesson have run in the present kernel."""
        desk, here = self._desk, (self._runtime.info.name, self._runtime.generation)
        return sum(tuple(place) == here for _, *place in desk.ran_in)

    def leave(self) -> None:
        """Nobody listens to it any more."""
        self._runtime.listen(None)
        self._runtime.watch(None)

    async def restart(self, *, empty_folder: bool) -> None:
        """A fresh kernel for the present step."""
        desk = self._desk
        runtime = desk.runtime_for(desk.step)
        await self._worker.restart(runtime)
        if empty_folder:
            await self._worker.quiet(runtime, plan.tidy(desk.ground_in(runtime), remove=False))
        desk.visit = replace(desk.visit, ran_in=None)
        await desk.note(desk.words("session.restarted_empty" if empty_folder else "session.restarted"))

    async def remove_folder(self) -> None:
        """Take the lesson's folder away where it is on another machine."""
        desk, runtime = self._desk, self._runtime
        folder = desk.options.folder
        if runtime.state is RuntimeState.READY and runtime.folder(folder) != str(folder):
            await self._worker.quiet(runtime, plan.tidy(desk.ground_in(runtime), remove=True))

    def _settle(self, runtime: Runtime) -> None:
        """It is the lesson's from now on."""
        desk = self._desk
        runtime.listen(self._hear)
        runtime.watch(lambda: desk.publish(RuntimeChanged(runtime.state, runtime.info)))
        desk.publish(RuntimeChanged(runtime.state, runtime.info))
        desk.show()
        resumed = runtime.take_up(plan.step_key(desk.lesson, desk.step))
        if resumed is not None:
            self._resume(runtime, resumed)
