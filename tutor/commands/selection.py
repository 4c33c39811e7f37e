"""Which lessons and steps a headless run is about, and which of them may run."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tutor.commands.environment import Environment
from tutor.errors import LessonError, UsageError
from tutor.i18n import Words
from tutor.lesson.model import Language, Lesson
from tutor.lesson.trust import content_digest
from tutor.progress.model import StepState
from tutor.progress.store import Store
from tutor.text.plain import strip


@dataclass(frozen=True, slots=True)
class Chosen:
    """One lesson to run."""

    lesson: Lesson
    steps: tuple[str, ...]
    """Ids of the steps to run, in order."""
    own_code: Mapping[str, str] = field(default_factory=dict)
    """What the learner wrote for open steps, by step id."""
    bring_back: bool = False
    """Earlier steps' names are wanted: the steps are not run from the first on."""


def read_lesson(environment: Environment, lesson_id: str) -> Lesson:
    """A lesson, whether or not it may run.

    Raises:
        LessonError: unknown or broken.
    """
    words = environment.words
    entry = environment.catalogue.find(lesson_id)
    if entry is None:
        ids = [known.id for known in environment.catalogue.entries()]
        near = difflib.get_close_matches(lesson_id, ids, 1)
        hint = words("commands.did_you_mean", id=near[0]) if near else words("commands.no_lesson_hint")
        raise LessonError(words("commands.no_lesson", id=strip(lesson_id)), hint)
    result = environment.catalogue.open(lesson_id, Language(environment.language))
    if result.lesson is None:
        errors = [problem for problem in result.problems if problem.is_error]
        message = str(errors[0]) if errors else str(entry.broken)
        raise LessonError(
            words("commands.broken", id=lesson_id, message=message),
            words("commands.broken_hint", path=entry.path),
        )
    return result.lesson


def trust_key(folder: Path) -> str:
    """The name under which the store keeps the trust in a lesson's folder."""
    return str(folder.resolve())


def require_trust(lesson: Lesson, trusted_digest: str | None, words: Words) -> None:
    """Let shipped lessons pass, and others in exactly the form that was trusted.

    Raises:
        LessonError: not trusted, or changed since.
    """
    folder = lesson.path.parent
    if not lesson.shipped and (trusted_digest is None or trusted_digest != content_digest(folder)):
        raise LessonError(words("commands.untrusted", id=lesson.id), words("commands.untrusted_hint", path=folder))


def open_lesson(environment: Environment, store: Store, lesson_id: str) -> Lesson:
    """A lesson that may run.

    Raises:
        LessonError: unknown, broken or untrusted.
    """
    lesson = read_lesson(environment, lesson_id)
    require_trust(lesson, store.trusted(trust_key(lesson.path.parent)), environment.words)
    return lesson


def scope_of(lesson: Lesson) -> str:
    """All shipped lessons share their plain form values; the lessons of one trusted folder share theirs."""
    return "shipped" if lesson.shipped else str(lesson.path.parent.parent)


@dataclass(frozen=True, slots=True)
class Selection:
    """What will run, and what was passed over."""

    chosen: tuple[Chosen, ...]
    passed_over: tuple[str, ...]
    """Why, one message a lesson."""


def select(
    environment: Environment, store: Store, names: Sequence[str], *, everything: bool, only_open: bool
) -> Selection:
    """The lessons to run.

    Raises:
        UsageError, LessonError: nothing is named, or a named lesson or step cannot run.
    """
    words = environment.words
    if not names and not everything and not only_open:
        raise UsageError(words("commands.nothing_named"))
    chosen: list[Chosen] = []
    passed_over: list[str] = []
    named = {} if everything else _by_lesson(names)
    if not named:
        ids = [entry.id for entry in environment.catalogue.entries()]
        if only_open:
            with_open = _lessons_with_open_steps(store)
            ids = [lesson_id for lesson_id in ids if lesson_id in with_open]
        for lesson_id in ids:
            try:
                lesson = open_lesson(environment, store, lesson_id)
            except LessonError as error:
                passed_over.append(error.message)
                continue
            chosen.append(Chosen(lesson, tuple(step.id for step in lesson.steps)))
    for lesson_id, step_ids in named.items():
        lesson = open_lesson(environment, store, lesson_id)
        known = [step.id for step in lesson.steps]
        for step_id in step_ids:
            if step_id not in known:
                raise LessonError(
                    words("commands.no_step", id=lesson_id, step=step_id, steps=", ".join(known)),
                )
        steps = tuple(step_id for step_id in known if not step_ids or step_id in step_ids)
        chosen.append(Chosen(lesson, steps))
    if only_open:
        chosen = [narrowed for one in chosen if (narrowed := _only_open(one, store)).steps]
    return Selection(tuple(chosen), tuple(passed_over))


def _by_lesson(names: Sequence[str]) -> dict[str, set[str]]:
    """`LESSON` and `LESSON#STEP` by lesson; a lesson named whole has no steps of its own."""
    found: dict[str, set[str]] = {}
    whole: set[str] = set()
    for name in names:
        lesson_id, mark, step_id = name.partition("#")
        found.setdefault(lesson_id, set())
        if mark and step_id:
            found[lesson_id].add(step_id)
        else:
            whole.add(lesson_id)
    return {lesson_id: set() if lesson_id in whole else steps for lesson_id, steps in found.items()}


def _lessons_with_open_steps(store: Store) -> Collection[str]:
    return {
        lesson_id
        for lesson_id, steps in store.all_steps().items()
        if any(record.state is StepState.OPEN for record in steps.values())
    }


def _only_open(chosen: Chosen, store: Store) -> Chosen:
    records = store.steps(chosen.lesson.id)
    steps = tuple(
        step_id for step_id in chosen.steps if step_id in records and records[step_id].state is StepState.OPEN
    )
    own_code = {step_id: records[step_id].code for step_id in steps}
    return Chosen(chosen.lesson, steps, own_code, bring_back=True)
