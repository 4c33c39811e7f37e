"""What a step needs and costs before it runs, in the learner's words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.i18n import Words
from tutor.lesson.model import Lesson, Need, NeedKind, Step
from tutor.progress.model import Verdict
from tutor.session.events import Card
from tutor.session.wants import SERVER, named

ORDER = (
    NeedKind.ENV,
    NeedKind.CUDA,
    NeedKind.GPU,
    NeedKind.ACCOUNT,
    NeedKind.NETWORK,
    NeedKind.RAM,
    NeedKind.DISK,
    NeedKind.COMMAND,
    NeedKind.MODULE,
    NeedKind.POSIX,
)
"""The hardest to come by first: where there is little room, the end is cut off."""
ELSEWHERE = frozenset({str(NeedKind.GPU), str(NeedKind.CUDA), str(NeedKind.RAM), str(NeedKind.ENV), SERVER})
"""What no package or account brings here, and another computer may have."""
USUAL_LIMIT = 600
"""Seconds after which every step is stopped; said only where a lesson chose another limit."""


def needs_line(lesson: Lesson, step: Step, words: Words, *, minutes: bool = True) -> str:
    """For example "about 2 min · needs a GPU · network: huggingface.co"; empty when there is nothing to say.

    Args:
        minutes: said too; the time that a question takes is not worth a line.
    """
    time = [words("step.minutes", minutes=step.minutes)] if minutes and step.minutes else []
    return " · ".join([*time, *_parts(lesson, step, words)])


def is_elsewhere(needs: Iterable[str]) -> bool:
    """Whether something of these can only be had in another place. Args: `needs`: words of `needs`, as `cuda` or `ram:16`."""
    return any(need.partition(":")[0] in ELSEWHERE for need in needs)


def offers_elsewhere(card: Card) -> bool:
    """Whether the step stays open for want of such a thing."""
    outcome = card.outcome
    return outcome is not None and outcome.verdict is Verdict.COULD_NOT_CHECK and is_elsewhere(outcome.unmet)


def _parts(lesson: Lesson, step: Step, words: Words) -> Iterator[str]:
    of_step = lesson.needs_of(step)
    of_checks = {need for check in step.checks for need in check.needs} - set(of_step)
    for need in sorted(of_step, key=_rank):
        yield words(f"step.need_{need.kind}", argument=named(need.kind, need.argument))
    for need in sorted(of_checks, key=_rank):
        yield words(f"step.check_{need.kind}", argument=named(need.kind, need.argument))
    if step.timeout != USUAL_LIMIT:
        in_minutes = step.timeout % 60 == 0
        key = "step.limit_minutes" if in_minutes else "step.limit_seconds"
        yield words(key, minutes=step.timeout // 60, seconds=step.timeout)


def _rank(need: Need) -> tuple[int, str]:
    return ORDER.index(need.kind), need.argument
