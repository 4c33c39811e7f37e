"""A session that plays a script in place of a kernel. What can be done when is decided by the real rules of `tutor.session.visit`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, replace

from tests.ui.fake.log import FakeLog
from tutor.lesson.model import Checklist, FixCode, Form, Lesson, Paste, Quiz, RunCode, Step
from tutor.progress.model import Entry, EntryKind, Speaker, StepState, Verdict
from tutor.runtime.base import RuntimeInfo, RuntimeState
from tutor.session import commands as ask
from tutor.session import visit as visits
from tutor.session.closing import closing
from tutor.session.events import (
    Action,
    Added,
    Asking,
    Card,
    CardChanged,
    Event,
    LessonFinished,
    LessonStarted,
    Line,
    Outcome,
    OutputChanged,
    RuntimeChanged,
    SaidFinished,
    StepFinished,
    StepStarted,
)
from tutor.session.scribe import Scribe
from tutor.session.visit import Situation, Visit

INFO = RuntimeInfo("local", python="3.11.7", device="CPU, 2 cores")
STATES = {Verdict.PASSED: StepState.PASSED, Verdict.NOT_YET: StepState.NOT_YET, Verdict.COULD_NOT_CHECK: StepState.OPEN}


class FakeSession:
    """Plays the lesson of `tests.ui.fake.lesson`."""

    def __init__(
        self, lesson: Lesson, keep: Callable[[Entry], Entry], states: dict[str, StepState], step_id: str
    ) -> None:
        self.lesson = lesson
        self.sent: list[ask.Command] = []
        self.closed = False
        self.info = INFO
        self.ignores_interrupt = False
        self.prompt = "Your name? "
        self.asks_secretly = False
        self.gate = asyncio.Event()
        """Opened by a test: code from the prompt that says `wait` waits for it."""
        self.versions: tuple[str, ...] = ()
        """What the learner wrote on earlier days."""
        self._keep = keep
        self._states = states
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._index = next((i for i, step in enumerate(lesson.steps) if step.id == step_id), 0)
        self._visit = Visit()
        self._draft: str | None = None
        self._input: tuple[str, bool] | None = None
        self._answered: asyncio.Future[str] | None = None
        self._job: asyncio.Task[None] | None = None
        self._typed_ahead: list[ask.Say] = []

    # -- the port

    async def send(self, command: ask.Command) -> None:
        self.sent.append(command)
        match command:
            case ask.Interrupt():
                if self._job is not None and not self.ignores_interrupt:
                    self._job.cancel()
            case ask.Answer(values=values) if self._answered is not None:
                self._answered.set_result(values[0])
            case ask.Edit(text=text, at_once=at_once):
                self._draft = text
                if text is None or at_once:
                    self.show()
            case ask.Say() if self.is_running:
                self._typed_ahead.append(command)
            case _ if self._job is None or self._job.done():
                self._job = asyncio.create_task(self._take(command))

    async def events(self) -> AsyncIterator[Event]:
        while (event := await self._events.get()) is not None:
            yield event

    async def aclose(self) -> None:
        self.closed = True
        if self._job is not None:
            self._job.cancel()
            await asyncio.wait([self._job])
        self._events.put_nowait(None)

    # -- the script

    @property
    def step(self) -> Step:
        return self.lesson.steps[self._index]

    @property
    def is_running(self) -> bool:
        return self._job is not None and not self._job.done()

    def publish(self, event: Event) -> None:
        self._events.put_nowait(event)

    def say(self, kind: EntryKind, body: str, *, you: bool = False, **data: object) -> None:
        speaker = Speaker.YOU if you else Speaker.TUTOR
        self.publish(Added(self._keep(Entry(self.lesson.id, self.step.id, speaker, kind, body, data))))

    def begin(self, *, resumed: bool) -> None:
        self.publish(LessonStarted(self.lesson, resumed))
        self.publish(RuntimeChanged(RuntimeState.READY, self.info))
        if not resumed:
            self.say(EntryKind.PROSE, self.lesson.opening)
            self._come_to(self._index)
        else:
            self.show()

    def change_language(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.show(running=self.is_running)

    def move_to(self, runtime: str) -> None:
        """As the real one does when lessons go on elsewhere."""
        self.info = replace(INFO, name=runtime, device="NVIDIA T4, 16 GB")
        self.publish(RuntimeChanged(RuntimeState.READY, self.info))
        self.show()

    def card(self, *, running: bool = False) -> Card:
        step, visit = self.step, self._visit
        state = self._states.get(step.id, StepState.NEW)
        asking = visits.asking(step, visit, state, running=running, input_wanted=self._input is not None)
        code = self._draft if self._draft is not None else _own_code(step)
        now = Situation(
            state=state,
            asking=asking,
            running=running,
            code=code,
            is_draft=self._draft is not None,
            is_first=self._index == 0,
            practice=False,
            names_lost=False,
            can_recall=any(version != code for version in self.versions),
        )
        return Card(
            self.lesson,
            step,
            self._index,
            state,
            asking,
            code,
            self._draft is not None,
            visit.ticked,
            visit.attempts,
            running,
            visits.actions(step, visit, now),
            visits.suggested(step, visit, now),
            len(step.hints) - len(visit.hints_taken),
            max(10 - self._index, 1),
            input_prompt=self._input[0] if self._input else "",
            input_is_secret=self._input[1] if self._input else False,
            states=dict(self._states),
            outcome=visit.outcome,
            has_run=visit.has_run(code),
            error_line=visit.error_line(code),
        )

    def show(self, *, running: bool = False) -> None:
        self.publish(CardChanged(self.card(running=running)))

    def _come_to(self, index: int) -> None:
        self._index, self._visit, self._draft = index, Visit(), None
        self.publish(Added(self._keep(Scribe(self.lesson).heading(self.step, index, len(self.lesson.steps)))))
        if self.step.body:
            self.say(EntryKind.PROSE, self.step.body)
        self.show()

    async def _take(self, command: ask.Command) -> None:
        if isinstance(command, ask.Answer | ask.Say):
            # The real one is running while it judges, and says so.
            self.show(running=True)
        try:
            await self._obey(command)
        except asyncio.CancelledError:
            if self.closed:
                raise
            self._input = self._answered = None
            self._typed_ahead.clear()
            self._judge(Outcome(Verdict.NOT_YET, (Line("The code runs", Verdict.NOT_YET, "it was interrupted"),)))
        if self._typed_ahead:
            self._job = asyncio.create_task(self._take(self._typed_ahead.pop(0)))

    async def _obey(self, command: ask.Command) -> None:
        match command:
            case ask.Run(code=code):
                await self._run(code if code is not None else self.card().code)
            case ask.Say(text=text):
                await self._free(text)
            case ask.Explain(text=text):
                self.say(EntryKind.EXPLANATION, f"explained: {text}")
                self.publish(SaidFinished(self.lesson.id))
                self.show()
            case ask.Answer(values=values):
                self._answer(values)
            case ask.Tick(item=item, done=done):
                ticked = set(self._visit.ticked) | {item} if done else set(self._visit.ticked) - {item}
                self._visit = replace(self._visit, ticked=tuple(sorted(ticked)))
                if isinstance(self.step.work, Checklist) and len(ticked) == len(self.step.work.items):
                    self._judge(Outcome(Verdict.PASSED))
                else:
                    self.show()
            case ask.Hint():
                index = visits.next_hint(self.step, self._visit)
                if index is not None:
                    self._visit = replace(self._visit, hints_taken=(*self._visit.hints_taken, index))
                    number, total = len(self._visit.hints_taken), len(self.step.hints)
                    self.say(EntryKind.HINT, self.step.hints[index].markdown, number=number, total=total)
                    self.show()
            case ask.Solution(fill=fill) if isinstance(self.step.work, FixCode):
                if fill:
                    self._draft = self.step.work.solution
                else:
                    self.say(EntryKind.SOLUTION, self.step.work.solution, language="python")
                    self._visit = replace(self._visit, solution_shown=True)
                self.show()
            case _:
                await self._move(command)

    async def _move(self, command: ask.Command) -> None:
        match command:
            case ask.Skip():
                self._states.setdefault(self.step.id, StepState.SKIPPED)
                self._go(self._index + 1)
            case ask.Next():
                if self.step.work is None:
                    self._states[self.step.id] = StepState.PASSED
                self._go(self._index + 1)
            case ask.Back():
                self._go(self._index - 1)
            case ask.Goto(step_id=step_id):
                self._go([step.id for step in self.lesson.steps].index(step_id))
            case ask.Restart():
                self.publish(RuntimeChanged(RuntimeState.STARTING, self.info))
                self.publish(RuntimeChanged(RuntimeState.READY, self.info))
                self.say(EntryKind.NOTE, "The runtime is fresh.")
                self.show()
            case _:
                pass

    def _go(self, index: int) -> None:
        if index < len(self.lesson.steps):
            self._come_to(index)
        else:
            self._finish()
            self.show()

    def _finish(self) -> None:
        by_state = [(step, self._states.get(step.id, StepState.NEW)) for step in self.lesson.steps]
        open_steps = [(step, ("cuda",)) for step, state in by_state if state is StepState.OPEN]
        left = [step for step, state in by_state if state not in (StepState.OPEN, StepState.PASSED)]
        passed = len(by_state) - len(open_steps) - len(left)
        state = "started" if left else "done_here" if open_steps else "passed"
        self.say(EntryKind.NOTE, "The end.", **closing(self.lesson, state, passed, open_steps, left))
        self.publish(LessonFinished(self.lesson.id, state, {}))

    def _answer(self, values: tuple[str, ...]) -> None:
        work = self.step.work
        if isinstance(work, Form):
            shown = ", ".join(
                "•••" if field.secret else value for field, value in zip(work.fields, values, strict=True)
            )
        else:
            shown = "\n".join(values)
        self.say(EntryKind.ANSWER, shown, you=True, question=work.question if isinstance(work, Quiz) else "")
        if self.card().asking is Asking.PREDICT:
            self._visit = replace(self._visit, predicted=True)
            self.show()
            return
        right = True
        if isinstance(work, Quiz):
            right = values == (("2",) if work.choices else ("4",))
        if isinstance(work, Paste):
            right = "Driver Version" in values[0]
        verdict = Verdict.PASSED if right else Verdict.NOT_YET
        lines = () if right else (Line("Your answer", verdict, "Not this one.", expected="another", seen=shown),)
        self._judge(Outcome(verdict, lines))

    def _judge(self, outcome: Outcome) -> None:
        self._visit = replace(self._visit, attempts=self._visit.attempts + 1).after(outcome, 1)
        self._states[self.step.id] = STATES[outcome.verdict]
        data = asdict(outcome) | {"verdict": str(outcome.verdict)}
        self.say(EntryKind.VERDICT, outcome.reason, **data)
        self.publish(StepFinished(self.lesson.id, self.step.id, outcome))
        self.show()

    def _show_output(self, log: FakeLog, seconds: float) -> None:
        entry = Scribe(self.lesson).output(self.step, log, seconds)
        if entry is not None:
            self.publish(Added(self._keep(entry)))

    async def _free(self, text: str) -> None:
        self.say(EntryKind.CODE, text, you=True, language="python", attempt=0)
        log = FakeLog()
        log.add(f"ran {text}\n")
        self.publish(OutputChanged(self.lesson.id, "", log))
        if "while True" in text:
            await asyncio.Event().wait()
        if "wait" in text:
            await self.gate.wait()
        if "input" in text:
            await self._ask()
        self._show_output(log, 0.1)
        self.publish(SaidFinished(self.lesson.id))
        self.show()

    async def _ask(self) -> str:
        self._input = (self.prompt, self.asks_secretly)
        self._answered = asyncio.get_running_loop().create_future()
        self.show(running=True)
        line = await self._answered
        self._input = self._answered = None
        self.say(EntryKind.ANSWER, line, you=True)
        self.show(running=True)
        return line

    async def _run(self, code: str) -> None:
        step = self.step
        self.say(EntryKind.CODE, code, you=True, language="python", attempt=self._visit.attempts + 1)
        self.publish(StepStarted(self.lesson.id, step.id, self._visit.attempts + 1, code))
        self.publish(RuntimeChanged(RuntimeState.BUSY, self.info))
        self.show(running=True)
        log = FakeLog()
        self.publish(OutputChanged(self.lesson.id, step.id, log))
        outcome = await self._play(step, code, log)
        self._show_output(log, 0.9)
        self.publish(RuntimeChanged(RuntimeState.READY, self.info))
        self._visit = replace(self._visit, code=code)
        self._judge(outcome)

    async def _play(self, step: Step, code: str, log: FakeLog) -> Outcome:
        match step.id:
            case "ask-pytorch":
                log.add("2.13.0+cpu\nFalse\n")
                lines = (
                    Line("PyTorch is installed", Verdict.PASSED),
                    Line(
                        "PyTorch sees the CUDA device",
                        Verdict.COULD_NOT_CHECK,
                        "This needs an NVIDIA GPU, and none can be seen here.",
                    ),
                )
                return Outcome(
                    Verdict.COULD_NOT_CHECK,
                    lines,
                    reason="Go on with n; a computer with a GPU can close it later.",
                    unmet=("cuda",),
                )
            case "brackets":
                log.add("on the GPU: True\n")
                if "is_available()" in code:
                    return Outcome(Verdict.PASSED, (Line("on_gpu is an answer", Verdict.PASSED),))
                line = Line(
                    "on_gpu is an answer",
                    Verdict.NOT_YET,
                    "",
                    expected="True or False",
                    seen="<built-in function is_available>",
                )
                return Outcome(Verdict.NOT_YET, (line,))
            case "ask-name":
                name = await self._ask()
                log.add(f"Your name? {name}\nHello, {name}\n")
            case "endless":
                log.add("tick\n")
                await asyncio.Event().wait()
            case "noise":
                log.add("[bold]not markup[/bold] [/nothing] [link=x\n")
                log.add("\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2Jplain\n")
                for number in range(1000):
                    log.add(f"\rstep {number}" if number < 500 else f"line {number}\n")
        return Outcome(Verdict.PASSED, (Line("The code runs", Verdict.PASSED),))


def _own_code(step: Step) -> str:
    work = step.work
    return work.code if isinstance(work, RunCode) else work.starter if isinstance(work, FixCode) else ""


__all__ = ["Action", "Asking", "FakeLog", "FakeSession"]
