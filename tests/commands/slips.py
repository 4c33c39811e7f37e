"""Shipped lessons under the hands of a learner: each usual slip is not yet, and the hint that fits comes by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.runtime.kernels import make_runtime
from tests.support.sources import ROOT
from tutor.commands.driver import Driver, Manner
from tutor.lesson.model import FixCode, Language, Lesson, Step
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
    first = {before: ask.Run()} if before else {}
    return (await all_odd_slips(lesson, {step_id: slips}, folder, before=first))[step_id]


async def all_odd_slips(
    lesson: Lesson,
    slips: Mapping[str, Slips],
    folder: Path,
    *,
    before: Mapping[str, ask.Run] | None = None,
    shortened: Callable[[str], str] = str,
    manner: Manner | None = None,
) -> dict[str, list[object]]:
    """The same for several steps, in one kernel, each left with its solution.

    Args:
        before: what runs in further steps first, whatever its verdict.
        shortened: makes code run in less time, and changes nothing else.
        manner: with accounts in practice, for steps that need one.
    """
    runtimes = Runtimes("local", lambda name: make_runtime(folder))
    odd: dict[str, list[object]] = {}
    try:
        async with Driver(
            lesson, runtimes, store=None, keep=Keep.GOOD_RUNS, on_event=ignore, manner=manner or Manner()
        ) as driver:
            for step_id, run in (before or {}).items():
                await driver.step(step_id, run)
            for step_id, of_step in slips.items():
                odd[step_id] = await _odd_ones(driver, lesson, step_id, of_step, shortened)
    finally:
        await runtimes.aclose()
    return odd


async def _odd_ones(
    driver: Driver, lesson: Lesson, step_id: str, slips: Slips, shortened: Callable[[str], str]
) -> list[object]:
    task = task_of(lesson, step_id)
    odd: list[object] = []
    if lesson.language is not Language.EN:
        # The code is the same, and so are the checks: what can differ is which hint comes, so one slip for each tells.
        first = {hint: slip for slip, hint in reversed(list(slips.items()))}
        slips = {slip: hint for slip, hint in slips.items() if first[hint] == slip}
    for (piece, instead), wanted in slips.items():
        assert piece in task.solution, piece
        code = task.solution.replace(piece, instead) if piece else task.starter
        outcome = await driver.step(step_id, ask.Run(shortened(code)))
        given = english_hint(lesson, step_id, outcome.hint)
        if outcome.verdict is not Verdict.NOT_YET or not any(one in given for one in wanted.split("|")):
            missed = [line.message for line in outcome.lines if line.message]
            odd.append((piece, instead, outcome.verdict, given, missed))
    last = await driver.step(step_id, ask.Run(shortened(task.solution)))
    assert last.verdict in (Verdict.PASSED, Verdict.COULD_NOT_CHECK)
    return odd
