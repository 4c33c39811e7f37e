"""What goes on when tutor ends, and how it is ended."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.commands.elsewhere import alive
from tutor.commands.elsewhere.alive import Alive, find_alive
from tutor.commands.environment import Environment
from tutor.runtime.server.runtime import ServerRuntime
from tutor.session.runtimes import Runtimes
from tutor.ui.elsewhere import StillRunning, Stopped


async def still_running(environment: Environment, runtimes: Runtimes) -> Sequence[StillRunning]:
    """Kernels on servers: ours, and those that nobody uses. What another tutor uses is its own business."""
    ours = set(_ours(runtimes))
    return [_told(one, environment) for one in await find_alive(environment) if _is_left(one, ours)]


def _is_left(one: Alive, ours: set[str]) -> bool:
    return one.server is not None and (one.life.key in ours or not one.in_use)


def _told(one: Alive, environment: Environment) -> StillRunning:
    return StillRunning(one.life.key, one.name, one.about(environment.words), is_paid=one.lease.price is not None)


async def stop(environment: Environment, runtimes: Runtimes, key: str) -> Stopped:
    """End it; one of ours is left first."""
    runtime = _ours(runtimes).get(key)
    life = runtime.entry.life if runtime is not None and runtime.entry is not None else None
    if life is None:
        life = next((one.life for one in await find_alive(environment) if one.life.key == key), None)
    if life is None:
        return Stopped(key, is_gone=True, told=environment.words("server.gone_already"))
    if runtime is not None:
        await runtimes.close(runtime)
    return await alive.stop(environment, life)


def _ours(runtimes: Runtimes) -> dict[str, ServerRuntime]:
    """Runtimes of this tutor by the key under which their kernels are written down."""
    found = [one for one in runtimes.opened if isinstance(one, ServerRuntime)]
    return {one.entry.life.key: one for one in found if one.entry is not None}
