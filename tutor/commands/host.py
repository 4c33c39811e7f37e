"""What the screen is given (`tutor.ui.host` is the port): cheap until the first paint, and everything else through `Backstage`."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor import atomic
from tutor.commands.connecting import ConnectingHost
from tutor.commands.elsewhere.host import ElsewhereHost
from tutor.commands.environment import Environment
from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.settings import Origin, is_local

if TYPE_CHECKING:
    import argparse

    from tutor.commands.backstage import Backstage
    from tutor.progress.model import Entry
    from tutor.runtime.old_log import OldLog
    from tutor.session.engine import Session
    from tutor.ui.host import DoctorPart, Home, LessonRow, PythonChoice, SettingNow

log = logging.getLogger(__name__)


class ChatHost(ElsewhereHost, ConnectingHost):
    """One conversation of one learner."""

    def __init__(self, environment: Environment, target: tuple[str, str], *, practice: bool) -> None:
        self._environment = environment
        self._target = target
        self._practice = practice
        self._backstage: Backstage | None = None

    @classmethod
    def of(cls, options: argparse.Namespace) -> ChatHost:
        """The host of a command line.

        Raises:
            UsageError: a setting or the runtime's name does not fit.
        """
        lesson_id, _, step_id = (options.lesson or "").partition("#")
        environment = Environment.of(options, log=False)
        host = cls(environment, (lesson_id, step_id), practice=options.practice)
        if not is_local(environment.runtime_name):
            # `local` is taken at its word: opening it loads the kernel library, which the first paint does not need.
            _ = environment.runtimes(lasts=True).chosen
        return host

    # -- before the first paint

    @property
    def words(self) -> Words:
        return self._environment.words

    @property
    def language(self) -> str:
        return self._environment.language

    @property
    def theme(self) -> str:
        return self._environment.theme

    @property
    def target(self) -> tuple[str, str]:
        return self._target

    @property
    def practice(self) -> bool:
        return self._practice

    def questions(self) -> Sequence[str]:
        """Nothing was ever done here, and nothing in particular is asked for: then what no flag, variable or file says."""
        if self._target[0] or self.snapshot() is not None or self._environment.paths.database().exists():
            return ()
        asked = {"language": "language", "runtime": "python"}
        origins = self._environment.origins
        return [*(asked[key] for key in asked if origins[key] is Origin.DEFAULT), "start"]

    @property
    def log_file(self) -> Path:
        return self._environment.paths.log_file()

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

    # -- after it

    async def _behind(self) -> Backstage:
        """Backstage, loaded in a thread so that the screen goes on."""
        if self._backstage is None:
            loaded = await asyncio.to_thread(import_module, "tutor.commands.backstage")
            if self._backstage is None:
                self._environment.start_log()
                runtimes = self._environment.runtimes(lasts=True)
                self._backstage = loaded.Backstage(self._environment, runtimes, practice=self._practice)
        return self._backstage

    def keep_snapshot(self, snapshot: Mapping[str, Any]) -> None:
        """Write it atomically; losing it costs nothing but a bare first paint."""
        from tutor.text.scrub import Scrubber

        # What the learner typed stands in the editor as it was typed.
        scrubber = Scrubber(self._backstage.secrets if self._backstage is not None else ())
        try:
            text = json.dumps({**scrubber.scrub_json(snapshot), "language": self.language}, ensure_ascii=False)
            # It shows code and output, so it is for its owner only.
            atomic.write(self._snapshot_path, text.encode())
        except (OSError, TutorError) as error:
            log.warning("the snapshot of the screen was not kept: %s", error)

    async def first(self) -> tuple[str, str]:
        """Where to begin."""
        return await (await self._behind()).first(self._target)

    async def lessons(self) -> Sequence[LessonRow]:
        """All lessons with today's progress."""
        return await (await self._behind()).lessons()

    async def home(self) -> Home:
        """What the home page shows."""
        return await (await self._behind()).home()

    async def examine(self, *, network: bool) -> AsyncGenerator[DoctorPart, None]:
        """What this machine has and what is broken in it."""
        # Loaded in a thread, since the screen goes on meanwhile.
        examination = await asyncio.to_thread(import_module, "tutor.commands.doctor.examine")
        telling = await asyncio.to_thread(import_module, "tutor.commands.doctor.telling")
        remaining = await asyncio.to_thread(import_module, "tutor.commands.doctor.remaining")
        async with aclosing(examination.examine(self._environment, network=network)) as parts:
            async for key, found, is_complete in parts:
                offline = ""
                if key == examination.NETWORK and is_complete:
                    offline = await asyncio.to_thread(remaining.in_words, self._environment, found.reaches or ())
                yield telling.part_of(key, found, self.words, is_complete=is_complete, offline=offline)

    async def report(self) -> str:
        """Write the file of `tutor report`; where it is."""
        return await (await self._behind()).report()

    async def open(self, lesson_id: str, step_id: str = "") -> Session:
        """Open a lesson where the learner stopped, or at the step."""
        return await (await self._behind()).open(lesson_id, step_id)

    async def entries(self, lesson_id: str, before: int | None = None, limit: int = 50) -> Sequence[Entry]:
        """Earlier messages of a lesson."""
        return await (await self._behind()).entries(lesson_id, before, limit)

    async def set_language(self, language: str) -> None:
        """Go on in the other language; it is kept in the settings file, where a variable or flag may still overrule it."""
        self._environment.language = language
        await (await self._behind()).continue_in_language()
        await self.keep_setting("language", language)

    def pythons(self) -> AsyncGenerator[PythonChoice, None]:
        """The Pythons of this machine."""
        from tutor.commands.pythons import choices

        if self._backstage is None:
            # In the welcome nothing else has begun the log.
            self._environment.start_log()
        return choices()

    async def keep_answers(self, answers: Mapping[str, str], lesson_id: str) -> None:
        """In force at once: nothing is open yet that was made with other settings."""
        self._environment.language = answers.get("language", self._environment.language)
        self._environment.runtime_name = answers.get("runtime", self._environment.runtime_name)
        self._target = (lesson_id, "")
        from tutor.settings_file import save_all

        await asyncio.to_thread(save_all, self._environment.paths.config_file(), answers)

    @property
    def settings_file(self) -> str:
        """As people write it."""
        from tutor.commands.pythons import short

        return short(str(self._environment.paths.config_file()), Path.home())

    async def settings(self) -> Sequence[SettingNow]:
        """As the file says them now."""
        return await asyncio.to_thread(self._environment.settings_now)

    async def keep_setting(self, key: str, value: str) -> None:
        """In the settings file."""
        from tutor.settings_file import save_all

        await asyncio.to_thread(save_all, self._environment.paths.config_file(), {key: value})

    def old_output(self, file: str) -> OldLog:
        """All of a long output.

        Raises:
            OSError: the file is gone.
        """
        from tutor.runtime.old_log import OldLog

        return OldLog(Path(file))

    async def history(self) -> Sequence[str]:
        """What was typed at the prompt on earlier days."""
        return await (await self._behind()).history()

    async def add_history(self, line: str) -> None:
        """Keep a line of the prompt."""
        await (await self._behind()).add_history(line)

    def log_failure(self, error: Exception) -> None:
        """Write down what ended the screen."""
        if self._backstage is None:
            # Nothing was logged before the first paint.
            self._environment.start_log()
        log.error("the screen failed", exc_info=error)

    @property
    def last_words(self) -> str:
        """What the learner should know when the screen is gone; empty if nothing."""
        return self._backstage.last_words if self._backstage is not None else ""

    async def aclose(self) -> None:
        """End kernels and store, if there are any."""
        if self._backstage is not None:
            await self._backstage.aclose()
