"""`tutor progress`: what the learner has done, or a new beginning."""

from __future__ import annotations

import argparse
import contextlib
import sys

from tutor.commands.environment import Environment
from tutor.commands.list import listed, state_text
from tutor.commands.question import confirmed
from tutor.progress.store import Store
from tutor.text.plain import strip
from tutor.text.width import cells, pad


def progress(options: argparse.Namespace) -> int:
    """Print progress, or forget it after a question."""
    environment = Environment.of(options)
    words = environment.words
    with contextlib.closing(Store(environment.paths.database())) as store:
        if options.reset:
            nobody = words("commands.progress_no_terminal")
            if not confirmed(words("commands.progress_ask"), yes=options.yes, nobody=nobody, words=words):
                print(words("commands.progress_kept"), file=sys.stderr)
                return 1
            backup = store.backup()
            store.reset()
            print(words("commands.progress_forgotten", backup=backup))
            return 0
        records = store.all_steps()
    rows = [row for row in listed(environment.catalogue, records, environment.language) if records.get(row.id)]
    if not rows:
        print(words("commands.progress_none"))
        return 0
    width = max(cells(row.title) for row in rows)
    for row in rows:
        print(f"{pad(row.title, width)}  {state_text(row, words)}")
        steps = environment.catalogue.steps(row.id)
        for record in records[row.id].values():
            if record.receipt and record.step_id in steps:
                title = strip(steps[record.step_id].title(environment.language))
                time = f"{record.time:%Y-%m-%d %H:%M} UTC" if record.time else "?"
                print(words("receipt.progress", step=title, place=strip(record.receipt), time=time))
    return 0
