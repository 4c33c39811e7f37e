"""What runs: the kernels that tutors of this home have started, as they are written down and as the servers say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tutor.commands.environment import Environment
from tutor.errors import ServerError, TutorError
from tutor.i18n import Words
from tutor.runtime.living import Life, Register
from tutor.runtime.server.known import KnownServer
from tutor.runtime.server.rest import Api, KernelModel
from tutor.text.plain import strip
from tutor.ui.elsewhere import Lease, Stopped
from tutor.ui.leases import cost_so_far, money, since_in_words

log = logging.getLogger(__name__)

ASK_SECONDS = 3.0
COME_BACK_SECONDS = 1.5
"""The learner waits for the lesson meanwhile."""
IDLE_MINUTES = 10
"""A kernel on which nothing was done for so long is idle."""


@dataclass(frozen=True, slots=True)
class Alive:
    """One kernel."""

    life: Life
    in_use: bool
    """A tutor uses it now."""
    server: KnownServer | None
    """None for a kernel of this computer."""
    model: KernelModel | None
    """What the server says of it; None if it did not say, or for this computer."""
    problem: str = ""
    """Why it did not say."""

    @property
    def name(self) -> str:
        """Of the place, as the learner calls it."""
        return strip(self.server.name if self.server else self.life.runtime)

    @property
    def lease(self) -> Lease:
        price, currency = (self.server.price, self.server.currency) if self.server else (None, "")
        return Lease(self.name, self.life.started, price, currency)

    def cost(self, words: Words) -> str:
        """What it has cost so far, or that nobody knows; empty on this computer."""
        if self.server is None:
            return ""
        cost = cost_so_far(self.lease, datetime.now(UTC))
        return words("server.cost_unknown") if cost is None else money(cost, self.lease.currency)

    def idle(self, words: Words) -> str:
        """For how long nothing was done there; empty while something is, or until it is long."""
        if self.model is None or self.model.state != "idle" or self.model.last_activity is None:
            return ""
        minutes = int((datetime.now(UTC) - self.model.last_activity).total_seconds() // 60)
        if minutes < IDLE_MINUTES:
            return ""
        hours, rest = divmod(minutes, 60)
        return words("server.idle_hours", hours=hours, minutes=rest) if hours else words("server.idle", minutes=minutes)

    def about(self, words: Words) -> str:
        """What it is, since when, what it has cost, whether it is idle: one line."""
        device = strip(str(self.life.facts.get("device") or ""))
        since = words("server.since", since=since_in_words(self.life.started, datetime.now(UTC), words))
        cost, state = self.cost(words), self.idle(words)
        if self.model is not None and self.model.state == "busy":
            step = self.life.pending.step if self.life.pending else ""
            state = words("server.busy_step", step=strip(step)) if step else words("server.busy")
        elif self.server is not None and self.model is None:
            state = self.problem or words("server.silent_now")
        return words("server.joint").join(filter(None, (device, since, cost, state)))


async def find_alive(environment: Environment) -> list[Alive]:
    """All of them; each server is asked, for a few seconds at most. What a server says is gone is forgotten."""
    register = Register(environment.paths.living())
    return [
        one for one in await asyncio.gather(*(_look(environment, register, *pair) for pair in register.all())) if one
    ]


async def _look(environment: Environment, register: Register, life: Life, in_use: bool) -> Alive | None:
    if not life.kernel_id:
        return Alive(life, in_use, None, None)
    server = _server_of(environment, life)
    if server is None:
        return None
    try:
        async with asyncio.timeout(ASK_SECONDS), Api(server.access, environment.words, seconds=ASK_SECONDS) as api:
            model = await api.kernel(life.kernel_id)
    except (ServerError, TimeoutError) as error:
        log.info("%s does not say what runs there: %s", life.runtime, error)
        return Alive(life, in_use, server, None, error.message.rstrip(".。") if isinstance(error, ServerError) else "")
    if model is None:
        entry = register.claim(life)
        if entry is not None:
            entry.remove()
        return None
    return Alive(life, in_use, server, model)


async def there(environment: Environment, runtime: str) -> bool:
    """Whether a kernel of ours is on that server, unused, and the server says so without delay."""
    for life, in_use in Register(environment.paths.living()).all():
        server = (
            None
            if in_use or life.runtime != runtime or not (life.kernel_id and life.lasts)
            else _server_of(environment, life)
        )
        if server is None:
            continue
        try:
            async with asyncio.timeout(COME_BACK_SECONDS), Api(server.access, environment.words) as api:
                return await api.kernel(life.kernel_id) is not None
        except (ServerError, TimeoutError) as error:
            log.info("the way back is closed: %s", error)
    return False


async def stop(environment: Environment, life: Life) -> Stopped:
    """End a kernel on a server that no tutor uses, and ask whether it is gone."""
    words = environment.words
    server = _server_of(environment, life)
    if server is None:
        return Stopped(life.runtime, is_gone=False, told=words("server.unknown_now", url=life.runtime))
    entry = Register(environment.paths.living()).claim(life)
    if entry is None:
        return Stopped(server.name, is_gone=False, told=words("server.used_by_another", name=server.name))
    try:
        async with asyncio.timeout(ASK_SECONDS * 2), Api(server.access, words, seconds=ASK_SECONDS) as api:
            is_gone = await api.delete(life.kernel_id)
            reason = "" if is_gone else words("server.still_there")
    except (ServerError, TimeoutError) as error:
        is_gone, reason = False, error.message if isinstance(error, ServerError) else words("server.silent_now")
    if is_gone:
        entry.remove()
        return Stopped(server.name, is_gone=True, told=words("server.stopped", name=server.name))
    entry.release()
    told = words("server.not_stopped", name=server.name, reason=reason.rstrip(".。"))
    return Stopped(server.name, is_gone=False, told=f"{told} {words('server.not_stopped_hint')}")


def named(alive: Sequence[Alive], name: str) -> list[Alive]:
    """Those that a name means: a key, a place's name or its address."""
    return [one for one in alive if name in (one.life.key, one.name, one.life.runtime)]


def _server_of(environment: Environment, life: Life) -> KnownServer | None:
    try:
        return environment.server(life.runtime)
    except TutorError as error:
        log.warning("the servers cannot be read: %s", error)
        return None
