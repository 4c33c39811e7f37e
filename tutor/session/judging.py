"""Judging a step and recording the verdict: what every kind of attempt ends with. The store is written before anything is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tutor import log
from tutor.errors import AccountError, ServerError
from tutor.lesson.model import NeedKind, Step
from tutor.progress.model import Attempt, Entry, EntryKind, StepState, Verdict
from tutor.runtime.base import Execution, Runtime, RuntimeState
from tutor.session import plan, verdict
from tutor.session.accounts import NotConnected, Signed
from tutor.session.desk import Desk
from tutor.session.events import Added, Line, Outcome, RuntimeChanged, StepFinished, StepStarted
from tutor.session.explanations import Explanations
from tutor.session.praise import praise
from tutor.session.runtimes import place_of
from tutor.session.wants import SERVER
from tutor.session.worker import InterruptedWait, Worker
from tutor.text.sentences import in_a_row

FIRST_REWIND = 2
"""The attempt before which names were put back for the first time; that is when it is worth a word."""


class Judging:
    """From the beginning of an attempt to its verdict in the store."""

    def __init__(self, desk: Desk, worker: Worker) -> None:
        self._desk = desk
        self._worker = worker
        self._explanations = Explanations(desk)
        self._refusal: ServerError | None = None
        """Why the server could not be used."""

    async def begin(self, step: Step, code: str) -> None:
        """An attempt of the step begins; `code` is what will run, or empty."""
        desk = self._desk
        desk.visit = replace(desk.visit, attempts=1 if desk.options.headless else desk.visit.attempts + 1)
        desk.visit = replace(desk.visit, predicted=True, code=code)
        desk.publish(StepStarted(desk.lesson.id, step.id, desk.visit.attempts, code))
        desk.show()

    # -- what stands in the way

    async def in_the_way(self, step: Step, code: str = "") -> Outcome | None:
        """Why the step cannot be tried, as far as the kernel need not be asked: no account, no value. None when nothing is."""
        return self._value_missing(step, code) or await self.sign_in(step)

    async def unmet(self, step: Step) -> Outcome | None:
        """Why a step without code cannot be tried here; steps with code have their needs judged where they run, in the same request."""
        desk = self._desk
        if not any(need.kind is not NeedKind.ACCOUNT for need in desk.lesson.needs_of(step)):
            return None
        runtime = desk.runtime_for(step)
        if unreachable := await self.unreachable(runtime):
            return unreachable
        request = plan.judge(desk.lesson, replace(step, checks=()), desk.ground, attempted=False)
        finished = await self._worker.quiet(runtime, request)
        outcome = verdict.from_kernel(finished, desk.lesson, step, desk.words, interrupted=False)
        return Outcome(Verdict.COULD_NOT_CHECK, reason=outcome.reason, unmet=outcome.unmet) if outcome.reason else None

    async def sign_in(self, step: Step) -> Outcome | None:
        """Sign in what runs next at the services that the step needs, for real or in practice; why that cannot be done, else None."""
        desk = self._desk
        desk.signed = {}
        of_step = {str(need) for need in desk.lesson.needs_of(step)}
        signed: dict[str, Signed] = {}
        missing: dict[str, str] = {}
        for service in self._services(step):
            need = f"{NeedKind.ACCOUNT}:{service}"
            try:
                signed[service] = await self._worker.unless_interrupted(
                    desk.options.accounts.sign_in(service, practice=desk.practice)
                )
            except InterruptedWait:
                return Outcome(Verdict.COULD_NOT_CHECK, reason=desk.words("session.interrupted_before"))
            except NotConnected:
                # On the screen the ways on stand with the step.
                ways = desk.words("session.account_ways", service=service) if desk.options.headless else ""
                missing[need] = in_a_row(verdict.unmet_reason(need, "", desk.words), ways)
            except AccountError as error:
                missing[need] = in_a_row(error.message, error.hint)
        # What only some checks need is said in their own lines.
        missing = {need: reason for need, reason in missing.items() if need in of_step}
        if missing:
            return Outcome(Verdict.COULD_NOT_CHECK, reason=in_a_row(*missing.values()), unmet=tuple(missing))
        desk.signed = signed
        if signed:
            desk.names_are_practice = desk.practice
            log.hide(desk.scrubber)
        return None

    def _services(self, step: Step) -> tuple[str, ...]:
        """Of those, the ones that may be signed in at: nothing is ever sent to another machine or Python."""
        desk = self._desk
        if desk.runtime_for(step) is not desk.runtimes.home:
            return ()
        services = desk.services_of(step)
        if services or not (desk.practice and step.has_practice):
            return services
        # What is done by hand is proved without an account; the hands belong to the one service that the lesson is about.
        of_lesson = dict.fromkeys(service for other in desk.lesson.steps for service in desk.services_of(other))
        return tuple(of_lesson) if len(of_lesson) == 1 else ()

    def _value_missing(self, step: Step, code: str) -> Outcome | None:
        desk = self._desk
        fields = desk.lesson.fields
        used = dict.fromkeys(plan.fields_used(code, plan.language_of(step), fields))
        for check in step.checks:
            used |= dict.fromkeys(plan.fields_used(check.code, "python", fields))
        missing = [name for name in used if name not in desk.values]
        if not missing:
            return None
        return Outcome(Verdict.COULD_NOT_CHECK, reason=desk.words("session.value_missing", names=", ".join(missing)))

    async def unreachable(self, runtime: Runtime) -> Outcome | None:
        """Wait until the runtime can run code; of a server that cannot be used, why. Nobody is at fault then.

        Raises:
            RuntimeFailed: a runtime of this computer did not start.
        """
        desk = self._desk
        try:
            # Without a person each further step would wait in vain.
            if desk.options.headless and self._refusal is not None:
                raise self._refusal
            await self._worker.ready(runtime)
        except ServerError as error:
            self._refusal = error
            reason = in_a_row(error.message, error.hint)
            desk.publish(RuntimeChanged(RuntimeState.DEAD, runtime.info, reason))
            return Outcome(Verdict.COULD_NOT_CHECK, reason=reason, unmet=(SERVER,))
        return None

    # -- the verdict

    async def checks(
        self,
        step: Step,
        *,
        attempted: bool = False,
        lines: tuple[Line, ...] = (),
        names: Mapping[str, str] | None = None,
    ) -> None:
        """Judge the step's checks after the lines that are known already; `names` are those of a paste."""
        desk = self._desk
        if missing := await self.in_the_way(step):
            await self.finish(step, missing)
            return
        if not step.checks and (lines or not desk.lesson.needs_of(step)):
            await self.finish(step, Outcome(verdict.verdict_of(lines), lines))
            return
        runtime = desk.runtime_for(step)
        if unreachable := await self.unreachable(runtime):
            await self.finish(step, unreachable)
            return
        request = plan.judge(desk.lesson, step, desk.ground, attempted=attempted, names=names)
        execution = await self._worker.run(runtime, [request], step, float(step.timeout))
        await self.executed(step, runtime, execution, "", lines)

    async def executed(
        self, step: Step, runtime: Runtime, execution: Execution, code: str, lines: tuple[Line, ...] = ()
    ) -> None:
        """The execution is over: make its verdict, record it, and put a dead kernel back on its feet."""
        desk, finished = self._desk, execution.finished
        assert finished is not None
        outcome = verdict.from_kernel(finished, desk.lesson, step, desk.words, interrupted=desk.interrupted)
        if not outcome.reason:
            outcome = replace(outcome, lines=lines + outcome.lines, verdict=verdict.verdict_of(lines + outcome.lines))
        if self._worker.wanted_person:
            outcome = Outcome(
                Verdict.COULD_NOT_CHECK, reason=desk.words("session.wants_input"), seconds=outcome.seconds
            )
        said = []
        if code:
            outcome = replace(outcome, error_line=verdict.line_in(code, outcome.error_line))
            if outcome.verdict is not Verdict.COULD_NOT_CHECK or outcome.lines:
                desk.ran_in.add((step.id, runtime.info.name, runtime.generation))
            printed = desk.scribe.output(step, execution.output, outcome.seconds)
            said = [printed] if printed else []
        if finished.judged and finished.judged.get("mutable") and desk.visit.attempts == FIRST_REWIND:
            said.append(desk.scribe.entry(step, EntryKind.NOTE, desk.words("session.rewound")))
        explanation = await self._explanations.of_attempt(step, outcome, execution, code)
        await self.finish(step, outcome, runtime, code, said, explanation)
        await self._worker.revive(runtime, finished)

    async def finish(
        self,
        step: Step,
        outcome: Outcome,
        runtime: Runtime | None = None,
        code: str = "",
        said: Sequence[Entry] = (),
        explanation: Entry | None = None,
    ) -> None:
        """Record the outcome, then publish it; the store comes first."""
        desk = self._desk
        here = runtime or desk.runtime_for(step)
        shown = verdict.hint_of(outcome, step)
        if shown is not None:
            # Told with the verdict: asking for a hint brings the next one.
            outcome = replace(outcome, hint=step.hints[shown].markdown)
            taken = desk.visit.hints_taken
            desk.visit = replace(desk.visit, hints_taken=taken if shown in taken else (*taken, shown))
        outcome = replace(
            outcome,
            attempt=desk.visit.attempts,
            runtime=here.info.name,
            place=place_of(here.info) if runtime is not None else "",
            practice=outcome.practice or desk.rehearses,
        )
        earned = praise(step, desk.visit, desk.state_of(step), outcome.verdict, desk.words)
        outcome = self._scrubbed(replace(outcome, praise=earned))
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
            code=desk.scrubber.scrub(code),
            reason=outcome.reason,
            unmet=outcome.unmet if outcome.verdict is Verdict.COULD_NOT_CHECK else (),
            checks=tuple({"label": line.label, "verdict": str(line.verdict)} for line in outcome.lines),
        )
        entries = [*said, desk.scribe.verdict(step, outcome), *([explanation] if explanation else [])]
        told = outcome.verdict is not Verdict.NOT_YET and not desk.options.headless
        if told and desk.visit.prediction_why:
            entries.append(desk.scribe.entry(step, EntryKind.PROSE, desk.visit.prediction_why))
            desk.visit = replace(desk.visit, prediction_why="")
        if told and step.after:
            entries.append(desk.scribe.entry(step, EntryKind.PROSE, step.after))
        for entry in await desk.keeper.record(attempt, desk.scrubbed(entries)):
            desk.publish(Added(entry))
        if outcome.practice and outcome.verdict is Verdict.PASSED and not desk.options.headless:
            await self._leave_open(step)
        desk.publish(StepFinished(desk.lesson.id, step.id, outcome))

    async def _leave_open(self, step: Step) -> None:
        """Rehearsed and not done for real: it stays open for want of what it was rehearsed without."""
        desk = self._desk
        if desk.state_of(step) not in (StepState.PASSED, StepState.CHANGED):
            unmet = tuple(f"{NeedKind.ACCOUNT}:{service}" for service in desk.services_of(step))
            await desk.keeper.set_state(step.id, StepState.OPEN, step.hash, unmet)

    def _scrubbed(self, outcome: Outcome) -> Outcome:
        scrub = self._desk.scrubber.scrub
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
