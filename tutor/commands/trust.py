"""`tutor trust PATH`: show what lessons from elsewhere contain, and let them run in exactly that form."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from tutor.commands.environment import Environment
from tutor.commands.question import confirmed
from tutor.errors import UsageError
from tutor.lesson.trust import content_digest, describe, lesson_folders
from tutor.progress.store import Store


def trust(options: argparse.Namespace) -> int:
    """Show, ask, remember."""
    environment = Environment.of(options)
    words = environment.words
    path = Path(options.path).expanduser().resolve()
    folders = lesson_folders(path)
    if not folders:
        raise UsageError(words("commands.trust_nothing", path=options.path))
    digests = {folder: content_digest(folder) for folder in folders}
    for line in describe(folders).lines(words):
        print(line)
    if not confirmed(
        words("commands.trust_ask"), yes=options.yes, nobody=words("commands.trust_no_terminal"), words=words
    ):
        print(words("commands.trust_refused"), file=sys.stderr)
        return 1
    with contextlib.closing(Store(environment.paths.database())) as store:
        for folder, digest in digests.items():
            store.add_trust(str(folder), digest, folder.name)
            print(words("commands.trusted", id=folder.name))
    return 0
