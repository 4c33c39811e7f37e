"""What a session asks of the learner's accounts. Who they are and where their credentials lie is not its business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tutor.errors import AccountError


@dataclass(frozen=True, slots=True)
class Signed:
    """What signs a step in at one service, for as long as its code runs."""

    environment: Mapping[str, str] = field(repr=False)
    """Variables for the kernel."""
    by_hand: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Keyword arguments of `tutor.kit.services.person.person`, in practice; empty otherwise."""


class NotConnected(AccountError):
    """There is no credential for that service."""

    def __init__(self, service: str) -> None:
        super().__init__(f"no {service} account is connected")
        self.service = service


class Accounts(Protocol):
    """The accounts of one learner, live and in practice."""

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        """A credential that the service accepts now.

        Raises:
            NotConnected: there is none.
            AccountError: it is refused, or the service cannot be reached; message and hint are shown.
        """

    @property
    def secrets(self) -> Sequence[tuple[str, str]]:
        """Name and value of every credential that was handed out, for the scrubber."""


class NoAccounts:
    """Nothing is connected."""

    async def sign_in(self, service: str, *, practice: bool) -> Signed:
        """Nobody is.

        Raises:
            NotConnected: always.
        """
        raise NotConnected(service)

    @property
    def secrets(self) -> Sequence[tuple[str, str]]:
        return ()
