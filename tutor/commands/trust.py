"""`tutor trust PATH`: show what lessons from elsewhere contain, and let them run in exactly that form."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from tutor.commands.environment import Environment
from tutor.commands.question import confirmed
from tutor.commands.selection import trust_key
from tutor.errors import LessonError
from tutor.i18n import Words
from tutor.lesson.lint import lesson_files
from tutor.lesson.parse import parse_lesson
from tutor.lesson.trust import TrustReport, content_digest, describe
from tutor.progress.store import Store
from tutor.text.plain import strip


def trust(options: argparse.Namespace) -> int:
    """Show, ask, remember."""
    environment = Environment.of(options)
    words = environment.words
    folders = list(dict.fromkeys(file.parent for file in lesson_files([Path(options.path).expanduser()])))
    # The digest is taken before anything is read: what changes meanwhile is not trusted.
    digests = {folder: content_digest(folder) for folder in folders}
    lessons = []
    for file in lesson_files(folders):
        result = parse_lesson(file)
        if result.lesson is None:
            errors = [strip(str(problem)) for problem in result.problems if problem.is_error]
            raise LessonError(
                words("commands.broken", id=file.parent.name, message=errors[0]),
                words("commands.broken_hint", path=file.parent),
            )
        lessons.append(result.lesson)
    print(words("commands.trust_title", ids=", ".join(folder.name for folder in digests)))
    for line in _told(describe(lessons), words):
        print(strip(line))
    nobody = words("commands.trust_no_terminal")
    if not confirmed(words("commands.trust_ask"), yes=options.yes, nobody=nobody, words=words):
        print(words("commands.trust_refused"), file=sys.stderr)
        return 1
    with contextlib.closing(Store(environment.paths.database())) as store:
        for folder, digest in digests.items():
            store.add_trust(trust_key(folder), digest, folder.name)
            print(words("commands.trusted", id=folder.name))
    return 0


def _told(report: TrustReport, words: Words) -> Iterator[str]:
    for piece in report.code:
        yield ""
        where = f"{piece.path.parent.name}#{piece.step_id}"
        yield words("commands.trust_code", step=where, language=piece.language, role=piece.role, line=piece.line)
        for line in piece.code.splitlines():
            yield f"    {line}"
    yield ""
    for key, found in (
        ("hosts", report.hosts),
        ("files", report.files),
        ("commands", report.commands),
        ("accounts", report.accounts),
        ("secrets", report.secrets),
    ):
        yield words(f"commands.trust_{key}", found=", ".join(found) or words("commands.trust_none"))
