"""The store for an event loop: the methods of a conversation, awaited, done in one thread that owns the connection.

Calls are done in the order in which they were made; one that is cancelled while it waits is still done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from tutor.progress.model import Attempt, Entry, GoodRun, StepRecord, StepState
from tutor.progress.store import Store

P = ParamSpec("P")
R = TypeVar("R")


class AsyncStore:
    """A `Store` in a thread of its own: sqlite3 objects do not move between threads."""

    def __init__(self, store: Store, executor: ThreadPoolExecutor) -> None:
        """Use `AsyncStore.open`."""
        self._store = store
        self._executor = executor

    @classmethod
    async def open(cls, path: Path) -> AsyncStore:
        """Open the file as `Store` does.

        Raises:
            StoreError: it cannot be opened.
        """
        executor = ThreadPoolExecutor(1, thread_name_prefix="store")
        try:
            store = await asyncio.get_running_loop().run_in_executor(executor, Store, path)
        except BaseException:
            executor.shutdown(wait=False)
            raise
        return cls(store, executor)

    @property
    def path(self) -> Path:
        return self._store.path

    async def aclose(self) -> None:
        """Finish what was asked for, then close; safe to call twice."""
        try:
            await self._call(self._store.close)
        except RuntimeError:  # the executor is closed already
            return
        self._executor.shutdown()

    async def _call(self, method: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        done = asyncio.get_running_loop().run_in_executor(self._executor, lambda: method(*args, **kwargs))
        # Without the shield, cancelling the caller would take a waiting call out of the queue: something finished would be lost.
        return await asyncio.shield(done)

    # As in `Store`; a test compares the signatures.

    async def record(self, attempt: Attempt, entries: Sequence[Entry] = ()) -> list[Entry]:
        return await self._call(self._store.record, attempt, entries)

    async def record_receipt(self, attempts: Sequence[Attempt], entries: Sequence[Entry] = ()) -> list[Entry]:
        return await self._call(self._store.record_receipt, attempts, entries)

    async def set_state(
        self,
        lesson_id: str,
        step_id: str,
        state: StepState,
        step_hash: str,
        entries: Sequence[Entry] = (),
        *,
        unmet: Sequence[str] = (),
    ) -> list[Entry]:
        return await self._call(self._store.set_state, lesson_id, step_id, state, step_hash, entries, unmet=unmet)

    async def steps(self, lesson_id: str, *, practice: bool = False) -> dict[str, StepRecord]:
        return await self._call(self._store.steps, lesson_id, practice=practice)

    async def all_steps(self) -> dict[str, dict[str, StepRecord]]:
        return await self._call(self._store.all_steps)

    async def good_run(self, run: GoodRun) -> None:
        await self._call(self._store.good_run, run)

    async def add_entries(self, entries: Sequence[Entry]) -> list[Entry]:
        return await self._call(self._store.add_entries, entries)

    async def entries(self, lesson_id: str, before: int | None = None, limit: int = 200) -> list[Entry]:
        return await self._call(self._store.entries, lesson_id, before, limit)

    async def draft(self, lesson_id: str, step_id: str) -> str | None:
        return await self._call(self._store.draft, lesson_id, step_id)

    async def set_draft(self, lesson_id: str, step_id: str, text: str) -> None:
        await self._call(self._store.set_draft, lesson_id, step_id, text)

    async def delete_draft(self, lesson_id: str, step_id: str) -> None:
        await self._call(self._store.delete_draft, lesson_id, step_id)

    async def versions(self, lesson_id: str, step_id: str) -> list[str]:
        return await self._call(self._store.versions, lesson_id, step_id)

    async def add_version(self, lesson_id: str, step_id: str, text: str) -> None:
        await self._call(self._store.add_version, lesson_id, step_id, text)

    async def position(self, lesson_id: str) -> str | None:
        return await self._call(self._store.position, lesson_id)

    async def set_position(self, lesson_id: str, step_id: str) -> None:
        await self._call(self._store.set_position, lesson_id, step_id)

    async def last_lesson(self) -> str | None:
        return await self._call(self._store.last_lesson)

    async def ticks(self, lesson_id: str, step_id: str) -> tuple[int, ...]:
        return await self._call(self._store.ticks, lesson_id, step_id)

    async def set_tick(self, lesson_id: str, step_id: str, item: int, done: bool = True) -> None:
        await self._call(self._store.set_tick, lesson_id, step_id, item, done)

    async def form_values(self, scope: str) -> dict[str, str]:
        return await self._call(self._store.form_values, scope)

    async def set_form_value(self, scope: str, name: str, value: str) -> None:
        await self._call(self._store.set_form_value, scope, name, value)

    async def prompts(self, limit: int = 1000) -> list[str]:
        return await self._call(self._store.prompts, limit)

    async def add_prompt(self, text: str) -> None:
        await self._call(self._store.add_prompt, text)

    async def preference(self, key: str) -> str | None:
        return await self._call(self._store.preference, key)

    async def set_preference(self, key: str, value: str) -> None:
        await self._call(self._store.set_preference, key, value)

    async def all_trusted(self) -> dict[str, str]:
        return await self._call(self._store.all_trusted)

    async def trusted(self, path: str) -> str | None:
        return await self._call(self._store.trusted, path)
