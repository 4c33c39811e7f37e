"""The session: a task with an inbox of commands and a stream of events.

Knows no widget and no kernel library. `interrupt`, `answer` and `edit` work while a step runs; everything else waits for the learner
to come back to it. The store is written before an event is published.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Coroutine, MutableMapping, Sequence
from dataclasses import replace

from tutor.errors import RuntimeFailed, TutorError
from tutor.i18n import Words
from tutor.lesson.model import Checklist, FixCode, Form, Lesson, Paste, Quiz
from tutor.progress.model import EntryKind
from tutor.runtime.base import Late, Resumed, Runtime, RuntimeState
from tutor.session import commands as ask
from tutor.session import visit as visits
from tutor.session.answering import Answering, unmarked
from tutor.session.answers import judge_quiz
from tutor.session.attempts import Attempts
from tutor.session.desk import Desk, LessonSource, Options
from tutor.session.drafts import Drafts
from tutor.session.events import (
    Action,
    Asking,
    Event,
    Failed,
    LessonStarted,
    OutputChanged,
    RuntimeChanged,
    StoreFailed,
)
from tutor.session.help import solution_entries
from tutor.session.journey import Journey
from tutor.session.judging import Judging
from tutor.session.keeper import Keep, Keeper, SessionStore
from tutor.session.runtimes import Runtimes
from tutor.session.scribe import Scribe
from tutor.session.taking import take
from tutor.session.whereabouts import Whereabouts
from tutor.session.worker import Worker
from tutor.text.sentences import in_a_row

log = logging.getLogger(__name__)

QUIT_SECONDS = 4.0
"""For what runs to yield when the lesson is left; a kernel of this computer is killed after that, and one elsewhere left alone."""
ACTION_OF = {
    ask.Run: Action.RUN,
    ask.Check: Action.CHECK,
    ask.Hint: Action.HINT,
    ask.Skip: Action.SKIP,
    ask.Back: Action.BACK,
    ask.BringBack: Action.BRING_BACK,
    ask.Recall: Action.RECALL,
    ask.Refill: Action.REFILL,
    ask.Practise: Action.PRACTISE,
}
"""Commands that do nothing when the step does not offer them."""


class Session:
    """One learner in one lesson."""

    def __init__(
        self,
        lesson: Lesson,
        options: Options,
        *,
        runtimes: Runtimes,
        store: SessionStore | None,
        keep: Keep = Keep.CONVERSATION,
        source: LessonSource | None = None,
        secrets: MutableMapping[str, str] | None = None,
        store_problem: str = "",
    ) -> None:
        """Args: `secrets` is shared by the sessions of one tutor; `store_problem` says why there is no store."""
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._inbox: asyncio.Queue[ask.Command | Late] = asyncio.Queue()
        keeper = Keeper(store, lesson.id, keep, lambda message: self._publish(StoreFailed(message)))
        self._desk = Desk(
            lesson=lesson,
            words=Words(str(lesson.language)),
            options=options,
            runtimes=runtimes,
            keeper=keeper,
            publish=self._publish,
            secrets=secrets if secrets is not None else {},
            scribe=Scribe(lesson),
            practice=options.practice,
        )
        self._worker = Worker(self._desk)
        judging = Judging(self._desk, self._worker)
        self._attempts = Attempts(self._desk, self._worker, judging)
        self._answering = Answering(self._desk, judging)
        self._drafts = Drafts(self._desk)
        self._journey = Journey(self._desk, self._worker, source)
        self._whereabouts = Whereabouts(self._desk, self._worker, self._inbox.put_nowait, self._resume)
        self._job: asyncio.Task[None] | None = None
        self._main: asyncio.Task[None] | None = None
        self._warm: asyncio.Task[None] | None = None
        self._store_problem = store_problem
        self._typed_ahead: deque[ask.Say] = deque()
        """Code typed at the prompt while other code runs; each piece has its turn after it, as in any interpreter."""

    # -- the front end's side

    async def open(self, step_id: str | None = None) -> None:
        """Greet the learner where they stopped, or at the given step, and begin to take commands."""
        desk = self._desk
        await desk.keeper.load()
        desk.plain_values.update(await desk.keeper.form_values(desk.options.scope))
        desk.take_given()
        stopped_at = await desk.keeper.position()
        newest = await desk.keeper.last_entry()
        self._publish(LessonStarted(desk.lesson, resumed=newest is not None))
        if self._store_problem:
            self._publish(StoreFailed(self._store_problem))
        if newest is None and desk.lesson.opening.strip():
            await desk.say([desk.scribe.entry(None, EntryKind.PROSE, desk.lesson.opening)])
        wanted = step_id or stopped_at
        index = next((index for index, step in enumerate(desk.lesson.steps) if step.id == wanted), 0)
        told = newest is not None and newest.step_id == desk.lesson.steps[index].id and step_id in (None, stopped_at)
        await self._journey.come_to(index, silently=told)
        if told and newest is not None and "finished" in newest.data and not desk.options.headless:
            self._journey.stay_at_the_end()
        self._main = asyncio.create_task(self._take_commands(), name=f"session {desk.lesson.id}")
        if not desk.options.headless:
            # The kernel warms up while the learner reads.
            self._warm = asyncio.create_task(self._whereabouts.warm_up())

    async def send(self, command: ask.Command) -> None:
        """Ask for something; returns at once, what happens comes as events."""
        await self._inbox.put(command)

    async def events(self) -> AsyncIterator[Event]:
        """Everything that happens, until the session is closed. For one consumer."""
        while (event := await self._queue.get()) is not None:
            if isinstance(event, OutputChanged):
                self._worker.output_announced = False
            yield event

    async def continue_in(self, lesson: Lesson) -> None:
        """Go on in the same lesson's other language, at the same step, which is told again."""
        desk = self._desk
        if lesson.language is desk.lesson.language:
            return
        step_id = desk.step.id
        desk.lesson, desk.words = lesson, Words(str(lesson.language))
        desk.index = next((index for index, step in enumerate(lesson.steps) if step.id == step_id), 0)
        await self._journey.tell_step()
        desk.show()

    async def aclose(self) -> None:
        """Stop what runs and end the stream of events; runtimes stay, they belong to the tutor. Safe to call twice."""
        self._typed_ahead.clear()
        if self._job is not None and not self._job.done() and not self._worker.goes_on_alone:
            with contextlib.suppress(RuntimeFailed, TimeoutError):
                await asyncio.wait_for(self._worker.interrupt(), QUIT_SECONDS)
        if self._worker.goes_on_alone:
            await self._worker.keep_output()
        if self._warm is not None:
            self._whereabouts.leave()
        tasks = [task for task in (self._main, self._job, self._warm) if task is not None]
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                log.error("a task of lesson %s failed at its end", self._desk.lesson.id, exc_info=ended)
        self._queue.put_nowait(None)

    async def move(self, name: str) -> None:
        """Go on in another runtime, once it is ready; what runs here is stopped, unless it goes on by itself.

        Raises:
            UsageError, RuntimeFailed: it cannot be used, and everything is as it was.
        """
        self._typed_ahead.clear()
        job = self._job
        if job is not None and not job.done():
            if self._worker.goes_on_alone:
                job.cancel()
            else:
                await self._worker.interrupt()
            await asyncio.gather(job, return_exceptions=True)
        await self._whereabouts.move(name)

    @property
    def practises(self) -> bool:
        """Steps that can be rehearsed are."""
        return self._desk.practice

    async def remark(self, text: str) -> None:
        """Have the tutor say something that is not the session's own."""
        await self._desk.note(text)

    def made_here(self) -> tuple[int, bool, bool]:
        """How many steps have left names in the lesson's kernel, whether code runs now, and whether that goes on by itself."""
        runs = self._job is not None and not self._job.done()
        return self._whereabouts.steps_with_names(), runs, runs and self._worker.goes_on_alone

    async def remove_folder(self) -> None:
        """Take the lesson's folder away where it is on another machine; nobody will come back to it."""
        await self._whereabouts.remove_folder()

    def _resume(self, runtime: Runtime, resumed: Resumed) -> None:
        if self._job is None or self._job.done():
            self._start(self._attempts.resume(runtime, resumed))

    # -- the session's own task

    def _publish(self, event: Event) -> None:
        self._queue.put_nowait(event)

    async def _take_commands(self) -> None:
        while True:
            command = await self._inbox.get()
            try:
                await self._take(command)
            except TutorError as error:
                self._publish(Failed(error.message, {"hint": error.hint, "exit_code": int(error.exit_code)}))
            except Exception as error:
                # The task's boundary: the tutor goes on, the log has it all.
                log.exception("command %s failed", type(command).__name__)
                self._publish(Failed(f"{type(error).__name__}: {error}"))

    async def _take(self, command: ask.Command | Late) -> None:
        match command:
            case Late():
                await self._desk.say(self._desk.scribe.late(self._desk.lesson, command, self._desk.words))
            case ask.Edit(text=text, at_once=at_once):
                await self._drafts.edit(text, at_once=at_once)
            case ask.Receipt(text=text):
                await take(self._desk, text)
            case _ if self._job is not None and not self._job.done():
                if self._desk.options.headless and not isinstance(command, ask.Interrupt):
                    await self._job
                    await self._take_when_idle(command)
                else:
                    await self._take_while_running(command)
            case _:
                await self._take_when_idle(command)

    async def _take_while_running(self, command: ask.Command) -> None:
        match command:
            case ask.Interrupt():
                self._typed_ahead.clear()
                await self._worker.interrupt()
            case ask.Say(text=text) if text.strip():
                self._typed_ahead.append(command)
            case ask.Answer(values=values) if self._desk.input_request is not None:
                secret = self._desk.input_request.password
                line = values[0] if values else ""
                self._worker.answer(line)
                shown = "••••••••" if secret else line
                await self._desk.say([self._desk.scribe.answer(self._desk.step, shown)])
                self._desk.show()

    async def _take_when_idle(self, command: ask.Command) -> None:
        desk = self._desk
        wanted = ACTION_OF.get(type(command))
        if wanted is not None and not desk.options.headless and wanted not in desk.card().actions:
            return
        match command:
            case ask.Run(code=code):
                await self._journey.reload()
                self._start(self._answering.nobody() if self._is_alone(code) else self._attempts.run(code))
            case ask.Check():
                self._start(self._attempts.check())
            case ask.Answer(values=values):
                self._answer(values)
            case ask.Tick(item=item, done=done):
                await self._tick(item, done=done)
            case ask.Say(text=text) if text.strip():
                self._start(self._attempts.free(text))
            case ask.Explain(text=text):
                self._start(self._attempts.explain(text))
            case ask.BringBack():
                self._start(self._attempts.bring_back())
            case ask.Restart(empty_folder=empty_folder):
                self._start(self._whereabouts.restart(empty_folder=empty_folder))
            case ask.Recall():
                await self._drafts.recall()
            case ask.Refill():
                self._answering.again()
            case ask.Practise():
                await self._journey.practise()
            case ask.Hint():
                await self._hint()
            case ask.Solution(fill=fill):
                await self._solution(fill=fill)
            case ask.Skip() | ask.Next() | ask.Back() | ask.Goto():
                await self._journey.move(command)

    def _is_alone(self, code: str | None) -> bool:
        """Without a screen, a step that wants an answer, and none was given."""
        desk = self._desk
        match desk.step.work:
            case Quiz() | Form() | Paste():
                return desk.options.headless
            case FixCode():
                return desk.options.headless and code is None
            case Checklist():
                return desk.options.headless and not (desk.rehearses and desk.step.has_practice)
            case _:
                return False

    def _start(self, work: Coroutine[None, None, None]) -> None:
        self._desk.interrupted = False
        self._desk.running = True
        self._desk.show()
        self._job = asyncio.create_task(self._do(work))

    async def _do(self, work: Coroutine[None, None, None]) -> None:
        """One job, to its end; a failure of ours is told and logged, and the learner can go on."""
        desk = self._desk
        try:
            await work
        except TutorError as error:
            runtime = desk.runtime_for(desk.step)
            message = in_a_row(error.message, error.hint)
            if isinstance(error, RuntimeFailed):
                self._publish(RuntimeChanged(RuntimeState.DEAD, runtime.info, message))
            await desk.say([desk.scribe.entry(desk.step, EntryKind.NOTE, message)])
            self._publish(Failed(error.message, {"hint": error.hint, "exit_code": int(error.exit_code)}))
        except Exception as error:
            # The task's boundary, as above.
            log.exception("a job of lesson %s failed", desk.lesson.id)
            self._publish(Failed(f"{type(error).__name__}: {error}"))
        finally:
            if self._typed_ahead:
                self._start(self._attempts.free(self._typed_ahead.popleft().text))
            else:
                desk.running = False
                desk.show()

    # -- answers, help, editing

    def _answer(self, values: Sequence[str]) -> None:
        desk = self._desk
        step, work = desk.step, desk.step.work
        now = desk.card().asking
        if now is Asking.PREDICT and step.predict is not None:
            self._start(self._predict(step.predict, values))
            return
        match work:
            case Quiz():
                self._start(self._answering.quiz(work, values))
            case Form():
                self._start(self._answering.form(work, values))
            case Paste():
                self._start(self._answering.paste(work, "\n".join(values)))
            case _:
                pass

    async def _tick(self, item: int, *, done: bool) -> None:
        """The last tick begins the checks; others are kept at once, without a moment in which the step seems to run."""
        if await self._answering.tick(item, done=done):
            self._start(self._answering.ticked())
        else:
            self._desk.show()

    async def _predict(self, question: Quiz, values: Sequence[str]) -> None:
        desk = self._desk
        given = judge_quiz(question, values)
        if not given.understood:
            await self._answering.slip(question, values)
            return
        answer = unmarked(given.seen) or ", ".join(values)
        await desk.say([desk.scribe.answer(desk.step, answer, question.question)])
        desk.visit = replace(desk.visit, predicted=True, prediction_why=given.why or question.why)

    async def _hint(self) -> None:
        desk = self._desk
        index = visits.next_hint(desk.step, desk.visit)
        if index is None:
            return
        desk.visit = replace(desk.visit, hints_taken=(*desk.visit.hints_taken, index))
        hint = desk.step.hints[index].markdown
        # In the order in which the learner gets them: the one that fits comes first, wherever it stands in the lesson.
        data = {"number": len(desk.visit.hints_taken), "total": len(desk.step.hints)}
        await desk.say([desk.scribe.entry(desk.step, EntryKind.HINT, hint, data)])
        desk.show()

    async def _solution(self, *, fill: bool) -> None:
        desk, work = self._desk, self._desk.step.work
        wanted = Action.FILL if fill else Action.SOLUTION
        if wanted not in desk.card().actions:
            return
        if fill and isinstance(work, FixCode):
            await self._drafts.fill(work.solution)
        else:
            desk.visit = replace(desk.visit, solution_shown=True)
            await desk.say(solution_entries(desk.step, desk.code, desk.scribe))
        desk.show()
