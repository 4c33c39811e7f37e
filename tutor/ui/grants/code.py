"""Wishes about the code of the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.session import commands
from tutor.ui.grants.reading import copy_block, copy_text
from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


async def copy(conductor: Conductor, _: str) -> None:
    """The block under the cursor, else the code of the step, as it would run now."""
    card = conductor.stage.card
    if conductor.screen.transcript.stop is not None:
        await copy_block(conductor)
    elif card is not None and card.code:
        copy_text(conductor, card.code)


async def reset(conductor: Conductor, _: str) -> None:
    """Back to the lesson's own code."""
    card = conductor.stage.card
    if card is not None and card.code:
        await conductor.send(commands.Edit(None))


GRANTS = {Wish.COPY: copy, Wish.RESET: reset}
