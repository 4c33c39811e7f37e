"""A store in memory, for tests of the session alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.errors import StoreError
from tutor.progress.model import Attempt, Entry, GoodRun, StepRecord, StepState


class MemoryStore:
    """A store in memory, which can be made to fail."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.said: list[Entry] = []
        self.records: dict[str, StepRecord] = {}
        self.rehearsed: dict[str, StepRecord] = {}
        self.drafts: dict[str, str] = {}
        self.given_up: list[tuple[str, str]] = []
        self.values: dict[str, str] = {}
        self.runs: list[GoodRun] = []
        self.ticked: set[int] = set()
        self.at: str | None = None
        self.broken = False

    def _work(self) -> None:
        if self.broken:
            raise StoreError("the disk is full")

    async def record(self, attempt: Attempt, entries: Sequence[Entry] = ()) -> list[Entry]:
        self._work()
        self.attempts.append(attempt)
        return await self.add_entries(entries)

    async def add_entries(self, entries: Sequence[Entry]) -> list[Entry]:
        self._work()
        kept = [replace(entry, id=len(self.said) + number) for number, entry in enumerate(entries, 1)]
        self.said += kept
        return kept

    async def entries(self, lesson_id: str, before: int | None, limit: int) -> list[Entry]:
        self._work()
        return self.said[-limit:]

    async def steps(self, lesson_id: str, *, practice: bool = False) -> dict[str, StepRecord]:
        self._work()
        return dict(self.rehearsed if practice else self.records)

    async def set_state(
        self, lesson_id: str, step_id: str, state: StepState, step_hash: str, *, unmet: Sequence[str] = ()
    ) -> list[Entry]:
        self._work()
        self.records[step_id] = StepRecord(lesson_id, step_id, state, step_hash, step_hash, unmet=tuple(unmet))
        return []

    async def draft(self, lesson_id: str, step_id: str) -> str | None:
        return self.drafts.get(step_id)

    async def set_draft(self, lesson_id: str, step_id: str, text: str) -> None:
        self._work()
        self.drafts[step_id] = text

    async def delete_draft(self, lesson_id: str, step_id: str) -> None:
        self.drafts.pop(step_id, None)

    async def versions(self, lesson_id: str, step_id: str) -> list[str]:
        ran = [attempt.code for attempt in self.attempts if attempt.step_id == step_id and attempt.code]
        own = [code for step, code in self.given_up if step == step_id]
        return list(dict.fromkeys([*reversed(own), *reversed(ran)]))

    async def add_version(self, lesson_id: str, step_id: str, text: str) -> None:
        self._work()
        self.given_up.append((step_id, text))

    async def position(self, lesson_id: str) -> str | None:
        return self.at

    async def set_position(self, lesson_id: str, step_id: str) -> None:
        self._work()
        self.at = step_id

    async def good_run(self, run: GoodRun) -> None:
        self._work()
        self.runs.append(run)

    async def form_values(self, scope: str) -> dict[str, str]:
        return dict(self.values)

    async def set_form_value(self, scope: str, name: str, value: str) -> None:
        self._work()
        self.values[name] = value

    async def ticks(self, lesson_id: str, step_id: str) -> tuple[int, ...]:
        return tuple(sorted(self.ticked))

    async def set_tick(self, lesson_id: str, step_id: str, item: int, done: bool = True) -> None:
        (self.ticked.add if done else self.ticked.discard)(item)
