"""Which lessons remain where services cannot be reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tutor.commands.environment import Environment
from tutor.commands.list import known_entries
from tutor.lesson.model import Language, NeedKind
from tutor.network.probe import Reach

ACCOUNTS = {"github": "github", "google": "google", "kaggle": "kaggle"}
"""Services that lessons ask for by `account:`."""


def in_words(environment: Environment, reaches: Sequence[Reach]) -> str:
    """What can be learned all the same; empty where everything was reached."""
    words = environment.words
    lost = {reach.target.service for reach in reaches if not reach.is_reached}
    hosts = {reach.target.host for reach in reaches if not reach.is_reached}
    if not lost:
        return ""
    every, touched = 0, []
    for entry in known_entries(environment.catalogue):
        if entry.broken is None:
            every += 1
            if _is_touched(environment, entry.id, lost, hosts):
                touched.append(entry.title(environment.language))
    if not touched:
        return words("doctor.all_lessons_remain", count=every)
    return words("doctor.lessons_remain", count=every - len(touched), lessons=words("session.joint").join(touched))


def _is_touched(environment: Environment, lesson_id: str, lost: Iterable[str], hosts: Iterable[str]) -> bool:
    lesson = environment.catalogue.open(lesson_id, Language(environment.language)).lesson
    if lesson is None:
        return False
    accounts = {ACCOUNTS[service] for service in lost if service in ACCOUNTS}
    needs = [need for step in lesson.steps for need in lesson.needs_of(step)]
    return any(
        (need.kind is NeedKind.ACCOUNT and need.argument in accounts)
        or (need.kind is NeedKind.NETWORK and need.argument.partition(":")[0] in hosts)
        for need in needs
    )
