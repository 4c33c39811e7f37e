"""The part of the screen's host that is about places: lists them, moves the open lesson, adds servers, and ends what runs there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tutor.commands.environment import Environment

if TYPE_CHECKING:
    from tutor.commands.backstage import Backstage
    from tutor.ui.elsewhere import ClosedStep, Lease, NewServer, Places, ServerFound, StillRunning, Stopped


class ElsewhereHost:
    """Mixed into `ChatHost`, which gives it backstage. What it needs is loaded in a thread, since the screen goes on meanwhile."""

    _environment: Environment
    _backstage: Backstage | None

    async def _behind(self) -> Backstage:
        raise NotImplementedError

    async def places(self) -> AsyncGenerator[Places, None]:
        """Where lessons can run."""
        listing = await _room("places")
        behind = await self._behind()
        async with aclosing(listing.places(self._environment, behind.runtimes)) as found:
            async for places in found:
                yield places

    async def losses(self) -> Sequence[str]:
        """What stays behind when the open lesson goes on elsewhere."""
        return await (await self._behind()).losses()

    async def switch(self, runtime: str) -> None:
        """Have lessons run there from now on."""
        await (await self._behind()).move(runtime)

    def lease(self) -> Lease | None:
        """Of the server that lessons run on now."""
        return None if self._backstage is None else self._backstage.lease()

    async def examine_server(self, address: str, token: str) -> ServerFound:
        """Whether a server lets us in."""
        listing = await _room("places")
        found: ServerFound = await listing.examine(self._environment, address, token)
        return found

    async def keep_server(self, server: NewServer) -> str:
        """Keep it; what names it for `switch`."""
        listing = await _room("places")
        runtime: str = await asyncio.to_thread(listing.keep, self._environment, server)
        return runtime

    async def forget_server(self, runtime: str) -> None:
        """Forget it, and its token with it."""
        listing = await _room("places")
        await asyncio.to_thread(listing.forget, self._environment, runtime)

    async def still_running(self) -> Sequence[StillRunning]:
        """What would go on running without tutor, and what earlier sittings have left."""
        ending = await _room("ending")
        behind = await self._behind()
        left: Sequence[StillRunning] = await ending.still_running(self._environment, behind.runtimes)
        return left

    async def stop(self, key: str) -> Stopped:
        """Stop one of these, and ask whether it is gone."""
        ending = await _room("ending")
        behind = await self._behind()
        stopped: Stopped = await ending.stop(self._environment, behind.runtimes, key)
        return stopped

    async def close_open(self, runtime: str) -> AsyncGenerator[ClosedStep, None]:
        """Run all open steps there."""
        closing = await _room("closing")
        store = await (await self._behind()).store()
        async with aclosing(closing.close_open(self._environment, store, runtime)) as news:
            async for step in news:
                yield step


async def _room(name: str) -> Any:
    return await asyncio.to_thread(import_module, f"tutor.commands.elsewhere.{name}")
