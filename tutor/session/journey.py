"""Moving through a lesson: coming to a step, leaving it, reaching the end, and taking in a changed file."""

from __future__ import annotations

import asyncio
from typing import Any

from tutor.errors import LessonError
from tutor.lesson.model import Checklist
from tutor.progress.model import EntryKind, StepState, Verdict
from tutor.runtime.base import RuntimeState
from tutor.session import commands as ask
from tutor.session import drafts, plan
from tutor.session.closing import closing, in_one_text
from tutor.session.desk import Desk, LessonSource
from tutor.session.events import Failed, LessonFinished
from tutor.session.visit import Visit
from tutor.session.worker import Worker

DONE = (StepState.PASSED, StepState.OPEN)


class Journey:
    """Where the learner is in the lesson."""

    def __init__(self, desk: Desk, worker: Worker, source: LessonSource | None) -> None:
        self._desk = desk
        self._worker = worker
        self._source = source

    async def move(self, command: ask.Command) -> None:
        desk = self._desk
        step = desk.step
        await self.reload()
        match command:
            case ask.Skip():
                await desk.keeper.set_state(step.id, StepState.SKIPPED, step.hash)
                await self._leave(desk.index + 1)
            case ask.Next():
                await self._pass_by()
                await self._leave(desk.index + 1)
            case ask.Back():
                await self._leave(desk.index - 1)
            case ask.Goto(step_id=step_id):
                known = [other.id for other in desk.lesson.steps]
                if step_id in known:
                    await self._leave(known.index(step_id))
                elif step_id.isdecimal() and 1 <= int(step_id) <= len(known):
                    await self._leave(int(step_id) - 1)
                else:
                    told = desk.words("session.no_step", step=step_id, count=len(known), known=", ".join(known))
                    desk.publish(Failed(told))

    async def _pass_by(self) -> None:
        """What going on means for the step: reading passes one without work; an untouched one is skipped."""
        desk = self._desk
        step = desk.step
        if step.work is None and not step.checks:
            await desk.keeper.set_state(step.id, StepState.PASSED, step.hash)
        elif desk.state in (StepState.NEW, StepState.NOT_YET):
            await desk.keeper.set_state(step.id, StepState.SKIPPED, step.hash)

    async def practise(self) -> None:
        """From now on such steps are rehearsed, or no longer; the present one begins anew."""
        desk = self._desk
        has_lost_names = desk.change_sides()
        visit = desk.visit
        desk.visit = Visit(ticked=visit.ticked, predicted=visit.predicted, prediction_why=visit.prediction_why)
        told = [desk.words("session.practice_on" if desk.practice else "session.practice_off")]
        if has_lost_names:
            told.append(desk.words("session.practice_apart"))
        await desk.note(" ".join(told))
        desk.show()

    async def _leave(self, index: int) -> None:
        desk = self._desk
        verdict = desk.visit.outcome.verdict if desk.visit.outcome else None
        if desk.visit.ran_in is not None and verdict is not Verdict.PASSED and not desk.options.headless:
            # A pass drops what was kept for rewinding by itself; leaving must say so.
            runtime = desk.runtime_for(desk.step)
            if runtime.state is RuntimeState.READY:
                await self._worker.quiet(runtime, plan.leave(desk.ground_in(runtime)))
        if index >= len(desk.lesson.steps):
            await self._finish_lesson()
            return
        await self.come_to(max(0, index))

    async def come_to(self, index: int, *, silently: bool = False) -> None:
        desk = self._desk
        desk.index = index
        desk.finished = False
        step = desk.step
        ticked = await desk.keeper.ticks(step.id) if isinstance(step.work, Checklist) else ()
        desk.visit = Visit(ticked=ticked)
        await drafts.load(desk)
        await desk.keeper.set_position(step.id)
        if not silently:
            await self.tell_step()
        desk.show()

    async def tell_step(self) -> None:
        """The current step's title and prose."""
        desk = self._desk
        step = desk.step
        told = [desk.scribe.heading(step, desk.index, len(desk.lesson.steps))]
        if step.body.strip():
            told.append(desk.scribe.entry(step, EntryKind.PROSE, step.body))
        await desk.say(told)

    async def _finish_lesson(self) -> None:
        desk = self._desk
        state = desk.lesson_state()
        if not desk.options.headless and not desk.finished:
            told = self._closing(state)
            body = in_one_text(told, desk.words)
            await desk.say([desk.scribe.entry(desk.step, EntryKind.NOTE, body, told)])
        self.stay_at_the_end()

    def stay_at_the_end(self) -> None:
        """The end of the lesson was told, now or in an earlier sitting."""
        desk = self._desk
        desk.finished = True
        desk.publish(LessonFinished(desk.lesson.id, desk.lesson_state(), desk.counts()))
        desk.show()

    def _closing(self, state: str) -> dict[str, Any]:
        desk = self._desk
        by_state = [(step, desk.state_of(step)) for step in desk.lesson.steps]
        open_steps = [(step, desk.keeper.unmet(step.id)) for step, state in by_state if state is StepState.OPEN]
        left = [step for step, state in by_state if state not in DONE]
        passed = len(by_state) - len(open_steps) - len(left)
        not_for_real = [step for step, state in by_state if state is not StepState.PASSED]
        rehearsed = sum(desk.keeper.is_rehearsed(step.id, step.hash) for step in not_for_real)
        return closing(desk.lesson, state, passed, open_steps, left, rehearsed=rehearsed)

    async def reload(self) -> None:
        """Take in a lesson whose file was changed while it is open."""
        desk = self._desk
        if self._source is None or not self._source.changed():
            return
        try:
            lesson = await asyncio.to_thread(self._source.reload)
        except LessonError as error:
            await desk.note(desk.words("session.reload_failed", message=error.message))
            return
        step_id = desk.step.id
        desk.lesson = lesson
        desk.index = next((index for index, step in enumerate(lesson.steps) if step.id == step_id), 0)
        if desk.step.id != step_id:
            desk.visit = Visit()
            await drafts.load(desk)
        await desk.note(desk.words("session.reloaded"))
        desk.show()
