"""Where tutor keeps its files: all under `TUTOR_HOME` when that is set, else in the platform's own folders.

Asking for a folder makes it, readable by its owner only. Nothing is made at import.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tutor.errors import TutorError

APPLICATION = "gpu-tutor"
"""The folder's name: Open edX's program already keeps its files in folders named `tutor`."""

_LESSON_ID = re.compile(r"[a-z0-9-]+")


def make_private(folder: Path) -> Path:
    """Make the folder and what is missing above it, each with mode 0700; an existing one stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    missing = []
    for path in (folder, *folder.parents):
        if path.exists():
            break
        missing.append(path)
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise NotADirectoryError(20, "Not a folder", str(folder))
    return folder


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and files of one tutor home."""

    home: Path | None = None
    """What `TUTOR_HOME` names; None for the platform's folders."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Paths:
        """The paths that the environment asks for; an empty `TUTOR_HOME` is none."""
        home = environment.get("TUTOR_HOME", "")
        return cls(Path(home).expanduser().absolute() if home else None)

    def config_file(self) -> Path:
        """Settings of the learner; neither it nor its folder need exist."""
        return self._root("config") / "config.toml"

    def servers_file(self) -> Path:
        """The Jupyter servers that the learner has added; neither it nor its folder need exist."""
        return self._root("config") / "servers.json"

    def accounts(self) -> Path:
        """Credentials that tutor keeps itself: files for their owner only."""
        return _made(self._root("config") / "accounts")

    def practice(self, copy: int = 1) -> Path:
        """What the stand-ins of practice were given in conversations; `copy` 2 and on for further tutors at the same time."""
        return _made(self._root("data") / ("practice" if copy == 1 else f"practice.{copy}"))

    def launchers(self) -> Path:
        """Programs of our own that stand before others of the same name."""
        return _made(self.cache() / "launchers")

    def living(self) -> Path:
        """What runs: a file for each kernel."""
        return _made(self._root("data") / "running")

    def database(self) -> Path:
        """The store's file; the store makes the folder, so that it can say what went wrong with it."""
        return self._root("data") / "tutor.db"

    def log_file(self) -> Path:
        """The log; whoever writes it makes the folder."""
        return (self.home / "logs" if self.home else self._root("log")) / "tutor.log"

    def data(self) -> Path:
        """What must be kept."""
        return _made(self._root("data"))

    def logs(self) -> Path:
        """The log's folder; kernels write their own stdout and stderr here."""
        return _made(self.log_file().parent)

    def cache(self) -> Path:
        """What can be made again."""
        return _made(self.home / "cache" if self.home else self._root("cache"))

    def bundles(self) -> Path:
        """Harness and kit as zips named by their hash."""
        return _made(self.cache() / "bundles")

    def outputs(self) -> Path:
        """Long outputs, whole."""
        return _made(self._root("data") / "outputs")

    def work(self, lesson_id: str, copy: int = 1) -> Path:
        """The working folder of a lesson; `copy` 2 and on for further tutors in the same lesson.

        Raises:
            ValueError: the id is none of a lesson and could lead elsewhere.
        """
        if not _LESSON_ID.fullmatch(lesson_id):
            raise ValueError(f"{lesson_id!r} is not a lesson id")
        return _made(self._root("data") / "work" / (lesson_id if copy == 1 else f"{lesson_id}.{copy}"))

    def _root(self, kind: str) -> Path:
        if self.home:
            return self.home
        import platformdirs  # noqa: PLC0415 - needed only without TUTOR_HOME

        folder: Path = getattr(platformdirs, f"user_{kind}_path")(APPLICATION, appauthor=False)
        return folder


def _made(folder: Path) -> Path:
    try:
        return make_private(folder)
    except OSError as error:
        raise TutorError(
            f"The folder {folder} cannot be made: {error.strerror}",
            "Make its parent writable, or let TUTOR_HOME name a folder that is.",
        ) from error
