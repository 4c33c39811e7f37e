"""What lies in front of the learner: the one mutable state of a session, changed only by the session's own tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from tutor.i18n import Words
from tutor.lesson.model import FixCode, Form, Lesson, NeedKind, RunCode, Step
from tutor.progress.model import Entry, EntryKind, StepState, Verdict
from tutor.runtime.base import InputRequest, Runtime
from tutor.session import visit as visits
from tutor.session.accounts import Accounts, NoAccounts, Signed
from tutor.session.events import Added, Card, CardChanged, Event
from tutor.session.explaining import Explain, nothing
from tutor.session.keeper import Keeper
from tutor.session.plan import Ground, language_of, lesson_code
from tutor.session.runtimes import Runtimes
from tutor.session.scribe import Scribe
from tutor.session.taking import Receive
from tutor.session.visit import Situation, Visit
from tutor.text.scrub import Scrubber


class LessonSource(Protocol):
    """Where the lesson came from, so that a change of its file is seen."""

    def changed(self) -> bool:
        """Whether the file is another than the one that was read; cheap."""

    def reload(self) -> Lesson:
        """The lesson as it is now.

        Raises:
            LessonError: it is broken, gone or no longer trusted.
        """


@dataclass(frozen=True, slots=True)
class Options:
    """How a session behaves."""

    lesson_key: str
    """Names the lesson's namespace in the kernel."""
    folder: Path
    """The working folder of the lesson's code."""
    practice: bool = False
    """Steps that need an account or have a practice fence are rehearsed, until the learner says otherwise."""
    headless: bool = False
    """No person is there: predictions are passed over, and what needs one could not be checked."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Form values known beforehand, by field name; used, not remembered."""
    scope: str = "shipped"
    """Whose form values these are: of all shipped lessons, or of one trusted folder."""
    explain: Explain = nothing
    """Says what an error means."""
    receive: Receive | None = None
    """Takes receipts in; None where none can come."""
    accounts: Accounts = field(default_factory=NoAccounts)


@dataclass(slots=True)
class Desk:
    """One lesson, one current step, and everything that is known about them."""

    lesson: Lesson
    words: Words
    options: Options
    runtimes: Runtimes
    keeper: Keeper
    publish: Callable[[Event], None]
    secrets: MutableMapping[str, str]
    """Secret form values by `scope:name`; in memory only, shared with the other sessions of this tutor."""
    scribe: Scribe
    practice: bool = False
    """Steps that can be rehearsed are."""
    signed: Mapping[str, Signed] = field(default_factory=dict)
    """What signs the code in that runs next, by service."""
    names_are_practice: bool | None = None
    """How code was signed in whose names are in the kernel: a client that was made in practice must not pass a real step. None: none was."""
    newest_error: tuple[str, ...] = ()
    """Its texts, the error itself first, for whoever asks what it means."""
    plain_values: dict[str, str] = field(default_factory=dict)
    index: int = 0
    visit: Visit = field(default_factory=Visit)
    draft: str | None = None
    versions: tuple[str, ...] = ()
    """The learner's own code of this step that ran or was given up, newest first."""
    recalled: int = 0
    """How many of these the learner has asked back one after the other; 0 as soon as the code is changed otherwise."""
    running: bool = False
    finished: bool = False
    """The end of the lesson was told; going on once more adds nothing."""
    interrupted: bool = False
    """The learner asked for the present execution to stop."""
    input_request: InputRequest | None = None
    ran_in: set[tuple[str, str, int]] = field(default_factory=set)
    """Step, runtime and generation wherever a step's code has run: a runtime that is left keeps its names."""

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.index]

    @property
    def state(self) -> StepState:
        return self.state_of(self.step)

    def state_of(self, step: Step) -> StepState:
        """Where a step stands for the learner."""
        return self.keeper.state(step.id, step.hash)

    @property
    def values(self) -> Mapping[str, str]:
        """All form values known now, secrets among them."""
        known = dict(self.plain_values)
        for item in self.lesson.fields:
            secret = self.secrets.get(f"{self.options.scope}:{item.name}")
            if item.secret and secret is not None:
                known[item.name] = secret
        return {item.name: known[item.name] for item in self.lesson.fields if item.name in known}

    def take_given(self) -> None:
        """Use the values that were given beforehand, without their form."""
        given = self.options.given
        for item in self.lesson.fields:
            if item.name in given and item.secret:
                self.secrets[f"{self.options.scope}:{item.name}"] = given[item.name]
            elif item.name in given:
                self.plain_values[item.name] = given[item.name]

    @property
    def ground(self) -> Ground:
        """For requests to where the current step runs."""
        return self.ground_in(self.runtime_for(self.step))

    def ground_in(self, runtime: Runtime) -> Ground:
        """For requests to that runtime; what signs in goes nowhere but to tutor's own Python."""
        return Ground(
            self.options.lesson_key,
            runtime.folder(self.options.folder),
            self.values,
            self.lesson.fields,
            language=self.words.language,
            is_attended=not self.options.headless,
            signed=self.signed if runtime is self.runtimes.home else {},
            practice=self.practice,
        )

    def runtime_for(self, step: Step) -> Runtime:
        """Where the step runs now: what is done by hand is rehearsed beside the clients, which only tutor's own Python has for sure."""
        at_home = self.practice and step.has_practice
        return self.runtimes.home if at_home else self.runtimes.for_step(self.lesson, step)

    @property
    def scrubber(self) -> Scrubber:
        prefix = f"{self.options.scope}:"
        values = [(key.removeprefix(prefix), value) for key, value in self.secrets.items()]
        return Scrubber([*values, *self.options.accounts.secrets])

    @property
    def code(self) -> str:
        """What would run now."""
        return self.draft if self.draft is not None else lesson_code(self.step)

    @property
    def rehearses(self) -> bool:
        """Whether the current step is done in practice."""
        return self.practice and self.can_rehearse(self.step)

    def can_rehearse(self, step: Step) -> bool:
        """Whether the step can be rehearsed: it needs an account, or says how what is done by hand is done in practice."""
        return step.has_practice or bool(self.services_of(step))

    def services_of(self, step: Step) -> tuple[str, ...]:
        """The services whose accounts the step needs, then those that only some of its checks need."""
        of_checks = (need for check in step.checks for need in check.needs)
        needs = (*self.lesson.needs_of(step), *of_checks)
        return tuple(dict.fromkeys(need.argument for need in needs if need.kind is NeedKind.ACCOUNT))

    def generation_of(self, step: Step) -> tuple[str, int]:
        """Names the kernel process in which the step would run now."""
        runtime = self.runtime_for(step)
        return runtime.info.name, runtime.generation

    def change_sides(self) -> bool:
        """Over to practice or back; whether names are gone by it: see `lesson` in `tutor.harness`."""
        self.practice = not self.practice
        if self.names_are_practice in (None, self.practice):
            return False
        home = self.runtimes.home.info.name
        self.ran_in = {place for place in self.ran_in if place[1] != home}
        self.names_are_practice = None
        return True

    def learn(self, runtime: Runtime) -> None:
        """Take in what has run in a kernel that was there before this tutor."""
        if runtime.info.facts.get("lesson") != self.options.lesson_key:
            return
        for key in runtime.info.facts.get("ran") or ():
            lesson_id, _, step_id = str(key).partition("#")
            if lesson_id == self.lesson.id:
                self.ran_in.add((step_id, runtime.info.name, runtime.generation))

    def earlier_code(self) -> list[tuple[Step, str]]:
        """Passed code of the steps ahead of this one that has not run in the present kernel."""
        here = self.generation_of(self.step)
        found = []
        for step in self.lesson.steps[: self.index]:
            code = self.keeper.passed_code(step.id, practice=self.practice and self.can_rehearse(step))
            same_runtime = self.generation_of(step)[0] == here[0]
            if (
                code
                and isinstance(step.work, RunCode | FixCode)
                and same_runtime
                and (step.id, *here) not in self.ran_in
            ):
                found.append((step, code))
        return found

    def needs_earlier(self) -> bool:
        """Whether names of earlier steps are missing that this step could want."""
        step = self.step
        wants = bool(step.checks) or isinstance(step.work, RunCode | FixCode)
        return wants and language_of(step) == "python" and any(earlier.replay for earlier, _ in self.earlier_code())

    def card(self) -> Card:
        """The picture of all this for a front end."""
        step, now = self.step, self._situation()
        prefill: tuple[str, ...] = ()
        if isinstance(step.work, Form):
            known = {**self.plain_values, **self.visit.refused}
            prefill = tuple("" if item.secret else known.get(item.name, "") for item in step.work.fields)
        left = sum(1 for index in range(len(step.hints)) if index not in self.visit.hints_taken)
        return Card(
            lesson=self.lesson,
            step=step,
            index=self.index,
            state=now.state,
            asking=now.asking,
            code=self.code,
            is_draft=now.is_draft,
            ticked=self.visit.ticked,
            attempt=self.visit.attempts,
            running=self.running,
            actions=visits.actions(step, self.visit, now),
            suggested=visits.suggested(step, self.visit, now),
            hints_left=left,
            minutes_left=self._minutes_left(),
            input_prompt=self.input_request.prompt if self.input_request else "",
            input_is_secret=self.input_request.password if self.input_request else False,
            states={each.id: self.state_of(each) for each in self.lesson.steps},
            practice=self.rehearses,
            practises=self.practice and any(map(self.can_rehearse, self.lesson.steps)),
            prefill=prefill,
            names_lost=now.names_lost,
            outcome=self.visit.outcome,
            has_run=self.visit.has_run(self.code),
            error_line=self.visit.error_line(self.code),
        )

    async def say(self, entries: Sequence[Entry]) -> None:
        """Keep and tell; the store comes first."""
        if entries:
            for entry in await self.keeper.say(self.scrubbed(entries)):
                self.publish(Added(entry))

    def scrubbed(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries as they may be kept and shown: without secrets, also those that the learner typed."""
        scrubber = self.scrubber
        return [
            replace(entry, body=scrubber.scrub(entry.body), data=scrubber.scrub_json(entry.data)) for entry in entries
        ]

    async def note(self, text: str) -> None:
        """A short remark of the tutor."""
        await self.say([self.scribe.entry(self.step, EntryKind.NOTE, text)])

    def show(self) -> None:
        """Tell the front end how the step stands now; nobody looks when headless."""
        if not self.options.headless:
            self.publish(CardChanged(self.card()))

    def _situation(self) -> Situation:
        is_rehearsed = self.rehearses and self.keeper.is_rehearsed(self.step.id, self.step.hash)
        state = StepState.PASSED if is_rehearsed else self.state
        wanted = self.input_request is not None
        return Situation(
            state=state,
            asking=visits.asking(self.step, self.visit, state, running=self.running, input_wanted=wanted),
            running=self.running,
            code=self.code,
            is_draft=self.draft is not None,
            is_first=self.index == 0,
            practice=self.rehearses,
            names_lost=not self.running and self.needs_earlier(),
            can_recall=any(version != self.code for version in self.versions),
            can_practise=any(map(self.can_rehearse, self.lesson.steps)),
            wants_account=self.visit.outcome is not None
            and any(need.startswith(f"{NeedKind.ACCOUNT}:") for need in self.visit.outcome.unmet),
        )

    def _minutes_left(self) -> int:
        done = {StepState.PASSED, StepState.OPEN}
        rest = [step for step in self.lesson.steps[self.index :] if self.state_of(step) not in done]
        return sum(self.lesson.minutes_of(step) for step in rest)

    def counts(self) -> dict[str, int]:
        """Steps of the lesson by verdict, as they stand now."""
        states = [self.state_of(step) for step in self.lesson.steps]
        return {
            Verdict.PASSED: states.count(StepState.PASSED),
            Verdict.NOT_YET: states.count(StepState.NOT_YET),
            Verdict.COULD_NOT_CHECK: states.count(StepState.OPEN),
        }

    def lesson_state(self) -> str:
        """`passed`, `done_here` or `started`."""
        states = {self.state_of(step) for step in self.lesson.steps}
        if states <= {StepState.PASSED}:
            return "passed"
        return "done_here" if states <= {StepState.PASSED, StepState.OPEN} else "started"
