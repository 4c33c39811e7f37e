"""The conversation's work behind the screen: lessons, sessions, store and runtimes. Loaded after the first paint."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shlex
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from tutor.commands import library
from tutor.commands.environment import Environment
from tutor.commands.explaining import Explainer
from tutor.commands.folders import WorkingFolder
from tutor.commands.receiving import Receiver
from tutor.commands.report import write_report
from tutor.commands.selection import read_lesson, require_trust, scope_of, trust_key
from tutor.commands.signing_in import SigningIn
from tutor.errors import LessonError, StoreError
from tutor.lesson.model import Lesson
from tutor.progress.asynchronous import AsyncStore
from tutor.progress.model import Entry, StepRecord
from tutor.progress.store import Store
from tutor.runtime.base import RuntimeState
from tutor.session.desk import Options
from tutor.session.engine import Session
from tutor.session.runtimes import Runtimes
from tutor.settings import LANGUAGES, Origin, is_local, python_of
from tutor.text.plain import strip
from tutor.ui.elsewhere import Lease
from tutor.ui.host import Home, LessonRow

log = logging.getLogger(__name__)

T = TypeVar("T")

PLACE = "place"
"""The preference that says where lessons ran last."""
PRACTICE = "practice"
"""The preference that says whether steps were rehearsed last."""
SEEN = "lessons-seen"
"""The preference that says what the lessons were like at the last sitting."""


class Backstage:
    """One tutor's lessons, store and runtimes; everything is opened when it is first asked for."""

    def __init__(self, environment: Environment, runtimes: Runtimes, *, practice: bool) -> None:
        self._environment = environment
        self._runtimes = runtimes
        self._practice = practice
        self._store: AsyncStore | None = None
        self._store_problem = ""
        self._unreadable = False
        """That the store cannot be read was logged already."""
        self._store_opening: asyncio.Task[None] | None = None
        self._folders: dict[str, WorkingFolder] = {}
        self._secrets: dict[str, str] = {}
        self._explainer = Explainer(environment.runtime_name)
        self._receiver = Receiver(environment)
        self.accounts = SigningIn(environment, lasting=True)
        self._session: Session | None = None
        self._lesson_id = ""
        self._seen: Mapping[str, str] | None = None
        """What each lesson was like at the last sitting: see `library.marks_of`."""
        self._has_come_back = False
        self.last_words = ""
        """What the learner should know when the screen is gone."""
        self._remark = ""
        """Said in the lesson that is opened next."""
        self._looked_at = False
        """Today's lessons were held against that."""

    @property
    def secrets(self) -> Sequence[tuple[str, str]]:
        """Name and value of all that is secret and known now, whichever lesson it is of."""
        typed = [(name.rpartition(":")[2], value) for name, value in list(self._secrets.items())]
        return [*typed, *self.accounts.secrets]

    async def store(self) -> AsyncStore | None:
        """The store, opened once however many ask for it; None when it cannot be opened."""
        if self._store_opening is None:
            self._store_opening = asyncio.create_task(self._open_store())
        await asyncio.shield(self._store_opening)
        return self._store

    async def _open_store(self) -> None:
        try:
            self._store = await AsyncStore.open(self._environment.paths.database())
        except StoreError as error:
            log.error("no store: %s", error)
            self._store_problem = f"{error.message} {error.hint}".strip()

    async def _asked(self, question: Callable[[AsyncStore], Awaitable[T]], default: T) -> T:
        """What the store says, else the default: a lesson goes on without its past."""
        store = await self.store()
        if store is None:
            return default
        try:
            return await question(store)
        except StoreError as error:
            if not self._unreadable:
                log.error("the store cannot be read: %s", error)
                self._unreadable = True
            return default

    async def first(self, target: tuple[str, str]) -> tuple[str, str]:
        """Where to begin: the target, else where the learner stopped, else the first lesson."""
        if target[0]:
            return target
        catalogue = await asyncio.to_thread(lambda: self._environment.catalogue)
        last = await self._asked(AsyncStore.last_lesson, None)
        if last is not None and catalogue.find(last) is not None:
            return last, ""
        first = next((entry for entry in catalogue.entries() if entry.broken is None), None)
        if first is None:
            raise LessonError(self._environment.words("commands.no_lessons"))
        return first.id, ""

    async def lessons(self) -> Sequence[LessonRow]:
        """All lessons with today's progress."""
        _, rows = await self._rows()
        return library.with_news(rows, self._seen)

    async def _rows(self) -> tuple[library.Records, list[LessonRow]]:
        nothing: dict[str, dict[str, StepRecord]] = {}
        records = await self._asked(AsyncStore.all_steps, nothing)
        nobody: dict[str, str] = {}
        trusted = await self._asked(AsyncStore.all_trusted, nobody)
        catalogue = await asyncio.to_thread(lambda: self._environment.catalogue)
        language = self._environment.language
        return records, await asyncio.to_thread(library.rows, catalogue, records, trusted, language)

    async def home(self) -> Home:
        """Lessons, open steps, and where the learner stopped."""
        records, rows = await self._rows()
        if not self._looked_at:
            self._looked_at = True
            await self._compare_with_last_time(rows)
        catalogue, language = self._environment.catalogue, self._environment.language
        steps = await asyncio.to_thread(library.open_steps, catalogue, records, language)
        home = Home(library.with_news(rows, self._seen), steps, python=self._python())
        lesson_id = await self._asked(AsyncStore.last_lesson, None)
        if lesson_id is None:
            return home
        step_id = await self._asked(lambda store: store.position(lesson_id), None)
        place = (lesson_id, step_id or "")
        return await asyncio.to_thread(library.stopped_at, home, catalogue, records, place, language)

    async def _compare_with_last_time(self, rows: Sequence[LessonRow]) -> None:
        """Find out what the learner saw last time, and remember what there is now."""
        kept = await self._asked(lambda store: store.preference(SEEN), None)
        if kept is not None:
            self._seen = json.loads(kept)
        now = json.dumps(library.marks_of(rows), ensure_ascii=False)
        if now != kept:
            await self._asked(lambda store: store.set_preference(SEEN, now), None)

    def _python(self) -> str:
        chosen = python_of(self._environment.runtime_name) or sys.executable
        return shlex.quote(chosen)

    async def report(self) -> str:
        """Write the report; where it is."""
        return str(await asyncio.to_thread(write_report, self._environment))

    async def open(self, lesson_id: str, step_id: str) -> Session:
        """Open a lesson where the learner stopped, or at the step."""
        store = await self.store()
        await self._come_back()
        lesson = await self._read(lesson_id)
        if step_id and lesson.step(step_id) is None:
            known = ", ".join(step.id for step in lesson.steps)
            raise LessonError(self._environment.words("commands.no_step", id=lesson_id, step=step_id, steps=known))
        if lesson_id not in self._folders:
            self._folders[lesson_id] = WorkingFolder.take(self._environment.paths, lesson_id)
        folder = self._folders[lesson_id].path
        session = Session(
            lesson,
            Options(
                lesson_id,
                folder,
                await self._practises(),
                scope=scope_of(lesson),
                explain=self._explainer,
                receive=self._receiver,
                accounts=self.accounts,
            ),
            runtimes=self._runtimes,
            store=store,
            source=FileSource(self._environment, lesson),
            secrets=self._secrets,
            store_problem=self._store_problem,
        )
        await session.open(step_id or None)
        if self._remark:
            await session.remark(self._remark)
            self._remark = ""
        self._session, self._lesson_id = session, lesson_id
        return session

    async def _practises(self) -> bool:
        """Whether steps are rehearsed: as in the lesson before, as the command line says, or as it was when the last sitting ended."""
        if self._session is not None:
            return self._session.practises
        return self._practice or bool(await self._asked(lambda store: store.preference(PRACTICE), None))

    async def _come_back(self) -> None:
        """Where lessons ran last, if a kernel of ours is still there and nobody has said where they shall run now."""
        if self._has_come_back:
            return
        self._has_come_back = True
        place = await self._asked(lambda store: store.preference(PLACE), None)
        said = self._environment.origins["runtime"] in (Origin.FLAG, Origin.VARIABLE)
        if not place or said or is_local(place):
            return
        # Only whoever was elsewhere pays for httpx.
        alive = await asyncio.to_thread(import_module, "tutor.commands.elsewhere.alive")
        if await alive.there(self._environment, place):
            self._take_place(place)
            return
        server = self._environment.server(place)
        if server is not None:
            name = strip(server.name)
            self._remark = self._environment.words("server.runs_here", name=name)

    def _take_place(self, runtime: str) -> None:
        self._runtimes.choose(runtime)
        self._environment.runtime_name = runtime
        self._explainer.move(runtime)

    @property
    def runtimes(self) -> Runtimes:
        """The runtimes of this tutor."""
        return self._runtimes

    async def move(self, runtime: str) -> None:
        """Have lessons run there from now on.

        Raises:
            TutorError: it cannot be used, and everything is as it was.
        """
        self._has_come_back = True
        if self._session is not None:
            await self._session.move(runtime)
        self._take_place(runtime)
        await self._asked(lambda store: store.set_preference(PLACE, runtime), None)

    async def losses(self) -> Sequence[str]:
        """What stays behind when the open lesson goes on elsewhere, a line each."""
        if self._session is None:
            return ()
        words, place = self._environment.words, self._place()
        folder = self._folders[self._lesson_id].path
        steps, runs, alone = self._session.made_here()
        files = await asyncio.to_thread(_count, folder) if self._runtimes.is_local else 0
        lost = (
            [words("server.loses_names" if steps > 1 else "server.loses_names_one", count=steps, place=place)]
            if steps
            else []
        )
        if files:
            lost.append(words("server.loses_files", count=files))
        if runs:
            lost.append(words("server.goes_on" if alone else "server.is_stopped", place=place))
        return lost

    def _place(self) -> str:
        """Where lessons run, as the learner calls it."""
        if self._runtimes.is_local:
            return self._environment.words("places.here")
        server = self._environment.server(self._runtimes.chosen_name)
        return strip(server.name if server else self._runtimes.chosen_name)

    def lease(self) -> Lease | None:
        """Of the server that lessons run on; None on this computer."""
        runtime = None if self._runtimes.is_local else self._runtimes.chosen
        entry = getattr(runtime, "entry", None)
        server = None if entry is None else self._environment.server(self._runtimes.chosen_name)
        if entry is None or server is None or runtime is None or runtime.state is RuntimeState.DEAD:
            return None  # of what does not answer nobody knows what it costs
        return Lease(strip(server.name), entry.life.started, server.price, server.currency)

    async def _read(self, lesson_id: str) -> Lesson:
        lesson = await asyncio.to_thread(read_lesson, self._environment, lesson_id)
        if not lesson.shipped:
            store = await self.store()
            if store is None:
                raise _trust_unknown(self._environment, lesson, self._store_problem)
            try:
                digest = await store.trusted(trust_key(lesson.path.parent))
            except StoreError as error:
                raise _trust_unknown(self._environment, lesson, f"{error.message} {error.hint}") from error
            require_trust(lesson, digest, self._environment.words)
        return lesson

    async def entries(self, lesson_id: str, before: int | None, limit: int) -> Sequence[Entry]:
        """Earlier messages of a lesson."""
        return await self._asked(lambda store: store.entries(lesson_id, before, limit), [])

    async def continue_in_language(self) -> None:
        """Go on in the language that is now in force."""
        if self._session is not None:
            await self._session.continue_in(await self._read(self._lesson_id))

    async def history(self) -> Sequence[str]:
        """What was typed at the prompt on earlier days."""
        return await self._asked(AsyncStore.prompts, [])

    async def add_history(self, line: str) -> None:
        """Keep a line of the prompt; losing one is not worth a word."""
        store = await self.store()
        if store is not None:
            try:
                await store.add_prompt(line)
            except StoreError as error:
                log.warning("a prompt line was not kept: %s", error)

    async def aclose(self) -> None:
        """End kernels and store; of kernels on servers it is noted which go on. Safe to call twice."""
        goes_on = [one for one in self._runtimes.opened if one.outlives and getattr(one, "entry", None) is not None]
        if names := dict.fromkeys(strip(one.info.label or one.info.name) for one in goes_on):
            self.last_words = self._environment.words("server.left_on", names=", ".join(names))
        session, self._session = self._session, None
        if session is not None and not self._practice:
            practises = "1" if session.practises else ""
            await self._asked(lambda store: store.set_preference(PRACTICE, practises), None)
        await self._runtimes.aclose()
        await self.accounts.aclose()
        if self._store is not None:
            with contextlib.suppress(StoreError):
                await self._store.aclose()
        while self._folders:
            self._folders.popitem()[1].release()


def _trust_unknown(environment: Environment, lesson: Lesson, problem: str) -> LessonError:
    return LessonError(environment.words("commands.trust_unknown", id=lesson.id, message=problem.strip()))


class FileSource:
    """The files of an open lesson, watched by size and time: in each language, since the learner may change it meanwhile."""

    def __init__(self, environment: Environment, lesson: Lesson) -> None:
        self._environment = environment
        self._lesson_id = lesson.id
        self._files = [lesson.path.with_name(f"{language}.md") for language in LANGUAGES]
        self._seen = self._stamp()

    def _stamp(self) -> list[tuple[int, int] | None]:
        return [_stamp_of(file) for file in self._files]

    def changed(self) -> bool:
        """Whether a file is another than the one last read."""
        return self._stamp() != self._seen

    def reload(self) -> Lesson:
        """The lesson as it is now; asked for once for each change.

        Raises:
            LessonError: gone, broken, not trusted as it is now, or nobody can tell.
        """
        self._seen = self._stamp()
        lesson = read_lesson(self._environment, self._lesson_id)
        if not lesson.shipped:
            try:
                with contextlib.closing(Store(self._environment.paths.database())) as store:
                    digest = store.trusted(trust_key(lesson.path.parent))
            except StoreError as error:
                raise _trust_unknown(self._environment, lesson, f"{error.message} {error.hint}") from error
            require_trust(lesson, digest, self._environment.words)
        return lesson


def _stamp_of(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _count(folder: Path) -> int:
    """Files that a lesson's code has written."""
    return sum(path.is_file() for path in folder.rglob("*"))
