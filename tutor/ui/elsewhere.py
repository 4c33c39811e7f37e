"""Where steps can run, as the screen is told of it: data only, already in the learner's language, free of control characters and of secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tutor.progress.model import Verdict


class PlaceKind(StrEnum):
    """What a place is."""

    HERE = "here"
    """The Python that tutor runs in."""
    PYTHON = "python"
    """Another Python of this computer."""
    SERVER = "server"
    """A Jupyter server that the learner has added."""


class PlaceState(StrEnum):
    """What is known of it."""

    UNKNOWN = "unknown"
    """It is being asked."""
    READY = "ready"
    """It can be chosen; nothing of ours runs there."""
    RUNNING = "running"
    """A kernel of ours is there, with its names."""
    UNREACHABLE = "unreachable"
    """It does not answer or refuses; `problem` says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere steps can run."""

    runtime: str
    """Names it for `switch`; as in `--runtime`, but never with a token."""
    name: str
    """As people call it."""
    kind: PlaceKind
    state: PlaceState = PlaceState.UNKNOWN
    is_chosen: bool = False
    about: str = ""
    """What it has, for example `Python 3.12 · NVIDIA T4, 16 GB`."""
    since: datetime | None = None
    """Since when our kernel there runs."""
    cost: str = ""
    """What it has cost since then, or that nobody knows; empty where nothing is paid."""
    idle: str = ""
    """For how long nothing has been done there, once that is long; else empty."""
    problem: str = ""
    """Why it cannot be used, and what mends it."""
    stops: str = ""
    """Names what of ours runs there, for `stop`; empty where nothing of ours does, or it is no server."""


@dataclass(frozen=True, slots=True)
class Lease:
    """What the runtime in use costs, for the status line."""

    name: str
    """Of the server, as the learner calls it."""
    since: datetime
    """Since when our kernel there runs."""
    price: float | None = None
    """Per hour, in whatever money the learner meant; None when nobody knows."""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ServerFound:
    """A Jupyter server that answered and let us in."""

    address: str
    """As it will be kept: without a token."""
    suggested_name: str
    about: str
    """For example `Jupyter Server 2.20 · 1 kernel runs there`."""


@dataclass(frozen=True, slots=True)
class NewServer:
    """What the learner said about a server to keep."""

    address: str = field(repr=False)
    """As typed; it may hold a token."""
    token: str = field(repr=False)
    """Empty when the address holds one, or the server wants none."""
    name: str
    price: float | None = None
    """Per hour."""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class StillRunning:
    """Something that tutor started and that goes on without it."""

    key: str
    """Names it for `stop`."""
    name: str
    """Where it is, as the learner calls it."""
    about: str
    """Since when, what it costs, what runs there: one line."""
    is_paid: bool = False
    """The learner gave a price, so that every hour of it is known to cost money."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """What came of stopping something."""

    name: str
    is_gone: bool
    """The server was asked afterwards, and it is gone."""
    told: str
    """What happened, and if it is not gone, what to do."""


@dataclass(frozen=True, slots=True)
class ClosedStep:
    """News of the open steps that run together."""

    lesson: str
    title: str
    verdict: Verdict | None
    """None: it begins now."""
    reason: str = ""
    """Of a step that could not be checked there either, or was not passed."""
    done: int = 0
    """Steps with a verdict so far."""
    total: int = 0


Places = Sequence[Place]
