"""What every command stands on: settings, folders, words, lessons and runtimes. Each is made when it is first wanted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tutor import settings
from tutor.errors import LessonError
from tutor.i18n import Words
from tutor.paths import Paths

if TYPE_CHECKING:
    import argparse

    from tutor.lesson.catalogue import Catalogue
    from tutor.runtime.base import Runtime
    from tutor.session.runtimes import Runtimes


class Environment:
    """One tutor's surroundings."""

    def __init__(
        self,
        paths: Paths,
        settings_: settings.Settings,
        origins: Mapping[str, settings.Origin],
    ) -> None:
        self.paths = paths
        self.language = settings_.language
        self.origins = origins
        """Who decided each setting."""
        self.runtime_name = settings_.runtime
        self.theme = settings_.theme
        self._settings = settings_

    @classmethod
    def of(cls, options: argparse.Namespace, *, log: bool = True) -> Environment:
        """From the command line, the environment and the settings file; begins the log unless told not to yet.

        Raises:
            ConfigError: a setting that is unknown or does not fit.
        """
        paths = Paths.from_environment()
        language = getattr(options, "lang", None)
        flags = {"language": language, "runtime": getattr(options, "runtime", None)}
        loaded = settings.load(paths.config_file(), flags=flags)
        environment = cls(paths, loaded, settings.origins(paths.config_file(), flags=flags))
        if log:
            environment.start_log()
        return environment

    def start_log(self) -> None:
        """From now on what happens is in the log file."""
        from tutor import log

        log.start(self.paths.log_file(), self._settings.log)

    @property
    def words(self) -> Words:
        """What tutor says, in the language in force."""
        return Words(self.language)

    @cached_property
    def catalogue(self) -> Catalogue:
        """All lessons."""
        from tutor.lesson.catalogue import Catalogue, Folder, lesson_folders

        others = [Folder(path) for path in self._settings.lessons]
        return Catalogue([*lesson_folders(), *others], self.paths.cache())

    @property
    def shipped_folder(self) -> Path:
        """Where tutor's own lessons are.

        Raises:
            LessonError: this installation has none.
        """
        from tutor.lesson.catalogue import shipped_folder

        folder = shipped_folder()
        if folder is None:
            raise LessonError(self.words("commands.no_lessons"))
        return folder

    def runtimes(self) -> Runtimes:
        """The runtimes of this tutor; none is opened or started yet."""
        from tutor.runtime.old_outputs import prune
        from tutor.runtime.open import open_runtime
        from tutor.session.runtimes import Runtimes

        def opener(name: str) -> Runtime:
            outputs = self.paths.outputs()
            prune(outputs)
            return open_runtime(
                name,
                bundles=self.paths.bundles(),
                output_folder=outputs,
                log_path=self.paths.logs() / "kernel.log",
                working_folder=Path.cwd(),
            )

        return Runtimes(self.runtime_name, opener)
