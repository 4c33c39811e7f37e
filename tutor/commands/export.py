"""`tutor export`: lessons as a notebook that judges itself, or the learner's own work in one."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path

from tutor.commands.environment import Environment
from tutor.commands.question import confirmed
from tutor.commands.selection import Chosen, read_lesson, select
from tutor.commands.whole_file import write_whole
from tutor.errors import ExitCode, UsageError
from tutor.i18n import Words
from tutor.lesson.model import FixCode, Lesson, RunCode, Step
from tutor.lesson.notebook.build import Wishes, is_github_address, notebook
from tutor.lesson.notebook.choice import Part, is_judged, kit_modules
from tutor.lesson.notebook.plan import PLAN, plan
from tutor.progress.model import Entry, StepRecord, StepState
from tutor.progress.store import Store
from tutor.runtime.bundle import make_part

HARNESS = ("tutor.harness.notebook", "tutor.kit.devices.hardware")
"""What every notebook that judges brings along: the judging, and what the machine is."""
PAGE = 500
"""Messages read from the store at once."""


def export(options: argparse.Namespace) -> int:
    """Write the file; 2 when it cannot be written where it is wanted."""
    environment = Environment.of(options)
    words = environment.words
    try:
        file = Path(options.output).expanduser()
        _look_at(options, file, words)
    except (OSError, RuntimeError) as error:  # a name that is too long, the home of somebody who is not there
        raise UsageError(words("export.bad_name", file=options.output[:100], error=str(error)[:200])) from error
    with contextlib.closing(Store(environment.paths.database())) as store:
        if options.mine:
            text, told = _own_work(environment, store, options.lessons, words)
        else:
            text, told = _lessons(environment, store, options)
    if not text:
        print(told, file=sys.stderr)
        return ExitCode.PASSED if options.open else ExitCode.USAGE
    if file.exists() and not confirmed(
        words("export.exists", file=file), yes=False, nobody=words("export.exists_no_terminal", file=file), words=words
    ):
        print(words("export.kept", file=file), file=sys.stderr)
        return ExitCode.NOT_YET
    write_whole(file, text, words, is_private=options.mine)
    print(words("export.written", file=file))
    print(told)
    return ExitCode.PASSED


def _look_at(options: argparse.Namespace, file: Path, words: Words) -> None:
    """Raises: UsageError: what is asked for does not go together, or the file cannot be."""
    if options.mine and (options.open or options.solutions or options.url):
        raise UsageError(words("export.mine_alone"))
    if not options.lessons and not options.open:
        raise UsageError(words("export.mine_named" if options.mine else "export.nothing_named"))
    for name in options.lessons:
        lesson_id, mark, step_id = name.partition("#")
        if mark:
            raise UsageError(words("export.whole_lessons", id=lesson_id, step=step_id))
    if options.url and not is_github_address(options.url):
        raise UsageError(words("export.bad_url"))
    if file.is_dir():
        raise UsageError(words("export.is_folder", file=file), words("export.is_folder_hint", file=file))
    if file.suffix != ".ipynb":
        raise UsageError(words("export.suffix", file=file))
    if not file.parent.is_dir():
        raise UsageError(words("export.no_folder", folder=file.parent), words("export.no_folder_hint"))


def _lessons(environment: Environment, store: Store, options: argparse.Namespace) -> tuple[str, str]:
    """The notebook of lessons, or of open steps, and what is said with it; an empty file where there is nothing to do."""
    words = environment.words
    selection = select(
        environment, store, list(dict.fromkeys(options.lessons)), everything=False, only_open=options.open
    )
    for message in selection.passed_over:
        print("tutor: " + words("commands.passed_over", message=message), file=sys.stderr)
    parts = [_part(chosen, store.steps(chosen.lesson.id), only_open=options.open) for chosen in selection.chosen]
    judges = any(is_judged(part.lesson, step) for part in parts for step in part.steps)
    if options.open and not judges:
        return "", words("export.nothing_open")
    bundle = make_part([*HARNESS, *kit_modules(parts)], {PLAN: plan(parts, words)}) if judges else None
    wishes = Wishes(solutions=options.solutions, url=options.url or "", is_of_open_steps=options.open)
    folders = {part.lesson.id: part.lesson.path.parent for part in parts}
    text = notebook(parts, bundle, words, wishes, lambda lesson_id, name: _asset(folders[lesson_id], name))
    return text, words("export.next" if judges else "export.next_to_read")


def _part(chosen: Chosen, records: Mapping[str, StepRecord], *, only_open: bool) -> Part:
    lesson = chosen.lesson
    steps = tuple(step for step in lesson.steps if step.id in chosen.steps)
    if not only_open:
        return Part(lesson, steps)
    last = max(lesson.steps.index(step) for step in steps)
    earlier = {
        step.id: code
        for step in lesson.steps[:last]
        if step not in steps and step.replay and (code := _passed_code(lesson, step, records.get(step.id)))
    }
    own = {step_id: code for step_id, code in chosen.own_code.items() if code}
    return Part(lesson, steps, is_whole=False, earlier_code=earlier, own_code=own)


def _passed_code(lesson: Lesson, step: Step, record: StepRecord | None) -> str:
    """What brings the step's names back; of one that passed by receipt only the lesson's own code is known."""
    if record is None or record.state is not StepState.PASSED or not is_judged(lesson, step):
        return ""
    match step.work:
        case _ if record.code:
            return record.code
        case RunCode(code=code):
            return code
        case FixCode(solution=solution):
            return solution
        case _:
            return ""


def _asset(folder: Path, name: str) -> bytes | None:
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()):
        return None
    try:
        return file.read_bytes()
    except OSError:
        return None


def _own_work(environment: Environment, store: Store, names: list[str], words: Words) -> tuple[str, str]:
    """The notebook of the learner's own work, and what is said with it."""
    from tutor.session.own_work import own_work

    # Nothing of them runs: whether they are trusted does not matter.
    lessons = [read_lesson(environment, name) for name in dict.fromkeys(names)]
    text = own_work([(lesson, _entries(store, lesson.id)) for lesson in lessons], words)
    return text, words("export.next_mine") if text else words("export.nothing_mine", id=", ".join(names))


def _entries(store: Store, lesson_id: str) -> list[Entry]:
    """The whole conversation about a lesson."""
    found: list[Entry] = []
    while more := store.entries(lesson_id, found[0].id if found else None, PAGE):
        found[:0] = more
    return found
