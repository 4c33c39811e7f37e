"""One sitting of the learner: the open session, what was asked of it before it was there, and what is kept for the next first paint."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

from tutor.session.commands import Command
from tutor.session.events import Event
from tutor.ui.host import Host, Session

log = logging.getLogger(__name__)

CLOSE_SECONDS = 8.0
"""A session that has not ended by then is left to the watchdog of its runtime."""


class Sitting:
    """Owns the session, so that there is never more than one."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._session: Session | None = None
        self._waiting: list[Command] = []
        """Asked for before the session was there."""
        self._keeping = asyncio.Lock()
        self._changing = asyncio.Lock()
        """Held while a session is opened or closed."""
        self.lesson_id = ""

    async def open(self, lesson_id: str, step_id: str) -> None:
        """Close what is open and open this.

        Raises:
            TutorError: it cannot be opened; then none is open.
        """
        async with self._changing:
            await self._close()
            self._session = await self._host.open(lesson_id, step_id)
            self.lesson_id = lesson_id
        waiting, self._waiting = self._waiting, []
        for command in waiting:
            await self._session.send(command)

    async def events(self) -> AsyncIterator[Event]:
        """Of the open session."""
        if self._session is not None:
            async for event in self._session.events():
                yield event

    async def send(self, command: Command) -> None:
        """Ask the session, at once or as soon as there is one."""
        if self._session is None:
            self._waiting.append(command)
        else:
            await self._session.send(command)

    async def close(self) -> None:
        """End the session, if one is open, within a bounded time."""
        async with self._changing:
            await self._close()

    async def _close(self) -> None:
        session, self._session = self._session, None
        self._waiting.clear()
        if session is None:
            return
        try:
            await asyncio.wait_for(session.aclose(), CLOSE_SECONDS)
        except TimeoutError:
            log.error("the session of %s did not end within %s s", self.lesson_id, CLOSE_SECONDS)

    async def keep(self, snapshot: Mapping[str, Any]) -> None:
        """Write the snapshot, in a thread and one at a time."""
        async with self._keeping:
            await asyncio.to_thread(self._host.keep_snapshot, snapshot)
