"""What a session keeps, and what happens when keeping fails: it says so once and the learner goes on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from tutor.errors import StoreError
from tutor.progress.model import STATE_AFTER, Attempt, Entry, GoodRun, StepRecord, StepState, Verdict

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class Keep(StrEnum):
    """How much of a session is kept."""

    CONVERSATION = "conversation"
    """Progress, attempts, transcript, drafts, position."""
    PROGRESS = "progress"
    """Progress and attempts: a plain headless run."""
    GOOD_RUNS = "good_runs"
    """Only the date of the last good run of each step: a run with the lesson's own solutions."""


class SessionStore(Protocol):
    """What a session needs of the store; `tutor.progress` has it."""

    async def record(self, attempt: Attempt, entries: Sequence[Entry] = ()) -> list[Entry]: ...
    async def add_entries(self, entries: Sequence[Entry]) -> list[Entry]: ...
    async def entries(self, lesson_id: str, before: int | None, limit: int) -> list[Entry]: ...
    async def steps(self, lesson_id: str, *, practice: bool = False) -> dict[str, StepRecord]: ...
    async def set_state(
        self, lesson_id: str, step_id: str, state: StepState, step_hash: str, *, unmet: Sequence[str] = ()
    ) -> list[Entry]: ...
    async def draft(self, lesson_id: str, step_id: str) -> str | None: ...
    async def set_draft(self, lesson_id: str, step_id: str, text: str) -> None: ...
    async def delete_draft(self, lesson_id: str, step_id: str) -> None: ...
    async def versions(self, lesson_id: str, step_id: str) -> list[str]: ...
    async def add_version(self, lesson_id: str, step_id: str, text: str) -> None: ...
    async def position(self, lesson_id: str) -> str | None: ...
    async def set_position(self, lesson_id: str, step_id: str) -> None: ...
    async def good_run(self, run: GoodRun) -> None: ...
    async def form_values(self, scope: str) -> dict[str, str]: ...
    async def set_form_value(self, scope: str, name: str, value: str) -> None: ...
    async def ticks(self, lesson_id: str, step_id: str) -> tuple[int, ...]: ...
    async def set_tick(self, lesson_id: str, step_id: str, item: int, done: bool = True) -> None: ...


class Keeper:
    """Reads and writes one lesson's rows; after the first failure it only remembers."""

    def __init__(
        self, store: SessionStore | None, lesson_id: str, keep: Keep, on_failure: Callable[[str], None]
    ) -> None:
        """Args: `store`: None when it could not be opened (that was said already)."""
        self._store = store
        self._lesson_id = lesson_id
        self._keep = keep
        self._on_failure = on_failure
        self._records: dict[str, StepRecord] = {}
        self._rehearsed: dict[str, StepRecord] = {}
        """What was done in practice."""

    async def _ask(
        self, call: Callable[[SessionStore], Awaitable[Answer]], otherwise: Answer, *, least: Keep = Keep.CONVERSATION
    ) -> Answer:
        """Ask the store, if this session keeps that much; `otherwise` when it does not or when the store fails."""
        kept = self._keep is Keep.CONVERSATION or self._keep is least
        if self._store is None or not kept:
            return otherwise
        try:
            return await call(self._store)
        except StoreError as error:
            log.error("the store failed: %s", error)
            self._store = None
            self._on_failure(error.message)
            return otherwise

    async def load(self) -> None:
        """Read what is known of the lesson's steps, however little this session adds to it."""
        self._records = await self._ask(lambda store: store.steps(self._lesson_id), {}, least=self._keep)
        self._rehearsed = await self._ask(lambda store: store.steps(self._lesson_id, practice=True), {})

    async def reload(self) -> None:
        """Read it again, since somebody else has written; what is known stays where the store says nothing."""
        self._records = await self._ask(lambda store: store.steps(self._lesson_id), self._records, least=self._keep)

    def state(self, step_id: str, step_hash: str) -> StepState:
        """Where the step stands, held against its present content."""
        record = self._records.get(step_id)
        if record is None:
            return StepState.NEW
        if record.state is StepState.PASSED and record.passed_hash != step_hash:
            return StepState.CHANGED
        return record.state

    def unmet(self, step_id: str) -> tuple[str, ...]:
        """What the step's newest verdict lacked, as words of `needs`."""
        record = self._records.get(step_id)
        return record.unmet if record is not None else ()

    def is_rehearsed(self, step_id: str, step_hash: str) -> bool:
        """Whether it was passed in practice as it is now."""
        record = self._rehearsed.get(step_id)
        return record is not None and record.state is StepState.PASSED and record.passed_hash == step_hash

    def passed_code(self, step_id: str, *, practice: bool = False) -> str | None:
        """The code of the step's newest pass. Args: `practice`: of the newest one in practice."""
        record = (self._rehearsed if practice else self._records).get(step_id)
        return record.code if record is not None and record.state is StepState.PASSED and record.code else None

    async def record(self, attempt: Attempt, entries: Sequence[Entry]) -> list[Entry]:
        """Keep a judged attempt with what was said about it, in one transaction; the entries with their ids."""
        self._remember(attempt, self._rehearsed if attempt.practice else self._records)
        said = list(entries)
        match self._keep:
            case Keep.CONVERSATION:
                return await self._ask(lambda store: store.record(attempt, said), said)
            case Keep.PROGRESS:
                await self._ask(lambda store: store.record(attempt), said, least=Keep.PROGRESS)
            case Keep.GOOD_RUNS if attempt.verdict is Verdict.PASSED:
                good = GoodRun(attempt.lesson_id, attempt.step_id, attempt.step_hash, attempt.language, attempt.time)
                await self._ask(lambda store: store.good_run(good), None, least=Keep.GOOD_RUNS)
        return said

    def _remember(self, attempt: Attempt, records: dict[str, StepRecord]) -> None:
        old = records.get(attempt.step_id)
        passed = attempt.verdict is Verdict.PASSED
        missed = attempt.verdict is Verdict.NOT_YET
        stays_passed = old is not None and old.state is StepState.PASSED
        records[attempt.step_id] = StepRecord(
            attempt.lesson_id,
            attempt.step_id,
            StepState.PASSED if stays_passed else STATE_AFTER[attempt.verdict],
            passed_hash=attempt.step_hash if passed else (old.passed_hash if old else ""),
            hash=attempt.step_hash,
            attempts=(old.attempts if old else 0) + 1,
            code=attempt.code
            if attempt.code and (passed or not (stays_passed or missed))
            else (old.code if old else ""),
            unmet=attempt.unmet,
            receipt="" if passed or old is None else old.receipt,
            time=attempt.time,
        )

    async def set_state(self, step_id: str, state: StepState, step_hash: str, unmet: Sequence[str] = ()) -> None:
        """A step was skipped, passed by reading it, or stays open; a pass is never taken back. Args: `unmet`: what an open one lacks."""
        old = self._records.get(step_id)
        passed = state is StepState.PASSED
        if old is not None and old.state is StepState.PASSED and not passed:
            return
        self._records[step_id] = StepRecord(
            self._lesson_id,
            step_id,
            state,
            passed_hash=step_hash if passed else (old.passed_hash if old else ""),
            hash=step_hash,
            attempts=old.attempts if old else 0,
            code=old.code if old else "",
            unmet=tuple(unmet),
            receipt="" if passed or old is None else old.receipt,
        )
        nothing: list[Entry] = []
        await self._ask(
            lambda store: store.set_state(self._lesson_id, step_id, state, step_hash, unmet=unmet),
            nothing,
            least=Keep.PROGRESS,
        )

    async def say(self, entries: Sequence[Entry]) -> list[Entry]:
        """Keep what was said; the entries with their ids."""
        said = list(entries)
        return await self._ask(lambda store: store.add_entries(said), said)

    async def last_entry(self) -> Entry | None:
        """The newest message of this lesson."""
        nothing: list[Entry] = []
        newest = await self._ask(lambda store: store.entries(self._lesson_id, None, 1), nothing)
        return newest[-1] if newest else None

    async def position(self) -> str | None:
        """The step at which the learner stopped."""
        return await self._ask(lambda store: store.position(self._lesson_id), None)

    async def set_position(self, step_id: str) -> None:
        """The learner came to this step."""
        await self._ask(lambda store: store.set_position(self._lesson_id, step_id), None)

    async def draft(self, step_id: str) -> str | None:
        """What stood in the editor."""
        return await self._ask(lambda store: store.draft(self._lesson_id, step_id), None)

    async def set_draft(self, step_id: str, text: str | None) -> None:
        """What stands in the editor now; None: the lesson's own code."""
        if text is None:
            await self._ask(lambda store: store.delete_draft(self._lesson_id, step_id), None)
        else:
            await self._ask(lambda store: store.set_draft(self._lesson_id, step_id, text), None)

    async def versions(self, step_id: str) -> list[str]:
        """What the learner ran or gave up at the step, newest first."""
        nothing: list[str] = []
        return await self._ask(lambda store: store.versions(self._lesson_id, step_id), nothing)

    async def add_version(self, step_id: str, text: str) -> None:
        """Keep what the learner gives up."""
        await self._ask(lambda store: store.add_version(self._lesson_id, step_id, text), None)

    async def ticks(self, step_id: str) -> tuple[int, ...]:
        """Ticked items of a checklist."""
        return await self._ask(lambda store: store.ticks(self._lesson_id, step_id), ())

    async def set_tick(self, step_id: str, item: int, *, done: bool) -> None:
        """Keep a tick of a checklist."""
        await self._ask(lambda store: store.set_tick(self._lesson_id, step_id, item, done), None)

    async def form_values(self, scope: str) -> Mapping[str, str]:
        """Plain form values remembered by name."""
        return await self._ask(lambda store: store.form_values(scope), {}, least=Keep.PROGRESS)

    async def set_form_value(self, scope: str, name: str, value: str) -> None:
        """Remember a plain form value."""
        await self._ask(lambda store: store.set_form_value(scope, name, value), None, least=Keep.PROGRESS)
