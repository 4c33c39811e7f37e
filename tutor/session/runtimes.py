"""The kernels of one tutor: the chosen one, and one of tutor's own Python for what must run there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from tutor.lesson.model import Lesson, NeedKind, Step
from tutor.runtime.base import Runtime, RuntimeInfo
from tutor.settings import LOCAL, is_local

HOME_LESSONS = frozenset({"start-here"})
"""Shipped lessons that run there whichever Python was chosen: a beginning must not stumble over one that was chosen for what comes after."""


class Runtimes:
    """Opens runtimes when they are first wanted; shared by all sessions of one tutor, and outlives them."""

    def __init__(self, chosen: str, open_runtime: Callable[[str], Runtime]) -> None:
        """Args: `chosen` as in `--runtime`; `open_runtime` makes a runtime of that name without starting it."""
        self.chosen_name = chosen
        self._open = open_runtime
        self._opened: dict[str, Runtime] = {}

    def _get(self, name: str) -> Runtime:
        if name not in self._opened:
            self._opened[name] = self._open(name)
        return self._opened[name]

    @property
    def chosen(self) -> Runtime:
        """Where lessons run unless they say otherwise."""
        return self._get(self.chosen_name)

    def for_lesson(self, lesson: Lesson) -> Runtime:
        """Where a lesson's steps run unless they say otherwise."""
        return self._get(LOCAL) if _stays_home(lesson) and self.is_local else self.chosen

    @property
    def home(self) -> Runtime:
        """The Python that tutor runs in."""
        return self._get(LOCAL)

    @property
    def is_local(self) -> bool:
        """The chosen one is a Python of this computer."""
        return is_local(self.chosen_name)

    def choose(self, name: str) -> Runtime:
        """Have lessons run there from now on; what was opened stays open, with its names.

        Raises:
            UsageError: no runtime has that name.
        """
        runtime = self._get(name)
        self.chosen_name = name
        return runtime

    @property
    def opened(self) -> Sequence[Runtime]:
        """All that were wanted so far."""
        return tuple(self._opened.values())

    def for_step(self, lesson: Lesson, step: Step) -> Runtime:
        """Where this step runs: steps with an account in tutor's own Python, `on="local"` on this machine."""
        needs_account = any(need.kind is NeedKind.ACCOUNT for need in lesson.needs_of(step))
        if needs_account or (step.on_local and not self.is_local):
            return self.home
        return self.for_lesson(lesson)

    async def close(self, runtime: Runtime) -> None:
        """End one of them; it is opened anew when it is wanted again."""
        self._opened = {name: one for name, one in self._opened.items() if one is not runtime}
        await runtime.aclose()

    async def aclose(self) -> None:
        """End every kernel; all are tried, whatever one of them does."""
        await asyncio.gather(*(runtime.aclose() for runtime in self._opened.values()), return_exceptions=True)


def place_of(info: RuntimeInfo) -> str:
    """Where that is, with its device, for the transcript; empty for the Python that tutor runs in."""
    if info.name == LOCAL:
        return ""
    name = info.label or info.name.removeprefix(f"{LOCAL}:")
    return f"{name} ({info.device})" if info.device else name


def _stays_home(lesson: Lesson) -> bool:
    # A lesson from elsewhere may have the same id.
    return lesson.shipped and lesson.id in HOME_LESSONS
