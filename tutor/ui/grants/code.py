"""Wishes about the code of the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.session import commands
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


async def copy(conductor: Conductor, _: str) -> None:
    """The code, as it would run now."""
    card = conductor.stage.card
    if card is not None and card.code:
        conductor.screen.app.copy_to_clipboard(card.code)
        conductor.tell("ui.copied")


async def reset(conductor: Conductor, _: str) -> None:
    """Back to the lesson's own code."""
    card = conductor.stage.card
    if card is not None and card.code:
        await conductor.send(commands.Edit(None))


GRANTS = {Wish.COPY: copy, Wish.RESET: reset}
