"""One attempt of the current step, from the learner's answer or key press to the verdict in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor import log
from tutor.lesson.model import Checklist, FixCode, Form, NeedKind, Paste, Quiz, RunCode, Step
from tutor.progress.model import Attempt, Entry, EntryKind, Verdict
from tutor.runtime.base import Ending, Execution, Runtime
from tutor.session import plan, verdict
from tutor.session.answers import Judged, judge_paste, judge_quiz, misfit
from tutor.session.desk import Desk
from tutor.session.events import Added, Line, Outcome, SaidFinished, StepFinished, StepStarted
from tutor.session.worker import Worker
from tutor.text.fullwidth import Odd, odd_in_answer, odd_in_code

MOST_TOLD = 3
"""Odd characters named at once; more would bury the first."""


class Attempts:
    """Runs, judges and records; says everything through the desk."""

    def __init__(self, desk: Desk, worker: Worker) -> None:
        self._desk = desk
        self._worker = worker

    # -- what the learner asks for

    async def run(self, code: str | None) -> None:
        """Run the step's code and judge it. A step without code that nobody answers could not be checked."""
        desk, step = self._desk, self._desk.step
        if isinstance(step.work, Checklist) and desk.rehearses and step.has_practice:
            await self._rehearse(step)
        elif isinstance(step.work, FixCode) and code is None and desk.options.headless:
            await self._nobody_answers(step)
        elif isinstance(step.work, RunCode | FixCode):
            await self._run_code(step, desk.code if code is None else code)
        elif step.work is None:
            await self._judge_without_code(step)
        elif desk.options.headless:
            await self._nobody_answers(step)

    async def check(self) -> None:
        """Judge the checks again without running the code."""
        step = self._desk.step
        await self._judge_without_code(step, attempted=isinstance(step.work, RunCode | FixCode))

    async def answer_quiz(self, quiz: Quiz, given: Sequence[str]) -> None:
        """Judge a quiz; its checks, if it has any, run once the answer is right."""
        desk, step = self._desk, self._desk.step
        judged = judge_quiz(quiz, given)
        await self._begin(step, "")
        await desk.say([desk.scribe.answer(step, judged.seen or ", ".join(given))])
        line = self._quiz_line(quiz, judged)
        if judged.right and step.checks:
            await self._judge_without_code(step, begun=True, lines=(line,))
            return
        await self._finish(step, Outcome(line.verdict, (line,)))

    def _quiz_line(self, quiz: Quiz, judged: Judged) -> Line:
        words = self._desk.words
        message = judged.why
        if not judged.understood:
            key = "choice" if quiz.choices else "number" if quiz.number is not None else "text"
            message = words(f"session.not_understood_{key}", count=len(quiz.choices))
        elif not judged.right and not message:
            message = words("session.quiz_wrong")
        told = Verdict.PASSED if judged.right else Verdict.NOT_YET
        return Line(quiz.question, told, message, seen=judged.seen)

    async def answer_form(self, form: Form, given: Sequence[str]) -> None:
        """Take the values that fit; the step goes on to its checks when all do."""
        desk, step = self._desk, self._desk.step
        await self._begin(step, "")
        lines = []
        values = [*given, *[""] * (len(form.fields) - len(given))]
        for field, value in zip(form.fields, (value.strip() for value in values), strict=False):
            problem = misfit(field, value)
            shown = "••••••••" if field.secret and value else value
            if problem is None:
                if field.secret:
                    desk.secrets[f"{desk.options.scope}:{field.name}"] = value
                    log.hide(desk.scrubber)
                else:
                    desk.plain_values[field.name] = value
                    await desk.keeper.set_form_value(desk.options.scope, field.name, value)
                lines.append(Line(field.label, Verdict.PASSED, seen=shown))
                continue
            message = desk.words(f"session.field_{problem.problem}", example=field.example, pattern=field.pattern or "")
            if not field.secret:
                message = " ".join([message, *self._oddities(value)])
            lines.append(Line(field.label, Verdict.NOT_YET, message, seen=shown or None))
        told = [f"{line.label}: {line.seen}" for line in lines if line.seen]
        await desk.say([desk.scribe.answer(step, "\n".join(told))])
        if step.checks and all(line.verdict is Verdict.PASSED for line in lines):
            await self._judge_without_code(step, begun=True, lines=tuple(lines))
            return
        await self._finish(step, Outcome(verdict.verdict_of(lines), tuple(lines)))

    async def answer_paste(self, paste: Paste, text: str) -> None:
        """Search the pasted text; its named groups go to the checks."""
        desk, step = self._desk, self._desk.step
        await self._begin(step, "")
        await desk.say([desk.scribe.answer(step, desk.scrubber.scrub(text))])
        names = judge_paste(paste, text)
        if names is None:
            message = " ".join([desk.words("session.paste_not_found", example=paste.example), *self._oddities(text)])
            line = Line(desk.words("session.paste_fits"), Verdict.NOT_YET, message)
            await self._finish(step, Outcome(Verdict.NOT_YET, (line,)))
            return
        line = Line(desk.words("session.paste_fits"), Verdict.PASSED)
        await self._judge_without_code(step, begun=True, lines=(line,), names=names)

    async def tick(self, item: int, *, done: bool) -> None:
        """Tick one item; the checks run once all are ticked."""
        desk, step = self._desk, self._desk.step
        if not isinstance(step.work, Checklist) or not 0 <= item < len(step.work.items):
            return
        ticked = set(desk.visit.ticked) | {item} if done else set(desk.visit.ticked) - {item}
        desk.visit = replace(desk.visit, ticked=tuple(sorted(ticked)))
        await desk.keeper.set_tick(step.id, item, done=done)
        if done and len(ticked) == len(step.work.items):
            await self._judge_without_code(step)

    async def free(self, text: str) -> None:
        """Code from the prompt: run in the kernel, judged by nobody."""
        desk = self._desk
        await desk.say([desk.scribe.code(desk.step, text, "python", 0)])
        runtime = desk.runtimes.for_step(desk.lesson, desk.step)
        await self._worker.ready(runtime)
        execution = await self._worker.run(runtime, [plan.free(text, desk.ground)], None, float(desk.step.timeout))
        entry = desk.scribe.output(desk.step, execution.output, execution.finished.seconds if execution.finished else 0)
        await desk.say([entry] if entry else [])
        if execution.finished is not None and execution.finished.ending is not Ending.DONE:
            outcome = verdict.from_kernel(
                execution.finished, desk.lesson, desk.step, desk.words, interrupted=desk.interrupted
            )
            await desk.say([desk.scribe.entry(desk.step, EntryKind.NOTE, outcome.lines[0].message)])
            await self._worker.revive(runtime, execution.finished)
        desk.publish(SaidFinished(desk.lesson.id))

    async def bring_back(self) -> None:
        """Run the last passed code of the earlier steps again, unjudged and interruptible."""
        desk, words = self._desk, self._desk.words
        runtime = desk.runtimes.for_step(desk.lesson, desk.step)
        await self._worker.ready(runtime)
        done, passed_over = [], []
        for step, code in desk.earlier_code():
            if not step.replay:
                passed_over.append(step.title)
                continue
            request = plan.replay(code, plan.language_of(step), desk.ground)
            execution = await self._worker.run(runtime, [request], step, float(step.timeout))
            finished = execution.finished
            if finished is None or finished.ending is not Ending.DONE or desk.interrupted:
                await desk.note(words("session.bring_back_stopped", step=step.title))
                if finished is not None:
                    await self._worker.revive(runtime, finished)
                return
            desk.ran_in[step.id] = (runtime.info.name, runtime.generation)
            done.append(step.title)
        if done:
            await desk.note(words("session.brought_back", count=len(done), steps=", ".join(done)))
        if passed_over:
            await desk.note(words("session.not_replayed", steps=", ".join(passed_over)))

    # -- the parts of an attempt

    async def _run_code(self, step: Step, code: str) -> None:
        desk = self._desk
        language = plan.language_of(step)
        reason = self._account_missing(step) or self._value_missing(code, language)
        if reason:
            await self._begin(step, code)
            await self._finish(step, Outcome(Verdict.COULD_NOT_CHECK, reason=reason))
            return
        runtime = desk.runtimes.for_step(desk.lesson, step)
        await self._worker.ready(runtime)
        fresh = desk.visit.ran_in != runtime.generation or desk.options.headless
        await self._begin(step, code)
        await desk.say([desk.scribe.code(step, code, language, desk.visit.attempts)])
        if language == "python":
            await self._warn_about(code)
        requests = plan.attempt(desk.lesson, step, code, desk.ground, fresh=fresh)
        execution = await self._worker.run(runtime, requests, step, float(step.timeout))
        await self._judged(step, runtime, execution, code)

    async def _rehearse(self, step: Step) -> None:
        desk = self._desk
        work = step.work
        assert isinstance(work, Checklist)
        code = work.practice or ""
        if reason := self._account_missing(step):
            await self._begin(step, "")
            await self._finish(step, Outcome(Verdict.COULD_NOT_CHECK, reason=reason, practice=True))
            return
        runtime = desk.runtimes.for_step(desk.lesson, step)
        await self._worker.ready(runtime)
        await self._begin(step, code)
        requests = plan.practice(desk.lesson, step, code, desk.ground, fresh=desk.visit.ran_in != runtime.generation)
        execution = await self._worker.run(runtime, requests, step, float(step.timeout))
        await self._judged(step, runtime, execution, code)

    async def _judge_without_code(
        self,
        step: Step,
        *,
        begun: bool = False,
        attempted: bool = False,
        lines: tuple[Line, ...] = (),
        names: dict[str, str] | None = None,
    ) -> None:
        desk = self._desk
        if not begun:
            await self._begin(step, "")
        if reason := self._account_missing(step):
            await self._finish(step, Outcome(Verdict.COULD_NOT_CHECK, lines, reason=reason))
            return
        if not step.checks and not desk.lesson.needs_of(step):
            await self._finish(step, Outcome(verdict.verdict_of(lines), lines))
            return
        runtime = desk.runtimes.for_step(desk.lesson, step)
        await self._worker.ready(runtime)
        request = plan.judge(desk.lesson, step, desk.ground, attempted=attempted, names=names)
        execution = await self._worker.run(runtime, [request], step, float(step.timeout))
        await self._judged(step, runtime, execution, "", lines)

    async def _judged(
        self, step: Step, runtime: Runtime, execution: Execution, code: str, lines: tuple[Line, ...] = ()
    ) -> None:
        desk, finished = self._desk, execution.finished
        assert finished is not None
        outcome = verdict.from_kernel(finished, desk.lesson, step, desk.words, interrupted=desk.interrupted)
        outcome = replace(outcome, lines=lines + outcome.lines)
        if self._worker.wanted_person:
            outcome = Outcome(
                Verdict.COULD_NOT_CHECK, reason=desk.words("session.wants_input"), seconds=outcome.seconds
            )
        said = []
        if code:
            if outcome.verdict is not Verdict.COULD_NOT_CHECK or outcome.lines:
                desk.ran_in[step.id] = (runtime.info.name, runtime.generation)
            printed = desk.scribe.output(step, execution.output, outcome.seconds)
            said = [printed] if printed else []
        await self._finish(step, outcome, runtime, code, said)
        await self._worker.revive(runtime, finished)

    async def _begin(self, step: Step, code: str) -> None:
        desk = self._desk
        desk.visit = replace(desk.visit, attempts=1 if desk.options.headless else desk.visit.attempts + 1)
        desk.visit = replace(desk.visit, predicted=True, code=code)
        desk.publish(StepStarted(desk.lesson.id, step.id, desk.visit.attempts, code))
        desk.show()

    async def _finish(
        self,
        step: Step,
        outcome: Outcome,
        runtime: Runtime | None = None,
        code: str = "",
        said: Sequence[Entry] = (),
    ) -> None:
        """Record the outcome, then publish it; the store comes first."""
        desk = self._desk
        here = runtime or desk.runtimes.for_step(desk.lesson, step)
        shown = verdict.hint_of(outcome, step)
        if shown is not None:
            # Told with the verdict: asking for a hint brings the next one.
            outcome = replace(outcome, hint=step.hints[shown].markdown)
            taken = desk.visit.hints_taken
            desk.visit = replace(desk.visit, hints_taken=taken if shown in taken else (*taken, shown))
        outcome = replace(
            outcome, attempt=desk.visit.attempts, runtime=here.info.name, practice=outcome.practice or desk.rehearses
        )
        outcome = self._scrubbed(outcome)
        desk.visit = desk.visit.after(outcome, runtime.generation if runtime and code else None)
        attempt = Attempt(
            desk.lesson.id,
            step.id,
            step.hash,
            outcome.verdict,
            str(desk.lesson.language),
            outcome.attempt,
            outcome.seconds,
            hints_taken=len(desk.visit.hints_taken),
            solution_shown=desk.visit.solution_shown,
            practice=outcome.practice,
            runtime=here.info.name,
            device=here.info.device,
            python=here.info.python,
            code=code,
            reason=outcome.reason,
            checks=tuple({"label": line.label, "verdict": str(line.verdict)} for line in outcome.lines),
        )
        entries = [*said, desk.scribe.verdict(step, outcome)]
        told = outcome.verdict is not Verdict.NOT_YET and not desk.options.headless
        if told and desk.visit.prediction_why:
            entries.append(desk.scribe.entry(step, EntryKind.PROSE, desk.visit.prediction_why))
            desk.visit = replace(desk.visit, prediction_why="")
        if told and step.after:
            entries.append(desk.scribe.entry(step, EntryKind.PROSE, step.after))
        for entry in await desk.keeper.record(attempt, entries):
            desk.publish(Added(entry))
        desk.publish(StepFinished(desk.lesson.id, step.id, outcome))

    def _scrubbed(self, outcome: Outcome) -> Outcome:
        desk = self._desk
        if not any(key.startswith(f"{desk.options.scope}:") for key in desk.secrets):
            return outcome
        scrub = desk.scrubber.scrub
        lines = tuple(
            Line(
                scrub(line.label),
                line.verdict,
                scrub(line.message),
                None if line.expected is None else scrub(line.expected),
                None if line.seen is None else scrub(line.seen),
            )
            for line in outcome.lines
        )
        error = {key: scrub(value) for key, value in outcome.error.items()} if outcome.error else None
        return replace(outcome, lines=lines, error=error, reason=scrub(outcome.reason))

    async def _nobody_answers(self, step: Step) -> None:
        desk = self._desk
        await self._begin(step, "")
        match step.work:
            case Form(fields=fields):
                missing = [field.name for field in fields if field.name not in desk.values]
                if not missing:
                    await self._judge_without_code(step, begun=True)
                    return
                reason = desk.words("session.value_missing", names=", ".join(missing))
            case Checklist():
                reason = desk.words("session.wants_hands")
            case FixCode():
                reason = desk.words("session.wants_code")
            case _:
                reason = desk.words("session.wants_answer", step=step.id)
        await self._finish(step, Outcome(Verdict.COULD_NOT_CHECK, reason=reason))

    def _account_missing(self, step: Step) -> str:
        desk = self._desk
        names = [need.argument for need in desk.lesson.needs_of(step) if need.kind is NeedKind.ACCOUNT]
        return " ".join(verdict.unmet_reason(f"account:{name}", "", desk.words) for name in names)

    def _value_missing(self, code: str, language: str) -> str:
        desk = self._desk
        used = plan.fields_used(code, language, desk.lesson.fields)
        missing = [name for name in used if name not in desk.values]
        return desk.words("session.value_missing", names=", ".join(missing)) if missing else ""

    async def _warn_about(self, code: str) -> None:
        """Before the code runs: characters of a Chinese input method, or a placeholder still in place."""
        desk = self._desk
        if desk.options.headless:
            return
        for odd in odd_in_code(code)[:MOST_TOLD]:
            line = code.count("\n", 0, odd.position) + 1
            await desk.note(desk.words("session.odd_line", line=line, what=self._told(odd)))

    def _oddities(self, text: str) -> list[str]:
        return [self._told(odd) for odd in odd_in_answer(text)[:MOST_TOLD]]

    def _told(self, odd: Odd) -> str:
        return self._desk.words(f"session.odd_{odd.kind}", found=odd.found, meant=odd.meant, name=odd.name)
