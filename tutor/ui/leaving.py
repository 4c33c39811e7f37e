"""Quitting: what would go on without tutor is found out and told, whoever asked to leave."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.errors import TutorError
from tutor.i18n import Words
from tutor.ui.elsewhere import Lease, StillRunning, Stopped

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor
    from tutor.ui.host import Host

log = logging.getLogger(__name__)

AT_ONCE = 0.15
"""Seconds; an answer that comes so soon needs no screen that says it is waited for."""


async def wants_to_leave(conductor: Conductor, *, ask: bool, running: bool) -> bool:
    """Ask what there is to be asked. Called from a worker.

    Args:
        ask: in any case, also where nothing goes on.
        running: code runs.
    """
    from tutor.ui.screens.quit import QuitScreen

    host = conductor.host
    asking = asyncio.create_task(still_running(host))
    try:
        await asyncio.wait([asking], timeout=AT_ONCE)
        if asking.done() and not asking.result() and not ask:
            return True

        async def stop(still: Sequence[StillRunning]) -> Sequence[Stopped]:
            # Before anything is stopped under it: a session that sees its runtime end would start another.
            await conductor.end_session()
            return await stop_all(host, still)

        # Code on a server goes on, and is told of as such.
        running = running and host.lease() is None
        screen = QuitScreen(conductor.words, running=running, asked=ask, asking=_shared(asking), stop=stop)
        return await conductor.screen.app.push_screen_wait(screen)
    finally:
        asking.cancel()


async def _shared(asking: asyncio.Task[Sequence[StillRunning]]) -> Sequence[StillRunning]:
    return await asyncio.shield(asking)


async def still_running(host: Host) -> Sequence[StillRunning]:
    """What goes on without tutor. Whatever fails in asking must keep nobody from a lesson, nor from leaving: it stands in the log."""
    try:
        return await host.still_running()
    except Exception:
        log.exception("what still runs is not known")
        return ()


def left_running(still: Sequence[StillRunning], lease: Lease | None, words: Words) -> str:
    """A line about what earlier sittings have left, apart from what is in use again; empty when there is nothing."""
    names = [one.name for one in still if lease is None or one.name != lease.name]
    return words("places.left_running", names=words("places.joint").join(dict.fromkeys(names))) if names else ""


async def stop_all(host: Host, still: Sequence[StillRunning]) -> Sequence[Stopped]:
    """All of it, at the same time: each has its own server to wait for."""

    async def stop(one: StillRunning) -> Stopped:
        try:
            return await host.stop(one.key)
        except TutorError as error:
            return Stopped(one.name, is_gone=False, told=f"{error.message} {error.hint}".strip())

    return await asyncio.gather(*(stop(one) for one in still))
