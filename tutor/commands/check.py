"""`tutor check`: the faults of lessons, and with `--run` the proof that each starter fails and each solution passes."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tutor.commands.autopilot import Autopilot
from tutor.commands.driver import Driver, Manner, run_interruptible, warmed
from tutor.commands.environment import Environment
from tutor.commands.selection import require_trust, trust_key
from tutor.commands.signing_in import SigningIn
from tutor.errors import ExitCode, LessonError
from tutor.lesson.lint import lesson_files, lint
from tutor.lesson.model import Checklist, FixCode, Lesson, Problem, Step
from tutor.lesson.parse import parse_lesson
from tutor.progress.model import Verdict
from tutor.progress.store import Store
from tutor.session import commands as ask
from tutor.session.events import Event, Outcome
from tutor.session.keeper import Keep
from tutor.text.plain import strip

STARTER_PASSES = "E901"
SOLUTION_FAILS = "E902"
STEP_FAILS = "E903"
NOT_PROVED = "W901"
AT_ONCE = 2
"""Lessons that are proved at the same time: much of a step is waiting, and a kernel with PyTorch takes half a gigabyte."""


def check(options: argparse.Namespace) -> int:
    """Print every problem, one a line, on stdout; what was looked at, on stderr."""
    environment = Environment.of(options)
    words = environment.words
    catalogue = environment.catalogue
    files = _files(options.paths or [str(environment.shipped_folder)])
    problems = lint(files, {entry.id: entry.path for entry in catalogue.entries()})
    if not options.paths:
        # What keeps lessons out of the list concerns none of the shipped files.
        problems += catalogue.problems
    for problem in problems:
        _print(problem, files)
    if options.run:
        broken = {problem.path for problem in problems if problem.is_error}
        proof = _Proof(environment, {file: name for file, name in files.items() if file not in broken})
        if code := run_interruptible(proof.run()):
            return code
        problems += proof.problems
    errors = sum(problem.is_error for problem in problems)
    key = "commands.check_found" if problems else "commands.check_clean"
    print(words(key, errors=errors, warnings=len(problems) - errors, count=len(files)), file=sys.stderr)
    return ExitCode.NOT_YET if errors else ExitCode.PASSED


def _files(given: Sequence[str]) -> dict[Path, str]:
    """The lesson files, each with its name as the user began it (`./x`), so that a line can be found again by what was typed."""
    files: dict[Path, str] = {}
    for name in given:
        path = Path(name)
        for file in lesson_files([path]):
            files.setdefault(file, name if file == path else os.path.join(name, file.relative_to(path)))  # noqa: PTH118 - a Path drops the dot
    return files


def _print(problem: Problem, files: Mapping[Path, str]) -> None:
    place = files.get(problem.path, str(problem.path))
    print(strip(place + str(problem).removeprefix(str(problem.path))), flush=True)


class _Proof:
    """Runs lessons with their own answers."""

    def __init__(self, environment: Environment, files: Mapping[Path, str]) -> None:
        self._environment = environment
        self._files = files
        self.problems: list[Problem] = []

    async def run(self) -> int:
        """Print what could not be proved; 0 when it came to its end."""
        waiting = iter(self._files)
        at_once = min(AT_ONCE, os.cpu_count() or 1, len(self._files))
        # Kernels that share processors must share them out: PyTorch's threads wait by spinning, and two kernels that each take all
        # processors are three times slower than one after the other (measured, two cores).
        os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // max(1, at_once))))
        # Not a task group: what stops one of them must come out as it is.
        tasks = [asyncio.ensure_future(self._prove_files(waiting)) for _ in range(at_once)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return ExitCode.PASSED

    async def _prove_files(self, waiting: Iterator[Path]) -> None:
        """One after the other, in a runtime of their own."""
        shipped = self._environment.shipped_folder.resolve()
        async with warmed(self._environment.runtimes()) as runtimes:
            for file in waiting:
                lesson = parse_lesson(file, shipped=file.resolve().is_relative_to(shipped)).lesson
                if lesson is None:
                    continue
                if not self._may_run(lesson):
                    self._say(lesson, 1, NOT_PROVED, "commands.proof_untrusted", path=lesson.path.parent)
                    continue
                async with contextlib.aclosing(SigningIn(self._environment, lasting=False)) as accounts:
                    driver = Driver(
                        lesson,
                        runtimes,
                        store=None,
                        keep=Keep.GOOD_RUNS,
                        on_event=_ignore,
                        manner=Manner(practice=True, accounts=accounts),
                    )
                    async with driver:
                        for step in lesson.steps:
                            await self._prove(lesson, step, driver)

    async def _prove(self, lesson: Lesson, step: Step, driver: Driver) -> None:
        if isinstance(step.work, FixCode):
            started = await driver.step(step.id, ask.Run(step.work.starter))
            if started.verdict is Verdict.COULD_NOT_CHECK:
                self._not_here(lesson, step.work.starter_line, started)
            if started.verdict is Verdict.PASSED:
                self._say(lesson, step.work.starter_line, STARTER_PASSES, "commands.proof_starter")
        outcome = await driver.step(step.id, Autopilot(solutions=True).command(step))
        if outcome.verdict is Verdict.COULD_NOT_CHECK and not isinstance(step.work, Checklist) and not _ran(outcome):
            self._not_here(lesson, step.line, outcome)
        if outcome.verdict is Verdict.NOT_YET:
            line, code = step.line, STEP_FAILS
            key = "commands.proof_step"
            if isinstance(step.work, FixCode):
                line, code, key = step.work.solution_line, SOLUTION_FAILS, "commands.proof_solution"
            self._say(lesson, line, code, key, message=_why(outcome))

    def _not_here(self, lesson: Lesson, line: int, outcome: Outcome) -> None:
        """Only said: what needs a GPU is proved where there is one, and the exit code stays what it was."""
        where = f"{self._files[lesson.path]}:{line}"
        print(self._environment.words("commands.proof_not_here", where=where, reason=outcome.reason), file=sys.stderr)

    def _may_run(self, lesson: Lesson) -> bool:
        with contextlib.closing(Store(self._environment.paths.database())) as store:
            digest = store.trusted(trust_key(lesson.path.parent))
        try:
            require_trust(lesson, digest, self._environment.words)
        except LessonError:
            return False
        return True

    def _say(self, lesson: Lesson, line: int, code: str, key: str, **values: object) -> None:
        problem = Problem(lesson.path, line, code, self._environment.words(key, **values))
        self.problems.append(problem)
        _print(problem, self._files)


def _ran(outcome: Outcome) -> bool:
    """Whether any line was judged."""
    return any(line.verdict is not Verdict.COULD_NOT_CHECK for line in outcome.lines)


def _why(outcome: Outcome) -> str:
    missed = [f"{line.label}: {line.message}" for line in outcome.lines if line.verdict is Verdict.NOT_YET]
    return "; ".join(missed) or outcome.reason


def _ignore(event: Event) -> None:
    """A proof wants only verdicts."""
