"""The Pythons of this machine: where they may be, and what each says of itself. Nothing is installed, and torch is never imported."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

ANSWER_SECONDS = 5.0
"""A Python that has not answered by then is taken for none; a healthy one needs a tenth of a second."""
AT_ONCE = 4
MOST = 24
"""Programs that are asked; whoever has more names one by `local:PYTHON`."""
MADE_ENVIRONMENT = "~/tutor-python"
"""The environment that tutor proposes where the system forbids pip to add to its own Python."""

_ANSWER = b"this python: "
_QUESTION = """\
import sys
if sys.path[:1] == [""]:
    del sys.path[0]
import importlib.util, json, os, sysconfig
def has(name):
    found = importlib.util.find_spec(name)
    return found is not None and found.origin is not None
def version(name):
    try:
        from importlib.metadata import version
        return version(name)
    except Exception:
        return ""
managed = sys.prefix == sys.base_prefix and os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"))
print()
print("this python: " + json.dumps({
    "executable": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "prefix": sys.prefix,
    "is_environment": sys.prefix != sys.base_prefix,
    "torch": version("torch") if has("torch") else None,
    "has": [name for name in ("ipykernel", "pip", "ensurepip") if has(name)] + ["managed"] * managed,
}))
"""
"""Read by any Python 3; an older one fails, which is an answer too."""


class Where(StrEnum):
    """How a Python was found."""

    OWN = "own"
    """The one that tutor runs in."""
    ACTIVE = "active"
    """The environment of the terminal, by `VIRTUAL_ENV` or `CONDA_PREFIX`."""
    MADE = "made"
    """The environment that tutor proposed, once."""
    PATH = "path"
    PYENV = "pyenv"
    CONDA = "conda"
    NAMED = "named"
    """Somebody gave its path."""


@dataclass(frozen=True, slots=True)
class FoundPython:
    """A Python that answered."""

    executable: str
    version: str
    """`3.12.4`."""
    prefix: str
    """The folder of its environment: Pythons that share it are the same to a learner."""
    torch: str | None
    """Version; empty if torch is there and does not say; None if it is not there."""
    has_ipykernel: bool
    where: Where
    has: frozenset[str] = frozenset()
    """Of `ipykernel`, `pip`, `ensurepip` and `managed` (the system forbids pip to add to it)."""
    is_environment: bool = False

    @property
    def name(self) -> str:
        """What stands behind `local:`: the folder of an environment, else the program."""
        is_folder = self.is_environment or self.where in (Where.ACTIVE, Where.CONDA, Where.PYENV)
        return self.prefix if is_folder and Path(self.prefix, "bin", "python").exists() else self.executable

    @property
    def minor(self) -> tuple[int, int]:
        """`(3, 12)`."""
        major, minor, _ = self.version.split(".")
        return int(major), int(minor)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program that may be a Python."""

    program: str
    where: Where


def candidates(environment: Mapping[str, str], home: Path) -> list[Candidate]:
    """Where Pythons usually are, the likeliest first, each program once and tutor's own not at all. Looks at folders only."""
    seen = {_identity(Path(sys.executable))}
    found: list[Candidate] = []
    for path, where in _places(environment, home):
        if path.is_file() and os.access(path, os.X_OK) and (identity := _identity(path)) not in seen:
            seen.add(identity)
            found.append(Candidate(str(path), where))
    return found[:MOST]


def _identity(program: Path) -> tuple[str, str]:
    """The same for two names of one program in one folder; a link in another folder may be another environment."""
    return os.path.realpath(program.parent), os.path.realpath(program)


def _places(environment: Mapping[str, str], home: Path) -> Iterator[tuple[Path, Where]]:
    active = (environment.get("VIRTUAL_ENV"), environment.get("CONDA_PREFIX"))
    yield from ((Path(prefix, "bin", "python"), Where.ACTIVE) for prefix in active if prefix)
    yield Path(MADE_ENVIRONMENT.replace("~", str(home), 1), "bin", "python"), Where.MADE
    pyenv = Path(environment.get("PYENV_ROOT") or home / ".pyenv")
    for folder in map(Path, environment.get("PATH", "").split(os.pathsep)):
        # A relative folder means another one wherever the learner goes: nothing is started from there.
        if folder.is_absolute() and not _asks_to_install(folder):
            where = Where.PYENV if folder == pyenv / "shims" else Where.PATH
            yield folder / "python3", where
            yield folder / "python", where
    for version in sorted(_folders(pyenv / "versions"), key=_by_number, reverse=True):
        yield version / "bin" / "python", Where.PYENV
    for prefix in _conda_folders(environment, home):
        yield prefix / "bin" / "python", Where.CONDA


def _asks_to_install(folder: Path) -> bool:
    """macOS puts a `python3` there that opens a window and wants to install developer tools when they are missing."""
    if sys.platform != "darwin" or folder != Path("/usr/bin"):
        return False
    return not any(map(os.path.exists, ("/Library/Developer/CommandLineTools", "/Applications/Xcode.app")))


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _by_number(path: Path) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d+", path.name)]


def _conda_folders(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """The base environments and those below them, and those that conda keeps a list of."""
    roots = [
        home / name for name in ("miniforge3", "miniconda3", "anaconda3", "mambaforge", "micromamba", "opt/anaconda3")
    ]
    if program := environment.get("CONDA_EXE"):
        roots.insert(0, Path(program).parent.parent)
    if root := environment.get("MAMBA_ROOT_PREFIX"):
        roots.insert(0, Path(root))
    for root_folder in roots:
        yield root_folder
        yield from _folders(root_folder / "envs")
    with contextlib.suppress(OSError, UnicodeDecodeError):
        listed = (home / ".conda" / "environments.txt").read_text("utf-8")
        yield from filter(Path.is_absolute, (Path(line.strip()) for line in listed.splitlines()))


def own() -> FoundPython:
    """The Python that tutor runs in, asked without a process."""
    from importlib import metadata, util  # noqa: PLC0415 - only whoever looks for Pythons needs them

    try:
        torch = metadata.version("torch")
    except metadata.PackageNotFoundError:
        torch = None
    has = frozenset(name for name in ("ipykernel", "pip", "ensurepip") if util.find_spec(name) is not None)
    version = ".".join(map(str, sys.version_info[:3]))
    is_environment = sys.prefix != sys.base_prefix
    return FoundPython(
        sys.executable, version, sys.prefix, torch, "ipykernel" in has, Where.OWN, has, is_environment=is_environment
    )


async def ask(
    program: str, environment: Mapping[str, str], where: Where = Where.NAMED, *, seconds: float = ANSWER_SECONDS
) -> FoundPython | None:
    """What a Python says of itself, started as a kernel would be; None if it does not answer in time or is none."""
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            "-c",
            _QUESTION,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=dict(environment),
            start_new_session=True,
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate()
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, 9)
            await process.wait()
    return _understood(output, program, where)


def _understood(output: bytes, program: str, where: Where) -> FoundPython | None:
    """The answer; other lines are what the learner's own start-up files print."""
    answer = next((line for line in reversed(output.splitlines()) if line.startswith(_ANSWER)), None)
    if answer is None:
        return None
    said = json.loads(answer.removeprefix(_ANSWER))
    has = frozenset(said["has"])
    return FoundPython(
        said["executable"] or program,
        said["version"],
        said["prefix"],
        said["torch"],
        "ipykernel" in has,
        where,
        has,
        is_environment=said["is_environment"],
    )


async def find(
    among: Sequence[Candidate], environment: Mapping[str, str], *, seconds: float = ANSWER_SECONDS
) -> AsyncGenerator[FoundPython, None]:
    """Tutor's own Python first, then the others in their order as soon as they have answered, each environment once."""
    first = await asyncio.to_thread(own)
    seen = {_environment_of(first)}
    yield first
    gate = asyncio.Semaphore(AT_ONCE)

    async def asked(candidate: Candidate) -> FoundPython | None:
        async with gate:
            return await ask(candidate.program, environment, candidate.where, seconds=seconds)

    tasks = [asyncio.create_task(asked(candidate)) for candidate in among]
    try:
        for task in tasks:
            found = await task
            if found is not None and _environment_of(found) not in seen:
                seen.add(_environment_of(found))
                yield found
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _environment_of(found: FoundPython) -> tuple[str, tuple[int, int]]:
    """Two versions may share `/usr`."""
    return os.path.realpath(found.prefix), found.minor
