"""Drives one session without a screen, step by step; `tutor run` and `tutor check --run` are built on it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tutor.commands.selection import scope_of
from tutor.errors import ExitCode, RuntimeFailed, RuntimeStartError
from tutor.lesson.model import Lesson
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.accounts import Accounts, NoAccounts
from tutor.session.desk import Options
from tutor.session.engine import Session
from tutor.session.events import Event, Failed, Outcome, StepFinished
from tutor.session.explaining import Explain, nothing
from tutor.session.keeper import Keep, SessionStore
from tutor.session.runtimes import Runtimes


@dataclass(frozen=True, slots=True)
class Manner:
    """How the steps of a run are done."""

    practice: bool = False
    """Those that can be rehearsed are."""
    accounts: Accounts = field(default_factory=NoAccounts)
    given: Mapping[str, str] = field(default_factory=dict)
    """Form values known beforehand, by field name."""
    explain: Explain = nothing


class Driver:
    """One lesson, in a fresh working folder that goes at the end unless a step was not yet passed."""

    def __init__(
        self,
        lesson: Lesson,
        runtimes: Runtimes,
        *,
        store: SessionStore | None,
        keep: Keep,
        on_event: Callable[[Event], None],
        manner: Manner = Manner(),
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"tutor-{lesson.id}-"))
        options = Options(
            str(self.folder),
            self.folder,
            manner.practice,
            headless=True,
            given=manner.given,
            scope=scope_of(lesson),
            explain=manner.explain,
            accounts=manner.accounts,
        )
        self._session = Session(lesson, options, runtimes=runtimes, store=store, keep=keep, secrets={})
        self._on_event = on_event
        self._events: AsyncIterator[Event] = self._session.events()
        self._at: str | None = None
        self._missed = False
        self.kept_folder = False
        """Something failed and left files that the learner may want to look at; known at the end."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._at is not None:
            if not self._missed:
                with contextlib.suppress(RuntimeFailed):
                    await self._session.remove_folder()
            await self._session.aclose()
        self.kept_folder = self._missed and any(self.folder.iterdir())
        if not self.kept_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def step(self, step_id: str, command: ask.Command, *, bring_back: bool = False) -> Outcome:
        """Go to the step, do what the command says, and wait for the verdict.

        Raises:
            RuntimeStartError: the runtime did not start, or the session itself failed.
        """
        if self._at is None:
            await self._session.open(step_id)
        elif self._at != step_id:
            await self._session.send(ask.Goto(step_id))
        self._at = step_id
        if bring_back:
            await self._session.send(ask.BringBack())
        await self._session.send(command)
        async for event in self._events:
            self._on_event(event)
            match event:
                case StepFinished(outcome=outcome):
                    self._missed |= outcome.verdict is Verdict.NOT_YET
                    return outcome
                case Failed(message, details):
                    raise RuntimeStartError(message, str(details.get("hint", "")))
                case _:
                    pass
        raise RuntimeStartError("the session ended before its step did")


@contextlib.asynccontextmanager
async def warmed(runtimes: Runtimes, first: Lesson | None = None) -> AsyncIterator[Runtimes]:
    """The runtime of the first lesson, else the chosen one, starts while more is read; no kernel is left, whatever happens."""
    runtime = runtimes.chosen if first is None else runtimes.for_lesson(first)
    warm = asyncio.create_task(runtime.start())
    try:
        yield runtimes
    finally:
        warm.cancel()
        with contextlib.suppress(asyncio.CancelledError, RuntimeStartError):
            await warm
        await runtimes.aclose()


def run_interruptible(work: Coroutine[Any, Any, int]) -> int:
    """Run to the end; Ctrl-C, a hang-up and a polite kill end it as Ctrl-C does: the kernel first, then we."""

    async def guarded() -> int:
        task = asyncio.create_task(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` means it
                loop.add_signal_handler(number, task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            return ExitCode.INTERRUPTED

    return asyncio.run(guarded())
