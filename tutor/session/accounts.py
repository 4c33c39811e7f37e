"""What a session asks of the learner's accounts. Who they are and where their credentials lie is not its business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Signed:
    """What signs a step in at one service, for as long as its code runs."""

    environment: Mapping[str, str] = field(repr=False)
    """Variables for the kernel."""
    by_hand: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Keyword arguments of `tutor.kit.services.person.person`, in practice; empty otherwise."""


class Accounts(Protocol):
    """The accounts of one learner, live and in practice."""

    def is_connected(self, service: str) -> bool:
        """Whether there is a credential for `account:SERVICE`; asks nobody."""

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        """A credential that the service accepts now.

        Raises:
            AccountError: there is none, it is refused, or the service cannot be reached; message and hint are shown.
        """

    @property
    def secrets(self) -> Sequence[tuple[str, str]]:
        """Name and value of every credential that was handed out, for the scrubber."""


class NoAccounts:
    """Nothing is connected."""

    def is_connected(self, service: str) -> bool:
        """No."""
        return False

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        """Never asked: nothing is connected."""
        raise NotImplementedError

    @property
    def secrets(self) -> Sequence[tuple[str, str]]:
        return ()
