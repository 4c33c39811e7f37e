"""What the operating system grants and shows. The runtime hands it in, since the kit knows it and harness and kit do not know each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

GIB = 1 << 30


class Device(Protocol):
    """One accelerator."""

    @property
    def kind(self) -> str:
        """`nvidia`, `amd`, `apple`, `intel` or `tpu`."""

    @property
    def name(self) -> str:
        """As people know it."""

    @property
    def memory(self) -> int:
        """Bytes; 0 when not known."""


class Machine(Protocol):
    """What the harness asks."""

    def kinds(self) -> Sequence[str]:
        """The kinds of accelerators that are there."""

    def accelerators(self) -> Sequence[Device]:
        """The devices with names and memory."""

    def describe(self, found: Any, /) -> str:
        """The devices in one short line for people; Args: `found`: what `accelerators` gave."""

    def cpus(self) -> int:
        """Processors granted."""

    def ram(self) -> int:
        """Bytes of memory granted."""


_handed_in: list[Machine] = []


def hand_in(machine: Machine) -> None:
    """From now on this is asked."""
    _handed_in[:] = [machine]


def here() -> Machine:
    """The machine that this kernel runs on."""
    assert _handed_in, "no machine was handed in: see tutor.harness.install"
    return _handed_in[0]
