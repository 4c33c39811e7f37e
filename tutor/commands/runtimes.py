"""`tutor runtimes`: everything alive that tutor started or can see, what it costs, and ending it."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tutor.commands.elsewhere.alive import ASK_SECONDS, Alive, find_alive, named, stop
from tutor.commands.environment import Environment
from tutor.errors import ExitCode, ServerError, UsageError
from tutor.runtime.server.known import KnownServer, KnownServers
from tutor.runtime.server.rest import Api
from tutor.text.plain import strip


def runtimes(options: argparse.Namespace) -> int:
    """List them, or stop one and ask whether it is gone."""
    environment = Environment.of(options)
    if options.action == "stop" and not options.name:
        raise UsageError(environment.words("server.stop_what"))
    if options.action == "stop":
        return asyncio.run(_stop(environment, options.name))
    return asyncio.run(_list(environment))


async def _list(environment: Environment) -> int:
    words = environment.words
    servers = KnownServers(environment.paths.servers_file()).all()
    alive, others = await asyncio.gather(
        find_alive(environment), asyncio.gather(*(_others(environment, server) for server in servers))
    )
    rows = [_row(environment, one) for one in alive]
    for server, other in zip(servers, others, strict=True):
        ours = sum(one.server is not None and one.life.runtime == server.runtime for one in alive)
        if isinstance(other, str):
            rows.append((strip(server.name), other))
        elif other > ours:
            rows.append((strip(server.name), words("server.others", count=other - ours)))
    if not rows:
        print(words("server.nothing_alive"))
        return ExitCode.PASSED
    width = max(len(name) for name, _ in rows)
    for name, about in rows:
        print(f"{name.ljust(width)}  {about}")
    if any(one.server is not None for one in alive):
        print(words("server.how_to_stop"), file=sys.stderr)
    return ExitCode.PASSED


def _row(environment: Environment, one: Alive) -> tuple[str, str]:
    words = environment.words
    used = words("server.in_use") if one.in_use else words("server.left")
    return one.name, words("server.joint").join(filter(None, (one.about(words), used)))


async def _others(environment: Environment, server: KnownServer) -> int | str:
    """How many kernels the server has in all, or why nobody knows."""
    try:
        async with asyncio.timeout(ASK_SECONDS), Api(server.access, environment.words, seconds=ASK_SECONDS) as api:
            return len(await api.kernels())
    except ServerError as error:
        return error.message
    except TimeoutError:
        return environment.words("server.silent_now")


async def _stop(environment: Environment, name: str) -> int:
    words = environment.words
    alive = await find_alive(environment)
    meant = named(alive, name)
    if not meant:
        known = ", ".join(dict.fromkeys(one.name for one in alive))
        hint = words("server.alive_are", names=known) if known else words("server.nothing_alive")
        raise UsageError(words("server.no_such", name=strip(name)), hint)
    return max([await _stop_one(environment, one) for one in meant])


async def _stop_one(environment: Environment, one: Alive) -> int:
    if one.server is None:
        print(environment.words("server.ends_with_tutor", pid=one.life.pid), file=sys.stderr)
        return ExitCode.COULD_NOT_CHECK
    stopped = await stop(environment, one.life)
    print(stopped.told, file=sys.stdout if stopped.is_gone else sys.stderr)
    return ExitCode.PASSED if stopped.is_gone else ExitCode.COULD_NOT_CHECK
