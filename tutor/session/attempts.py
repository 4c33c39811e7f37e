"""Running code: a step's, a practice fence's, the learner's own at the prompt, and earlier steps' to bring names back."""

from __future__ import annotations

from dataclasses import replace

from tutor.lesson.model import Checklist, FixCode, RunCode, Step
from tutor.progress.model import EntryKind
from tutor.runtime.base import Ending, Execution, Resumed, Runtime
from tutor.session import drafts, plan, verdict
from tutor.session.answering import MOST_TOLD, told
from tutor.session.desk import Desk
from tutor.session.events import RuntimeChanged, SaidFinished
from tutor.session.explanations import Explanations
from tutor.session.judging import Judging
from tutor.session.worker import Worker
from tutor.text.fullwidth import odd_in_code


class Attempts:
    """Runs what the learner wants run; says everything through the desk."""

    def __init__(self, desk: Desk, worker: Worker, judging: Judging) -> None:
        self._desk = desk
        self._worker = worker
        self._judging = judging
        self._explanations = Explanations(desk)

    async def run(self, code: str | None) -> None:
        """Run the step's code and judge it, or rehearse what is done by hand."""
        desk, step = self._desk, self._desk.step
        if isinstance(step.work, Checklist) and desk.rehearses and step.work.practice is not None:
            if not desk.options.headless:
                await desk.note(desk.words("session.does_for_you"))
            await self._run_code(step, step.work.practice)
        elif isinstance(step.work, RunCode | FixCode):
            await self._run_code(step, desk.code if code is None else code)
        elif step.work is None:
            await self._judging.begin(step, "")
            await self._judging.checks(step)

    async def check(self) -> None:
        """Judge the checks again without running the code."""
        step = self._desk.step
        await self._judging.begin(step, self._desk.visit.code)
        await self._judging.checks(step, attempted=isinstance(step.work, RunCode | FixCode))

    async def free(self, text: str) -> None:
        """What stands at the prompt: code is run in the kernel, judged by nobody; an error is explained."""
        desk = self._desk
        if await self._explanations.pasted(text):
            desk.publish(SaidFinished(desk.lesson.id))
            return
        await desk.say([desk.scribe.code(desk.step, text, "python", 0)])
        await self._warn_about(text)
        runtime = desk.runtime_for(desk.step)
        await self._worker.ready(runtime)
        # Whoever tries things at such a step is signed in too; if not, the code says so.
        await self._judging.sign_in(desk.step)
        if desk.interrupted:  # while the kernel was starting, or a service was asked
            await desk.note(desk.words("session.interrupted_before"))
            desk.publish(SaidFinished(desk.lesson.id))
            return
        execution = await self._worker.run(runtime, [plan.free(text, desk.ground)], None, float(desk.step.timeout))
        await self._said(runtime, execution, text)

    async def _said(self, runtime: Runtime, execution: Execution, text: str) -> None:
        """Code from the prompt is done: what it printed, and what its error means."""
        desk = self._desk
        entry = desk.scribe.output(desk.step, execution.output, execution.finished.seconds if execution.finished else 0)
        await desk.say([entry] if entry else [])
        finished, said = execution.finished, []
        is_over = finished is None or finished.ending is Ending.DONE
        if finished is not None and not is_over:
            outcome = verdict.from_kernel(finished, desk.lesson, desk.step, desk.words, interrupted=desk.interrupted)
            said.append(desk.scribe.entry(desk.step, EntryKind.NOTE, outcome.reason or outcome.lines[0].message))
        explanation = await self._explanations.of_prompt(execution, text)
        await desk.say([*said, *([explanation] if explanation else [])])
        if finished is not None and not is_over:
            await self._worker.revive(runtime, finished)
        desk.publish(SaidFinished(desk.lesson.id))

    async def explain(self, text: str) -> None:
        """Say what that error means, or the newest one."""
        await self._explanations.asked(text)
        self._desk.publish(SaidFinished(self._desk.lesson.id))

    async def bring_back(self) -> None:
        """Run the last passed code of the earlier steps again, unjudged and interruptible."""
        desk, words = self._desk, self._desk.words
        runtime = desk.runtime_for(desk.step)
        if unreachable := await self._judging.unreachable(runtime):
            # Without a screen the step that follows says so.
            if not desk.options.headless:
                await desk.note(unreachable.reason)
            return
        done, passed_over = [], []
        for step, code in desk.earlier_code():
            if desk.interrupted:
                await desk.note(words("session.bring_back_stopped", step=step.title))
                return
            if not step.replay or await self._judging.sign_in(step):
                if desk.interrupted:  # while a service was asked
                    await desk.note(words("session.bring_back_stopped", step=step.title))
                    return
                passed_over.append(step.title)
                continue
            request = plan.replay(desk.lesson, step, code, desk.ground)
            execution = await self._worker.run(runtime, [request], step, float(step.timeout))
            finished = execution.finished
            if finished is None or finished.ending is not Ending.DONE or desk.interrupted:
                await desk.note(words("session.bring_back_stopped", step=step.title))
                if finished is not None:
                    await self._worker.revive(runtime, finished)
                return
            desk.ran_in.add((step.id, runtime.info.name, runtime.generation))
            done.append(step.title)
        desk.visit = replace(desk.visit, brought_back=True)
        if done:
            await desk.note(words("session.brought_back", count=len(done), steps=words("session.joint").join(done)))
        if passed_over:
            await desk.note(words("session.not_replayed", steps=words("session.joint").join(passed_over)))

    async def resume(self, runtime: Runtime, resumed: Resumed) -> None:
        """Go on with an attempt of the present step, or with code from the prompt, that an earlier tutor has begun."""
        desk, step = self._desk, self._desk.step
        if not resumed.step:
            await desk.note(desk.words("session.resumed"))
            await desk.say([desk.scribe.code(step, resumed.code, "python", 0)])
            await self._said(runtime, await self._worker.follow(runtime, resumed.execution, None), resumed.code)
            desk.publish(RuntimeChanged(runtime.state, runtime.info))
            return
        await self._judging.begin(step, resumed.code)
        await desk.note(desk.words("session.resumed"))
        await desk.say([desk.scribe.code(step, resumed.code, plan.language_of(step), desk.visit.attempts)])
        execution = await self._worker.follow(runtime, resumed.execution, step)
        await self._judging.executed(step, runtime, execution, resumed.code)
        desk.publish(RuntimeChanged(runtime.state, runtime.info))

    async def _run_code(self, step: Step, code: str) -> None:
        desk = self._desk
        missing = await self._judging.in_the_way(step, code)
        if missing and not desk.interrupted:
            await self._judging.begin(step, code)
            await self._judging.finish(step, missing)
            return
        language = plan.language_of(step)
        runtime = desk.runtime_for(step)
        unreachable = None if desk.interrupted else await self._judging.unreachable(runtime)
        if unreachable:
            await self._judging.begin(step, code)
            await self._judging.finish(step, unreachable)
            return
        if desk.interrupted:  # while a service was asked, or the kernel was starting
            await desk.note(desk.words("session.interrupted_before"))
            return
        fresh = desk.visit.ran_in != runtime.generation or desk.options.headless
        await self._judging.begin(step, code)
        drafts.remember(desk, code)
        await desk.say([desk.scribe.code(step, code, language, desk.visit.attempts)])
        if language == "python":
            await self._warn_about(code)
        requests = plan.attempt(desk.lesson, step, code, desk.ground, fresh=fresh)
        execution = await self._worker.run(runtime, requests, step, float(step.timeout))
        await self._judging.executed(step, runtime, execution, code)

    async def _warn_about(self, code: str) -> None:
        """Before the code runs: characters of a Chinese input method, or a placeholder still in place."""
        desk = self._desk
        if desk.options.headless:
            return
        for odd in odd_in_code(code)[:MOST_TOLD]:
            line = code.count("\n", 0, odd.position) + 1
            await desk.note(desk.words("session.odd_line", line=line, what=told(odd, desk.words)))
