"""A runtime that plays a script, and a session over it that keeps all it says: for tests of the session alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.session.memory_store import MemoryStore
from tutor.lesson.model import Lesson
from tutor.runtime.base import (
    Ending,
    Finished,
    InputRequest,
    Late,
    Output,
    Request,
    Resumed,
    RuntimeInfo,
    RuntimeState,
    Text,
)
from tutor.session import commands as ask
from tutor.session.accounts import Accounts, NoAccounts
from tutor.session.desk import Options
from tutor.session.engine import Session
from tutor.session.events import Card, CardChanged, Event, Failed, StepFinished
from tutor.session.explaining import Explain, nothing
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes
from tutor.session.taking import Receive
from tutor.text.scrub import Scrubber


def line(label: str, verdict: str = "passed", message: str = "", **more: Any) -> dict[str, Any]:
    """A verdict line as the harness sends it."""
    return {
        "kind": "line",
        "label": label,
        "verdict": verdict,
        "message": message,
        "expected": None,
        "seen": None,
    } | more


def judged(*lines: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A `JUDGED_MIME` object."""
    return {
        "lines": list(lines),
        "unmet": [],
        "error": None,
        "exit_code": None,
        "seconds": 0.1,
        "interrupted": False,
        "unbound": None,
    } | more


class ListLog:
    """An output log that is a list."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []

    @property
    def end(self) -> int:
        return len(self.outputs)

    @property
    def size(self) -> int:
        return sum(len(output.text) for output in self.outputs if isinstance(output, Text))

    @property
    def path(self) -> Path | None:
        return None

    def read(self, cursor: int = 0, limit: int = 1 << 20) -> tuple[Sequence[Output], int]:
        return self.outputs[cursor:], len(self.outputs)

    def ends(self, characters: int = 1 << 20) -> tuple[Sequence[Output], int, Sequence[Output]]:
        return self.outputs, 0, ()


class FakeExecution:
    """What the script does is appended here."""

    def __init__(self, requests: Sequence[Request], scrubber: Scrubber | None) -> None:
        self.requests = requests
        self.is_followed = False
        self.output = ListLog()
        self.input_request: InputRequest | None = None
        self.finished: Finished | None = None
        self.answers: asyncio.Queue[str] = asyncio.Queue()
        self.interrupted = asyncio.Event()
        self._news = asyncio.Event()
        self._scrubber = scrubber or Scrubber()

    def print(self, text: str) -> None:
        self.output.outputs.append(Text("stdout", self._scrubber.scrub(text)))
        self._news.set()

    async def input(self, prompt: str, *, password: bool = False) -> str:
        self.input_request = InputRequest(prompt, password)
        self._news.set()
        return await self.answers.get()

    def end(self, result: Mapping[str, Any] | None, ending: Ending = Ending.DONE, status: int | None = None) -> None:
        self.finished = Finished(ending, result, 0.1, status)
        self._news.set()

    async def changed(self) -> None:
        await self._news.wait()
        self._news.clear()

    async def wait(self) -> Finished:
        while self.finished is None:
            await self.changed()
        return self.finished

    def answer(self, line: str) -> None:
        self.input_request = None
        self.answers.put_nowait(line)


Script = Callable[[FakeExecution], Awaitable[None]]


@dataclass
class FakeRuntime:
    """Plays `script` for every execution and remembers what was sent."""

    script: Script
    name: str = "local"
    state: RuntimeState = RuntimeState.OFF
    generation: int = 0
    sent: list[Sequence[Request]] = field(default_factory=list)
    start_error: Exception | None = None
    hear: Callable[[Late], None] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    resumed: Resumed | None = None
    outlives: bool = False
    is_cut: bool = False
    changed: Callable[[], None] | None = None
    left_behind: bool = False
    _task: asyncio.Task[None] | None = None
    _execution: FakeExecution | None = None

    @property
    def info(self) -> RuntimeInfo:
        return RuntimeInfo(self.name, python="3.11.7", device="CPU, 2 cores", facts=self.facts)

    def take_up(self, step: str = "") -> Resumed | None:
        found = self.resumed
        if found is None or (step and found.step != step):
            return None
        self.resumed = None
        return found

    def take_notes(self) -> Sequence[str]:
        notes, self.notes = self.notes, []
        return notes

    def folder(self, folder: Path) -> str:
        return f"~/{folder.name}" if self.outlives else str(folder)

    async def start(self) -> RuntimeInfo:
        if self.start_error is not None:
            raise self.start_error
        if self.state in (RuntimeState.OFF, RuntimeState.DEAD):
            self.generation += 1
        self.state = RuntimeState.READY
        return self.info

    def execute(
        self, requests: Sequence[Request], *, timeout: float | None = None, scrubber: Scrubber | None = None
    ) -> FakeExecution:
        self.sent.append(requests)
        self._execution = FakeExecution(requests, scrubber)
        self._task = asyncio.create_task(self._play(self._execution))
        return self._execution

    async def _play(self, execution: FakeExecution) -> None:
        self.state = RuntimeState.BUSY
        await self.script(execution)
        if execution.finished is None:
            execution.end(None)
        assert execution.finished is not None
        self.state = RuntimeState.DEAD if execution.finished.ending is Ending.DIED else RuntimeState.READY

    def watch(self, changed: Callable[[], None] | None) -> None:
        self.changed = changed

    def listen(self, hear: Callable[[Late], None] | None) -> None:
        self.hear = hear

    async def interrupt(self) -> None:
        if self._execution is not None:
            self._execution.interrupted.set()

    async def restart(self) -> RuntimeInfo:
        self.generation += 1
        self.state = RuntimeState.READY
        return self.info

    async def aclose(self) -> None:
        self.state = RuntimeState.OFF


def always(result: Mapping[str, Any], *printed: str) -> Script:
    """Print, then judge so."""

    async def script(execution: FakeExecution) -> None:
        for text in printed:
            execution.print(text)
        execution.end(result)

    return script


class Talk:
    """A session with everything it published so far."""

    def __init__(self, session: Session, runtime: FakeRuntime, store: MemoryStore) -> None:
        self.session = session
        self.runtime = runtime
        self.store = store
        self.events: list[Event] = []
        self._stream = session.events()

    async def until(self, wanted: Callable[[Event], bool]) -> Event:
        """The next event that is wanted; all before it are kept in `events`."""
        async with asyncio.timeout(5):
            async for event in self._stream:
                self.events.append(event)
                if wanted(event):
                    return event
        raise AssertionError("the session ended")

    async def idle(self, command: ask.Command) -> Card:
        """Send a command and wait until the session is back with the learner."""
        await self.session.send(command)
        started = len(self.events)

        def is_idle(event: Event) -> bool:
            return isinstance(event, CardChanged) and not event.card.running and len(self.events) > started

        event = await self.until(is_idle)
        assert isinstance(event, CardChanged)
        return event.card

    async def verdict(self, command: ask.Command) -> StepFinished:
        """Send a command and wait for the step's verdict."""
        await self.session.send(command)
        event = await self.until(lambda event: isinstance(event, StepFinished | Failed))
        assert isinstance(event, StepFinished), event
        return event

    def said(self, kind: str) -> list[str]:
        """Bodies of transcript entries of that kind."""
        return [entry.body for entry in self.store.said if entry.kind == kind]


async def talk(
    lesson_: Lesson,
    script: Script,
    *,
    store: MemoryStore | None = None,
    keep: Keep = Keep.CONVERSATION,
    headless: bool = False,
    practice: bool = False,
    step: str | None = None,
    folder: Path = Path(),
    source: Any = None,
    explain: Explain = nothing,
    receive: Receive | None = None,
    accounts: Accounts | None = None,
) -> Talk:
    """An open session over a scripted runtime."""
    runtime = FakeRuntime(script)
    memory = store or MemoryStore()
    session = Session(
        lesson_,
        Options("key", folder, practice, headless, explain=explain, receive=receive, accounts=accounts or NoAccounts()),
        runtimes=Runtimes("local", lambda name: runtime),
        store=memory,
        keep=keep,
        secrets={},
        source=source,
    )
    await session.open(step)
    conversation = Talk(session, runtime, memory)
    if not headless:
        # The step is shown once at the beginning and once more when the runtime is warm.
        for _ in range(2):
            await conversation.until(lambda event: isinstance(event, CardChanged))
    return conversation
