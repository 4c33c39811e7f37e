"""What a lesson from elsewhere contains, for `tutor trust`: its digest, to which the trust is bound, and its code, hosts, files and commands.

The names that are picked out help to read the code; they are no proof, which is why all of the code is in the report as well.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.lesson.mentions import commands_in, files_in, hosts_in
from tutor.lesson.model import Check, Checklist, FixCode, Lesson, Need, NeedKind, RunCode, Step

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class TrustedCode:
    """One piece of code that would run."""

    path: Path
    line: int
    language: str
    role: str
    step_id: str
    code: str


@dataclass(frozen=True, slots=True)
class TrustReport:
    """What a person must see before they trust lessons."""

    code: tuple[TrustedCode, ...]
    hosts: tuple[str, ...]
    """Named in code, or needed."""
    files: tuple[str, ...]
    """Named in code, and those in the lessons' folders."""
    commands: tuple[str, ...]
    """Programs that code starts, or needs."""
    accounts: tuple[str, ...]
    secrets: tuple[str, ...]
    """Names of the secret fields that the lessons ask for."""


def content_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of everything in a lesson's folder; a link counts with its target and what it leads to.

    Raises:
        OSError: something in it cannot be read, so nobody can say what it is.
    """
    digest = hashlib.sha256()
    for path in _walk(folder):
        name = os.fsencode(path.relative_to(folder).as_posix())
        digest.update(b"%d %b %d " % (len(name), name, stat.S_IFMT(path.lstat().st_mode)))
        if path.is_symlink():
            digest.update(hashlib.sha256(os.fsencode(path.readlink())).digest())
        # Only regular files are opened: reading a pipe would wait for ever.
        if path.is_file():
            digest.update(_file_digest(path))
    return digest.hexdigest()


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)


def _file_digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()


def describe(lessons: Iterable[Lesson]) -> TrustReport:
    """What these lessons contain. Give each language of a lesson: their code may differ."""
    code: list[TrustedCode] = []
    needs: dict[Need, None] = {}
    files: dict[str, None] = {}
    secrets: dict[str, None] = {}
    seen: set[tuple[Path, str]] = set()
    for lesson in lessons:
        folder = lesson.path.parent
        needs |= dict.fromkeys(lesson.front.needs)
        secrets |= dict.fromkeys(field.name for field in lesson.fields if field.secret)
        files |= dict.fromkeys(_assets(folder))
        for step in lesson.steps:
            needs |= dict.fromkeys(step.needs) | dict.fromkeys(need for check in step.checks for need in check.needs)
            for piece in _code(lesson.path, step):
                if (folder, piece.code) not in seen:
                    seen.add((folder, piece.code))
                    code.append(piece)
    named = [(piece.code, piece.language) for piece in code]
    return TrustReport(
        code=tuple(code),
        hosts=_sorted((host for each in named for host in hosts_in(*each)), needs, NeedKind.NETWORK),
        files=tuple(sorted({name for each in named for name in files_in(*each)} | set(files))),
        commands=_sorted((name for each in named for name in commands_in(*each)), needs, NeedKind.COMMAND),
        accounts=_sorted((), needs, NeedKind.ACCOUNT),
        secrets=tuple(secrets),
    )


def _sorted(named: Iterable[str], needs: Iterable[Need], kind: NeedKind) -> tuple[str, ...]:
    needed = {need.argument.removesuffix(":443") for need in needs if need.kind is kind}
    return tuple(sorted(needed | set(named)))


def _assets(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [path.relative_to(folder).as_posix() for path in _walk(folder) if not path.is_dir()]


def _code(path: Path, step: Step) -> Iterator[TrustedCode]:
    match step.work:
        case RunCode() as run:
            yield TrustedCode(path, run.line, run.language, "run", step.id, run.code)
        case FixCode() as fix:
            yield TrustedCode(path, fix.starter_line, fix.language, "starter", step.id, fix.starter)
            yield TrustedCode(path, fix.solution_line, fix.language, "solution", step.id, fix.solution)
        case Checklist(practice=str() as practice, practice_line=line):
            yield TrustedCode(path, line, "python", "practice", step.id, practice)
    for check in step.checks:
        yield _check(path, step, check)


def _check(path: Path, step: Step, check: Check) -> TrustedCode:
    return TrustedCode(path, check.line, "python", "check", step.id, check.code)
