"""The news of open steps that run together, as the lines of a page. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.i18n import Words
from tutor.progress.model import Verdict
from tutor.ui.blocks import Block, BlockKind, text
from tutor.ui.elsewhere import ClosedStep
from tutor.ui.look import GLYPHS


def told(so_far: Sequence[ClosedStep], news: ClosedStep) -> list[ClosedStep]:
    """All steps in the order in which they began, each with its newest news."""
    if so_far and so_far[-1].verdict is None:
        before = so_far[-1]
        if (before.lesson, before.title) == (news.lesson, news.title):
            return [*so_far[:-1], news]
    return [*so_far, news]


def step_blocks(steps: Sequence[ClosedStep], words: Words) -> list[Block]:
    """A line for each step, and under it why it stays open."""
    blocks = []
    for step in steps:
        role = str(step.verdict) if step.verdict is not None else "running"
        where = words("home.at_step", lesson=step.lesson, step=step.title)
        runs = ((f"  {words('places.close_runs')}", "muted"),) if step.verdict is None else ()
        first = f"{GLYPHS.get(role, '›')} "
        blocks.append(Block(BlockKind.TEXT, ((where, ""), *runs), first, "  ", gap=False, role=role))
        if step.reason and step.verdict is not Verdict.PASSED:
            blocks.append(text(step.reason, "muted", first="    ", rest="    ", gap=False))
    return blocks


def without_begun(steps: Sequence[ClosedStep]) -> list[ClosedStep]:
    """The steps that have a verdict: the one that was stopped has none."""
    return [step for step in steps if step.verdict is not None]


def ended_in_words(steps: Sequence[ClosedStep], words: Words, *, stopped: bool) -> str:
    """What was closed and what stays open."""
    if not steps:
        return words("places.close_none")
    closed = sum(step.verdict is Verdict.PASSED for step in steps)
    left = max(len(steps), *(step.total for step in steps)) - closed
    if not left:
        return words("places.close_all", closed=closed)
    return words("places.close_stopped" if stopped else "places.close_ended", closed=closed, open=left)


def count_of(steps: Sequence[ClosedStep], words: Words) -> str:
    """How many have a verdict, of how many."""
    if not steps:
        return words("places.close_starting")
    newest = steps[-1]
    return words("places.close_count", done=newest.done, total=newest.total)
