"""Messages that are kept in the store and not mounted: fetched as the learner scrolls towards them."""

from __future__ import annotations

from collections.abc import Callable

from tutor.ui.host import Host
from tutor.ui.talk import Talk

AT_ONCE = 20
"""Messages that are fetched when the learner comes to an edge of what is mounted."""


class Archive:
    """Fetches for the transcript."""

    def __init__(self, host: Host, talk: Talk, lesson_id: Callable[[], str]) -> None:
        """Args: `lesson_id`: of the lesson that is open at that moment."""
        self._host = host
        self._talk = talk
        self._lesson_id = lesson_id

    async def show_older(self, before: int) -> None:
        """Mount the messages before that entry."""
        entries = await self._host.entries(self._lesson_id(), before, AT_ONCE)
        await self._talk.transcript.add_older([self._talk.message_of(entry) for entry in entries], before)

    async def show_newer(self, after: int) -> None:
        """Mount the messages that follow that entry."""
        reach = AT_ONCE
        while True:
            # The host fetches backwards: from far enough ahead that what follows is among it, and nothing before is missing.
            entries = await self._host.entries(self._lesson_id(), after + reach + 1, reach)
            newer = [entry for entry in entries if entry.id > after][:AT_ONCE]
            if newer or after + reach >= self._talk.last_id:
                break
            reach *= 2  # The ids in between belong to other lessons.
        is_end = not newer or newer[-1].id >= self._talk.last_id
        messages = [self._talk.message_of(entry) for entry in newer]
        await self._talk.transcript.add_newer(messages, after, is_end=is_end)
        self._talk.meet_live_output()

    async def show_end(self) -> None:
        """Go to the end of all that was said."""
        if self._talk.transcript.is_cut_off:
            await self._talk.show_end(lambda: self._host.entries(self._lesson_id()))
        self._talk.transcript.to_end()
