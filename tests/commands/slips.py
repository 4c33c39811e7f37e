"""Shipped lessons under the hands of a learner: each usual slip is not yet, and the hint that fits comes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.runtime.kernels import make_runtime
from tests.support.sources import ROOT
from tutor.commands.driver import Driver
from tutor.lesson.model import FixCode, Lesson, Step
from tutor.lesson.parse import parse_lesson
from tutor.progress.model import Verdict
from tutor.session import commands as ask
from tutor.session.events import Event
from tutor.session.keeper import Keep
from tutor.session.runtimes import Runtimes

Slips = Mapping[tuple[str, str], str]
"""What a learner may write in place of a piece of the solution ("": the starter as it stands), and pieces of the hints of which one must
then come by itself; where several are named, with | between them, each will do."""


def shipped(lesson_id: str, language: str) -> Lesson:
    read = parse_lesson(ROOT / "lessons" / lesson_id / f"{language}.md", shipped=True).lesson
    assert read is not None
    return read


def step_of(lesson: Lesson, step_id: str) -> Step:
    found = lesson.step(step_id)
    assert found is not None
    return found


def task_of(lesson: Lesson, step_id: str) -> FixCode:
    work = step_of(lesson, step_id).work
    assert isinstance(work, FixCode)
    return work


def english_hint(lesson: Lesson, step_id: str, told: str | None) -> str:
    """The hint that was told, or that would be told to whoever asks now; hints come in the same order in both languages."""
    hints, in_english = step_of(lesson, step_id).hints, step_of(shipped(lesson.id, "en"), step_id).hints
    if told is not None:
        return in_english[[hint.markdown for hint in hints].index(told)].markdown
    return next(hint.markdown for hint in in_english if hint.when is None)


def ignore(event: Event) -> None:
    """Only verdicts are looked at."""


async def odd_slips(lesson: Lesson, step_id: str, slips: Slips, folder: Path, *, before: str = "") -> list[object]:
    """The slips that pass, or for which another hint comes; the solution itself must pass, as far as it can here.

    Args:
        before: a step that must have run.
    """
    runtimes = Runtimes("local", lambda name: make_runtime(folder))
    task = task_of(lesson, step_id)
    odd: list[object] = []
    try:
        async with Driver(lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore) as driver:
            if before:
                assert (await driver.step(before, ask.Run())).verdict is Verdict.PASSED
            for (piece, instead), wanted in slips.items():
                assert piece in task.solution, piece
                code = task.solution.replace(piece, instead) if piece else task.starter
                outcome = await driver.step(step_id, ask.Run(code))
                given = english_hint(lesson, step_id, outcome.hint)
                if outcome.verdict is not Verdict.NOT_YET or not any(one in given for one in wanted.split("|")):
                    missed = [line.message for line in outcome.lines if line.message]
                    odd.append((piece, instead, outcome.verdict, given, missed))
            last = await driver.step(step_id, ask.Run(task.solution))
            assert last.verdict in (Verdict.PASSED, Verdict.COULD_NOT_CHECK)
    finally:
        await runtimes.aclose()
    return odd
