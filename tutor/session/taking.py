"""Taking a receipt in during a conversation: what takes it is handed in, since it asks for all lessons and not for one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.errors import UsageError
from tutor.session.events import ReceiptTaken
from tutor.text.sentences import in_a_row

if TYPE_CHECKING:
    from tutor.session.desk import Desk


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the receipts in a text."""

    told: str
    exit_code: int


Receive = Callable[[str, str, str], Received]
"""From a text, a language and the id of the open lesson. May take a moment: called in a thread."""


async def take(desk: Desk, text: str) -> None:
    """Record what the text says, tell it, and show the steps as they stand now.

    Raises:
        StoreError: nothing was recorded.
    """
    receive = desk.options.receive
    if receive is None:
        return
    try:
        received = await asyncio.to_thread(receive, text, desk.words.language, desk.lesson.id)
    except UsageError as error:
        await desk.note(in_a_row(error.message, error.hint))
    else:
        await desk.keeper.reload()
        await desk.note(received.told)
        desk.publish(ReceiptTaken(desk.lesson.id))
    desk.show()
