"""Going on with the lessons in another place, whoever asked for it: what stays behind is said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.ui.blocks import text
from tutor.ui.elsewhere import Place

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


async def move(conductor: Conductor, place: Place) -> bool:
    """Have lessons run there, unless the learner would rather keep what stays behind. Called from a worker. Returns whether they do.

    Raises:
        TutorError: it cannot be used; everything is as it was.
    """
    if place.is_chosen:
        conductor.tell("places.already_there", name=place.name)
        return True
    lost = await conductor.host.losses()
    if lost and not await _is_worth_it(conductor, place, list(lost)):
        return False
    await conductor.host.switch(place.runtime)
    conductor.tell("places.now_there", name=place.name)
    return True


async def _is_worth_it(conductor: Conductor, place: Place, lost: list[str]) -> bool:
    from tutor.ui.screens.question import QuestionScreen

    words = conductor.words
    title = text(words("places.leave_title", name=place.name), "strong")
    lines = [text(line, first="· ", rest="  ", gap=number == 0) for number, line in enumerate(lost)]
    hint = text(words("places.leave_names"), "muted")
    question = QuestionScreen([title, *lines, hint], words("places.leave_yes"), words("places.leave_no"))
    return await conductor.screen.app.push_screen_wait(question)
