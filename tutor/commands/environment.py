"""What every command stands on: settings, folders, words, lessons and runtimes. Each is made when it is first wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
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
    from tutor.runtime.open import Opening
    from tutor.runtime.server.known import KnownServer
    from tutor.session.runtimes import Runtimes
    from tutor.ui.host import SettingNow


class Environment:
    """One tutor's surroundings."""

    def __init__(
        self,
        paths: Paths,
        flags: Mapping[str, str | None],
    ) -> None:
        """Raises: ConfigError: a setting that is unknown or does not fit."""
        self.paths = paths
        self._flags = flags
        self._settings = settings.load(paths.config_file(), flags=flags)
        self.origins = settings.origins(paths.config_file(), flags=flags)
        """Who decided each setting."""
        self.language = self._settings.language
        self.runtime_name = self._settings.runtime
        """Where lessons run; of a server never with its token."""
        if not settings.is_local(self.runtime_name) and self._named_server is not None:
            self.runtime_name = self._named_server.runtime
        self.theme = self._settings.theme

    @classmethod
    def of(cls, options: argparse.Namespace, *, log: bool = True) -> Environment:
        """From the command line, the environment and the settings file; begins the log unless told not to yet.

        Raises:
            ConfigError: a setting that is unknown or does not fit.
        """
        paths = Paths.from_environment()
        language = getattr(options, "lang", None)
        flags = {"language": language, "runtime": getattr(options, "runtime", None)}
        environment = cls(paths, flags)
        if log:
            environment.start_log()
        return environment

    def start_log(self) -> None:
        """From now on what happens is in the log file."""
        from tutor import log

        log.start(self.paths.log_file(), self._settings.log)

    def settings_now(self) -> list[SettingNow]:
        """All settings as file, variables and flags say them now.

        Raises:
            ConfigError: somebody has broken the file meanwhile.
        """
        from tutor.ui.host import SettingNow

        file = self.paths.config_file()
        values = asdict(settings.load(file, flags=self._flags))
        if self.origins["runtime"] is not settings.Origin.DEFAULT and not settings.is_local(values["runtime"]):
            server = self.server(values["runtime"])
            values["runtime"] = server.runtime if server else values["runtime"].partition("?")[0]
        values["lessons"] = "\n".join(map(str, values["lessons"]))
        origins = settings.origins(file, flags=self._flags)
        said_by = {
            settings.Origin.DEFAULT: lambda _: "",
            settings.Origin.FILE: lambda _: str(file),
            settings.Origin.VARIABLE: settings.variable_of,
            settings.Origin.FLAG: settings.flag_of,
        }
        return [SettingNow(key, value, origins[key], said_by[origins[key]](key)) for key, value in values.items()]

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

    def opening(self, *, lasts: bool) -> Opening:
        """What runtimes share. Args: `lasts`: see `tutor.runtime.open.Opening`."""
        from tutor.runtime.open import Opening

        return Opening(
            bundles=self.paths.bundles(),
            outputs=self.paths.outputs(),
            log=self.paths.logs() / "kernel.log",
            working_folder=Path.cwd(),
            servers=self.paths.servers_file(),
            living=self.paths.living(),
            words=self.words,
            lasts=lasts,
        )

    def runtimes(self, chosen: str | None = None, *, lasts: bool = False) -> Runtimes:
        """The runtimes of this tutor; none is opened or started yet.

        Args: `chosen`: other than the settings say; `lasts`: kernels on servers outlive the tutor.
        """
        from tutor.runtime.old_outputs import prune
        from tutor.runtime.open import open_runtime
        from tutor.session.runtimes import Runtimes

        def opener(name: str) -> Runtime:
            opening = self.opening(lasts=lasts)
            prune(opening.outputs)
            return open_runtime(name, opening, self.server)

        return Runtimes(self.runtime_name if chosen is None else chosen, opener)

    def server(self, name: str) -> KnownServer | None:
        """A Jupyter server by address or name, with the token that came with this command line, or is kept.

        Raises:
            ConfigError: the file of servers is broken.
        """
        from tutor.runtime.open import find_server

        named = self._named_server
        file = self.paths.servers_file()
        return named if named is not None and name in (named.runtime, named.name) else find_server(name, file)

    @cached_property
    def _named_server(self) -> KnownServer | None:
        """The server that flag, variable or file names."""
        from tutor.runtime.open import find_server

        if settings.is_local(self._settings.runtime):
            return None
        return find_server(self._settings.runtime, self.paths.servers_file())
