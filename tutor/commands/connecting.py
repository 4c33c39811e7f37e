"""The part of the screen's host that is about the learner's accounts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from importlib import import_module
from typing import TYPE_CHECKING

from tutor.commands.environment import Environment

if TYPE_CHECKING:
    from tutor.accounts.connected import Connected, State
    from tutor.accounts.led import Led
    from tutor.accounts.model import Disconnected
    from tutor.commands.backstage import Backstage


def accounts_of(environment: Environment, changed: Callable[[str], None] = lambda _: None) -> Connected:
    """The accounts of this tutor. Args: `changed`: told of each service that was connected or disconnected."""
    from tutor.accounts.connected import Connected

    return Connected(environment.paths.accounts(), environment.words, os.environ, changed=changed)


class ConnectingHost:
    """Mixed into `ChatHost`. What it needs is loaded in a thread, since the screen goes on meanwhile."""

    _environment: Environment
    _backstage: Backstage | None

    async def accounts(self) -> AsyncGenerator[State, None]:
        """Each account once, as the services answer."""
        async with aclosing((await self._connected()).states()) as states:
            async for state in states:
                yield state

    async def connect(self, service: str) -> Led:
        """The way to a credential for that service."""
        return await (await self._connected()).guide(service)

    async def disconnect(self, service: str) -> Disconnected | None:
        """Forget its credential, and revoke it where the service can."""
        return await (await self._connected()).disconnect(service)

    async def _connected(self) -> Connected:
        await asyncio.to_thread(import_module, "tutor.accounts.connected")
        return accounts_of(self._environment, self._forget)

    def _forget(self, service: str) -> None:
        """What steps were signed in with may be gone, or another one."""
        if self._backstage is not None:
            self._backstage.accounts.forget(service)
