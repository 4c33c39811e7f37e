"""What the screen is given: lessons, sessions, progress and preferences (`tutor.ui.host` is the port)."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from tutor.commands.environment import Environment
from tutor.commands.folders import WorkingFolder
from tutor.commands.list import listed
from tutor.commands.selection import read_lesson, require_trust, scope_of, trust_key
from tutor.errors import LessonError, StoreError
from tutor.i18n import Words
from tutor.lesson.model import Lesson
from tutor.progress.asynchronous import AsyncStore
from tutor.progress.model import Entry
from tutor.progress.store import Store
from tutor.session.desk import Options
from tutor.session.engine import Session
from tutor.session.runtimes import Runtimes
from tutor.ui.host import LessonRow

log = logging.getLogger(__name__)


class ChatHost:
    """One tutor's lessons, store and runtimes; everything is opened when it is first asked for."""

    def __init__(self, environment: Environment, target: tuple[str, str], *, practice: bool) -> None:
        self._environment = environment
        self._target = target
        self._practice = practice
        self._store: AsyncStore | None = None
        self._store_problem = ""
        self._store_tried = False
        self._folders: dict[str, WorkingFolder] = {}
        self._secrets: dict[str, str] = {}
        self._session: Session | None = None
        self._lesson_id = ""

    @classmethod
    def of(cls, options: argparse.Namespace) -> ChatHost:
        """The host of a command line."""
        lesson_id, _, step_id = (options.lesson or "").partition("#")
        environment = Environment.of(options)
        host = cls(environment, (lesson_id, step_id), practice=options.practice)
        kept = host.snapshot()
        if kept is not None and not environment.language_was_asked_for:
            environment.language = str(kept.get("language") or environment.language)
        return host

    def check_runtime(self) -> None:
        """Refuse a runtime that there is not, before the screen opens; `local` is taken at its word, it is quick to open but not free.

        Raises:
            UsageError: its name is none.
        """
        if self._environment.runtime_name.partition(":")[0] != "local":
            _ = self._runtimes.chosen

    # -- before the first paint

    @property
    def words(self) -> Words:
        return self._environment.words

    @property
    def language(self) -> str:
        return self._environment.language

    @property
    def target(self) -> tuple[str, str]:
        return self._target

    @property
    def practice(self) -> bool:
        return self._practice

    @property
    def _snapshot_path(self) -> Path:
        return self._environment.paths.cache() / "screen.json"

    def snapshot(self) -> Mapping[str, Any] | None:
        """What `keep_snapshot` was last given."""
        try:
            kept = json.loads(self._snapshot_path.read_bytes())
        except (OSError, ValueError):
            return None
        return kept if isinstance(kept, dict) else None

    def keep_snapshot(self, snapshot: Mapping[str, Any]) -> None:
        """Write it atomically; losing it costs nothing but a bare first paint."""
        path = self._snapshot_path
        unfinished = path.with_suffix(".part")
        try:
            unfinished.write_text(json.dumps({**snapshot, "language": self.language}, ensure_ascii=False), "utf-8")
            unfinished.replace(path)
        except OSError as error:
            log.warning("the snapshot of the screen was not kept: %s", error)

    # -- after it

    @cached_property
    def _runtimes(self) -> Runtimes:
        return self._environment.runtimes()

    async def _opened_store(self) -> AsyncStore | None:
        if not self._store_tried:
            self._store_tried = True
            try:
                self._store = await AsyncStore.open(self._environment.paths.database())
            except StoreError as error:
                log.error("no store: %s", error)
                self._store_problem = f"{error.message} {error.hint}".strip()
        return self._store

    async def first(self) -> tuple[str, str]:
        """Where to begin."""
        if self._target[0]:
            return self._target
        entries = [entry.id for entry in self._environment.catalogue.entries() if entry.broken is None]
        store = await self._opened_store()
        last = await store.last_lesson() if store is not None else None
        if last in entries:
            return last, ""
        if not entries:
            raise LessonError(self.words("commands.no_lessons"))
        return entries[0], ""

    async def lessons(self) -> Sequence[LessonRow]:
        """All lessons with today's progress."""
        store = await self._opened_store()
        records = await store.all_steps() if store is not None else {}
        catalogue, language = self._environment.catalogue, self.language
        rows = await asyncio.to_thread(listed, catalogue, records, language)
        return [
            LessonRow(row.id, row.title, row.minutes, row.steps, row.passed, row.open, row.state, row.broken)
            for row in rows
        ]

    async def open(self, lesson_id: str, step_id: str = "") -> Session:
        """Open a lesson where the learner stopped, or at the step."""
        store = await self._opened_store()
        lesson = await self._read(lesson_id)
        if step_id and lesson.step(step_id) is None:
            known = ", ".join(step.id for step in lesson.steps)
            raise LessonError(self.words("commands.no_step", id=lesson_id, step=step_id, steps=known))
        if lesson_id not in self._folders:
            self._folders[lesson_id] = WorkingFolder.take(self._environment.paths, lesson_id)
        folder = self._folders[lesson_id].path
        options = Options(lesson_id, folder, self._practice, scope=scope_of(lesson))
        session = Session(
            lesson,
            options,
            runtimes=self._runtimes,
            store=store,
            source=FileSource(self._environment, lesson),
            secrets=self._secrets,
            store_problem=self._store_problem,
        )
        await session.open(step_id or None)
        self._session, self._lesson_id = session, lesson_id
        return session

    async def _read(self, lesson_id: str) -> Lesson:
        lesson = await asyncio.to_thread(read_lesson, self._environment, lesson_id)
        store = await self._opened_store()
        digest = await store.trusted(trust_key(lesson.path.parent)) if store is not None else None
        require_trust(lesson, digest, self.words)
        return lesson

    async def entries(self, lesson_id: str, before: int | None = None, limit: int = 50) -> Sequence[Entry]:
        """Earlier messages of a lesson."""
        store = await self._opened_store()
        return await store.entries(lesson_id, before, limit) if store is not None else []

    async def set_language(self, language: str) -> None:
        """Go on in the other language."""
        self._environment.language = language
        if self._session is not None:
            self._session.continue_in(await self._read(self._lesson_id))

    async def history(self) -> Sequence[str]:
        """What was typed at the prompt on earlier days."""
        store = await self._opened_store()
        return await store.prompts() if store is not None else []

    async def add_history(self, line: str) -> None:
        """Keep a line of the prompt; losing one is not worth a word."""
        store = await self._opened_store()
        if store is not None:
            try:
                await store.add_prompt(line)
            except StoreError as error:
                log.warning("a prompt line was not kept: %s", error)

    async def aclose(self) -> None:
        """End kernels and store; nothing is left running."""
        if "_runtimes" in self.__dict__:
            await self._runtimes.aclose()
        if self._store is not None:
            try:
                await self._store.aclose()
            except StoreError as error:
                log.error("the store did not close: %s", error)
        for folder in self._folders.values():
            folder.release()


class FileSource:
    """The file of an open lesson, watched by its size and time."""

    def __init__(self, environment: Environment, lesson: Lesson) -> None:
        self._environment = environment
        self._lesson_id = lesson.id
        self._path = lesson.path
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def changed(self) -> bool:
        """Whether the file is another than the one last read."""
        return self._stamp() != self._seen

    def reload(self) -> Lesson:
        """The lesson as it is now; asked for once for each change."""
        self._seen = self._stamp()
        lesson = read_lesson(self._environment, self._lesson_id)
        if not lesson.shipped:
            with contextlib.closing(Store(self._environment.paths.database())) as store:
                require_trust(lesson, store.trusted(trust_key(lesson.path.parent)), self._environment.words)
        return lesson
