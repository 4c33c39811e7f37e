"""The examination: machine, Pythons, tutor itself and the network, all at once, each told as soon as it is known."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tutor.commands.doctor import installation
from tutor.commands.doctor.installation import Installation
from tutor.commands.environment import Environment
from tutor.commands.machine_facts import machine_of
from tutor.errors import TutorError
from tutor.faults.explain import explain, say
from tutor.faults.model import Fault, Machine
from tutor.kit.devices import asking, broken
from tutor.kit.devices.facts import Computer, Finding, Torch
from tutor.kit.devices.looking import look
from tutor.network.probe import Reach, Stage, probe_all
from tutor.network.targets import targets
from tutor.runtime import interpreter, pythons
from tutor.runtime.pythons import Candidate, FoundPython, Where
from tutor.settings import is_local, python_of

MACHINE, PYTHONS, TUTOR, NETWORK, FAULTS = "machine", "pythons", "tutor", "network", "faults"
NETWORK_CODES = {
    Stage.NAME: "network-name",
    Stage.CONNECTION: "network-timeout",
    Stage.ANSWER: "network-timeout",
    Stage.PROXY: "network-proxy",
    Stage.TLS: "network-tls",
}


@dataclass
class Examination:
    """What is known by now."""

    computer: Computer = field(default_factory=Computer)
    pythons: list[FoundPython] = field(default_factory=list)
    chosen: str = ""
    """The Python that lessons run in, or would on this computer; its PyTorch is `computer.torch`."""
    server: str = ""
    """Where lessons run instead; nothing is asked there."""
    unusable: str = ""
    """Why lessons cannot run in the one that is set."""
    installation: Installation | None = None
    reaches: list[Reach] | None = None
    """None: nobody was asked."""
    faults: tuple[Fault, ...] = ()

    def is_chosen(self, python: FoundPython) -> bool:
        """Whether lessons run in that one, or would if they ran on this computer: the one that was named, else tutor's own."""
        is_named = any(one.where is Where.NAMED for one in self.pythons)
        return python.where is (Where.NAMED if is_named else Where.OWN)

    @property
    def is_healthy(self) -> bool:
        """Nothing is broken."""
        problems = self.installation.problems if self.installation else ()
        return not self.faults and not self.unusable and not any(problem.is_fault for problem in problems)


async def examine(environment: Environment, *, network: bool) -> AsyncGenerator[tuple[str, Examination, bool], None]:
    """Tells which part is known better now, all that is known, and whether that part is complete."""
    found = Examination(computer=await asyncio.to_thread(look, torch=False))
    news: asyncio.Queue[tuple[str, bool]] = asyncio.Queue()
    yield MACHINE, found, True
    tasks = [
        asyncio.create_task(_ask_pythons(environment, found, news)),
        asyncio.create_task(_look_at_tutor(environment, found, news)),
    ]
    if network:
        found.reaches = []
        tasks.append(asyncio.create_task(_reach(found, news)))
    open_parts = {PYTHONS, TUTOR, NETWORK} if network else {PYTHONS, TUTOR}
    try:
        while open_parts:
            part, is_complete = await news.get()
            if is_complete:
                open_parts.discard(part)
            yield part, found, is_complete
        found.faults = tuple(_faults(found, environment.language))
        yield FAULTS, found, True
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ask_pythons(environment: Environment, found: Examination, news: asyncio.Queue[tuple[str, bool]]) -> None:
    if not is_local(environment.runtime_name):
        server = environment.server(environment.runtime_name)
        found.server = server.name if server else environment.runtime_name
    try:
        found.chosen = interpreter.find_python(python_of(environment.runtime_name) or None)
    except TutorError as error:
        found.unusable = f"{error.message} {error.hint}".strip()
        found.chosen = sys.executable
    torch = asyncio.create_task(_ask_torch(found.chosen))
    try:
        surroundings = interpreter.environment()
        among = await asyncio.to_thread(pythons.candidates, surroundings, Path.home())
        if found.chosen != sys.executable:
            # Wherever it is: it is the one that counts.
            among.insert(0, Candidate(found.chosen, Where.NAMED))
        async with contextlib.aclosing(pythons.find(among, surroundings)) as answers:
            async for python in answers:
                found.pythons.append(python)
                news.put_nowait((PYTHONS, False))
        found.computer = replace(found.computer, torch=await torch, executable=found.chosen)
    finally:
        torch.cancel()
        news.put_nowait((PYTHONS, True))


async def _ask_torch(python: str) -> Torch:
    """What `asking.ask` does, so that it can be given up at any moment."""
    try:
        process = await asyncio.create_subprocess_exec(
            python,
            *asking.question(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=interpreter.environment(),
            start_new_session=True,
        )
    except OSError as error:
        return Torch("?", problem=f"{python}: {error.strerror}")
    try:
        async with asyncio.timeout(asking.LIMIT):
            output, _ = await process.communicate()
    except TimeoutError:
        return asking.understood("", None)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, 9)
            await process.wait()
    return asking.understood(output.decode(errors="replace"), process.returncode)


async def _look_at_tutor(environment: Environment, found: Examination, news: asyncio.Queue[tuple[str, bool]]) -> None:
    try:
        found.installation = await asyncio.to_thread(installation.look, environment)
    finally:
        news.put_nowait((TUTOR, True))


async def _reach(found: Examination, news: asyncio.Queue[tuple[str, bool]]) -> None:
    assert found.reaches is not None
    try:
        async with contextlib.aclosing(probe_all(targets(os.environ))) as answers:
            async for reach in answers:
                found.reaches.append(reach)
                news.put_nowait((NETWORK, False))
    finally:
        news.put_nowait((NETWORK, True))


# -- what is broken


def _faults(found: Examination, language: str) -> Iterator[Fault]:
    """Each code once, nearest to the cause first."""
    machine = machine_of(found.computer)
    told: set[str] = set()
    for fault in (*_of_machine(found, machine, language), *_of_network(found, machine, language)):
        if fault.code not in told:
            told.add(fault.code)
            yield fault


def _of_machine(found: Examination, machine: Machine, language: str) -> Iterator[Fault]:
    torch = found.computer.torch
    for finding in broken(found.computer):
        if finding.code == "module-missing":
            yield _without_torch(finding, found, machine, language)
        else:
            yield say(finding.code, machine, language, quoted=finding.evidence)
    if torch is not None and torch.problem:
        # What PyTorch itself says, where the facts alone do not tell: a library that is missing, for example.
        yield from (replace(fault, line=0) for fault in explain(torch.problem, machine, language))


def _without_torch(finding: Finding, found: Examination, machine: Machine, language: str) -> Fault:
    """Another Python may have it: then it is the Python that is wrong."""
    others = [python for python in found.pythons if python.torch and not found.is_chosen(python)]
    if others:
        return say("wrong-python", machine, language, quoted=f"PyTorch {others[0].torch}: {others[0].name}")
    return say("module-missing", machine, language, caught={"module": finding.evidence}, quoted=found.chosen)


def _of_network(found: Examination, machine: Machine, language: str) -> Iterator[Fault]:
    """Hosts that cannot be reached are no fault of this machine, unless it is all of them, and all at the same point."""
    stages = {reach.stage for reach in found.reaches or ()}
    if len(stages) == 1 and (stage := stages.pop()) in NETWORK_CODES:
        detail = next(reach.detail for reach in found.reaches or ())
        yield say(NETWORK_CODES[stage], machine, language, quoted=detail)
