"""Whether this tutor is whole: its store, its folders, and whether the word `tutor` starts it."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tutor.commands.environment import Environment
from tutor.errors import TutorError
from tutor.progress.store import Store
from tutor.version import __version__

ANSWER_SECONDS = 3.0
OURS = re.compile(r"^tutor (\d\S*)$")
"""What this program says to `--version`; Open edX's says `tutor, version …`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the installation that is not as it should be."""

    message: str
    mend: str
    is_fault: bool = True
    """False: it stands in the way of nothing, and is worth knowing."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What was found."""

    version: str
    place: str
    """The folder of the Python environment."""
    home: str
    """Where progress is kept."""
    problems: tuple[Problem, ...] = ()


def look(environment: Environment) -> Installation:
    """Look at this installation. The store is opened, and nothing in it changed but what opening it always does."""
    words = environment.words
    database = environment.paths.database()
    problems = [*_store_problems(environment, database), *_name_problems(environment)]
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        other = importlib.metadata.version("tutor")
        problems.append(
            Problem(
                words("doctor.same_package", version=other),
                f"    {sys.executable} -m pip uninstall tutor\n{words('doctor.install_again')}",
            )
        )
    return Installation(__version__, sys.prefix, str(database.parent), tuple(problems))


def _store_problems(environment: Environment, database: Path) -> list[Problem]:
    """A newcomer has no store yet, and that is none."""
    try:
        environment.paths.data()
        if database.exists():
            Store(database).close()
    except TutorError as error:
        return [Problem(error.message, error.hint)]
    return []


def _name_problems(environment: Environment) -> list[Problem]:
    """What the word `tutor` starts in a terminal."""
    words = environment.words
    found = shutil.which("tutor")
    if found is None or Path(os.path.realpath(found)).parent == Path(os.path.realpath(sys.executable)).parent:
        return []
    if Path(found).parent == Path(sys.executable).parent:
        return []
    start = f"    {Path(sys.executable).with_name('tutor')}"
    said = OURS.match(_version_of(found))
    if said is None:
        return [Problem(words("doctor.other_program", path=found), start, is_fault=False)]
    if said[1] != __version__:
        return [
            Problem(words("doctor.other_version", path=found, version=said[1], own=__version__), start, is_fault=False)
        ]
    return []


def _version_of(program: str) -> str:
    try:
        answer = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()
