"""Wishes about what was said so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.ui.wishes import Wish

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


async def read_on(conductor: Conductor, _: str) -> None:
    """A page further down."""
    conductor.screen.transcript.action_page_down()


GRANTS = {Wish.READ_ON: read_on}
