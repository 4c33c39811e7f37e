"""The places of the scripted host: this computer, another Python and two servers, one of which does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime

from tutor.errors import ServerError, TutorError
from tutor.progress.model import Verdict
from tutor.ui.elsewhere import (
    ClosedStep,
    Lease,
    NewServer,
    Place,
    PlaceKind,
    Places,
    PlaceState,
    ServerFound,
    StillRunning,
    Stopped,
)

SINCE = datetime(2026, 11, 20, 9, 30).astimezone()
TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"
HERE = Place("local", "this computer", PlaceKind.HERE, PlaceState.RUNNING, is_chosen=True, about="Python 3.11.9 · CPU")
PROJECT = Place("local:/home/me/project", "~/project", PlaceKind.PYTHON, PlaceState.READY, about="Python 3.12.4")
BOX = Place(
    "server:box",
    "box",
    PlaceKind.SERVER,
    PlaceState.RUNNING,
    about="Python 3.12 · NVIDIA T4, 16 GB",
    since=SINCE,
    cost="$3.20",
    idle="idle for 40 min",
    stops="box/kernel",
)
LAB = Place(
    "server:lab",
    "lab [b]2[/b]",
    PlaceKind.SERVER,
    PlaceState.UNREACHABLE,
    problem="127.0.0.1:8888 does not answer. Is the tunnel open? ssh -N -L 8888:127.0.0.1:8888 me@lab",
)
PAID = StillRunning("box/kernel", "box", "since 09:30, $3.20 so far, idle", is_paid=True)
FREE = StillRunning("lab/kernel", "lab", "since 11:05, one kernel, busy")


class FakeElsewhere:
    """That part of the host; a test changes what it has."""

    def __init__(self) -> None:
        self.known: list[Place] = [HERE, PROJECT, BOX, LAB]
        self.answered = asyncio.Event()
        """Until it is set nobody knows what the others are like."""
        self.answered.set()
        self.lost: Sequence[str] = ()
        self.switched: list[str] = []
        self.no_way: TutorError | None = None
        """Why no other place can be used."""
        self.leased: Lease | None = None
        self.examined_servers: list[tuple[str, str]] = []
        self.examining = asyncio.Event()
        self.examining.set()
        self.wants = ""
        """The token that a new server wants."""
        self.silent = False
        """A new server does not answer."""
        self.new: list[NewServer] = []
        self.not_kept: TutorError | None = None
        self.forgotten: list[str] = []
        self.left: Sequence[StillRunning] = ()
        self.asking_fails = False
        self.telling_left = asyncio.Event()
        self.telling_left.set()
        self.stopped: list[str] = []
        self.cannot_stop: frozenset[str] = frozenset()
        self.stopping = asyncio.Event()
        self.stopping.set()
        self.closing: list[str] = []
        self.closing_ended = False
        self.next_step = asyncio.Event()
        self.next_step.set()

    async def places(self) -> AsyncGenerator[Places, None]:
        if not self.answered.is_set():
            yield [
                place
                if place.kind is PlaceKind.HERE
                else replace(place, state=PlaceState.UNKNOWN, about="", since=None, cost="", idle="", problem="")
                for place in self.known
            ]
        await self.answered.wait()
        yield list(self.known)

    async def losses(self) -> Sequence[str]:
        return self.lost

    async def switch(self, runtime: str) -> None:
        if self.no_way is not None:
            raise self.no_way
        self.switched.append(runtime)
        self.known = [replace(place, is_chosen=place.runtime == runtime) for place in self.known]

    def lease(self) -> Lease | None:
        return self.leased

    async def examine_server(self, address: str, token: str) -> ServerFound:
        self.examined_servers.append((address, token))
        await self.examining.wait()
        if self.silent:
            raise ServerError(f"{address} does not answer.", "Is the tunnel open?")
        if token != self.wants:
            raise ServerError(
                "The server refuses this token.", "jupyter server list shows the right one.", about_token=True
            )
        return ServerFound(address, "127.0.0.1", "Jupyter Server 2.20 · nothing runs there")

    async def keep_server(self, server: NewServer) -> str:
        if self.not_kept is not None:
            raise self.not_kept
        self.new.append(server)
        place = Place(f"server:{server.name}", server.name, PlaceKind.SERVER, PlaceState.READY, about="Python 3.12")
        self.known.append(place)
        return place.runtime

    async def forget_server(self, runtime: str) -> None:
        self.forgotten.append(runtime)
        self.known = [place for place in self.known if place.runtime != runtime]

    async def still_running(self) -> Sequence[StillRunning]:
        await self.telling_left.wait()
        if self.asking_fails:
            raise OSError("the file of what runs is a folder")
        return self.left

    async def stop(self, key: str) -> Stopped:
        self.stopped.append(key)
        await self.stopping.wait()
        name = key.partition("/")[0]
        if key in self.cannot_stop:
            return Stopped(name, is_gone=False, told="did not answer. End the machine at its provider.")
        self.known = [
            replace(place, stops="", since=None, cost="", idle="") if place.stops == key else place
            for place in self.known
        ]
        return Stopped(name, is_gone=True, told="the kernel has ended")

    async def close_open(self, runtime: str) -> AsyncGenerator[ClosedStep, None]:
        self.closing.append(runtime)
        if self.no_way is not None:
            raise self.no_way
        script = (
            ("Is my code on the GPU?", "Ask PyTorch", Verdict.PASSED, ""),
            ("Your first hour on a GPU", "The second step", Verdict.NOT_YET, "expected cuda:0, seen cpu"),
            ("Your first hour on a GPU", "The third step", Verdict.COULD_NOT_CHECK, "TensorFlow is not there."),
        )
        try:
            for number, (lesson, title, verdict, reason) in enumerate(script):
                yield ClosedStep(lesson, title, None, done=number, total=len(script))
                await self.next_step.wait()
                yield ClosedStep(lesson, title, verdict, reason, number + 1, len(script))
        finally:
            self.closing_ended = True
