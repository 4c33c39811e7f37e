"""The learner's own code of a step: kept as it is typed, and to be had back once it was given up."""

from __future__ import annotations

from tutor.lesson.model import FixCode, Step
from tutor.session import plan
from tutor.session.desk import Desk


def is_own(step: Step, code: str) -> bool:
    """Whether the learner wrote that, and not the lesson."""
    solution = step.work.solution if isinstance(step.work, FixCode) else ""
    return bool(code.strip()) and code not in (plan.lesson_code(step), solution)


async def load(desk: Desk) -> None:
    """What the learner has left at the step to which they have come."""
    step = desk.step
    desk.draft = await desk.keeper.draft(step.id)
    desk.versions = tuple(code for code in await desk.keeper.versions(step.id) if is_own(step, code))
    desk.recalled = 0


def remember(desk: Desk, code: str) -> None:
    """The learner's own code runs or is given up: it is the newest from now on."""
    if is_own(desk.step, code):
        desk.versions = (code, *(other for other in desk.versions if other != code))


class Drafts:
    """Changes what would run."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def edit(self, text: str | None, *, at_once: bool) -> None:
        """The editor's text; None: the lesson's own code, in place of the learner's. Args: `at_once`: see `commands.Edit`."""
        desk = self._desk
        before = desk.card()
        if text is None or at_once:
            await self._give_up()
        desk.recalled = 0
        await self._put(text)
        # A keystroke changes nothing but the text that the editor shows anyway, unless something else can be done now.
        now = desk.card()
        if text is None or at_once or (now.suggested, now.actions) != (before.suggested, before.actions):
            desk.show()

    async def fill(self, solution: str) -> None:
        """The solution, in place of the learner's own code."""
        await self._give_up()
        self._desk.recalled = 0
        await self._put(solution)

    async def recall(self) -> None:
        """What the learner wrote last and is not there now; each further time what came before it, and in the end what stood there first."""
        desk = self._desk
        if desk.recalled == 0:
            await self._give_up()
        for _ in desk.versions:
            code = desk.versions[desk.recalled % len(desk.versions)]
            desk.recalled += 1
            if code != desk.code:
                await self._put(code)
                break
        desk.show()

    async def _put(self, code: str | None) -> None:
        desk = self._desk
        desk.draft = None if code is None or code == plan.lesson_code(desk.step) else code
        await desk.keeper.set_draft(desk.step.id, None if desk.draft is None else desk.scrubber.scrub(desk.draft))

    async def _give_up(self) -> None:
        """Keep the learner's own code, which is about to be replaced."""
        desk = self._desk
        if is_own(desk.step, desk.code) and desk.code not in desk.versions[:1]:
            await desk.keeper.add_version(desk.step.id, desk.scrubber.scrub(desk.code))
        remember(desk, desk.code)
