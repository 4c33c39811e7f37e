"""How a server is entered: its address, the token and whatever else each request must bring. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from tutor.runtime.server.address import Address

_LETTERS = "".join(map(chr, range(33, 127)))


@dataclass(frozen=True, slots=True)
class Access:
    """A server with what opens it; never shown, never logged."""

    address: Address
    token: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Further ones, for servers behind a proxy that wants its own."""

    @property
    def all_headers(self) -> dict[str, str]:
        """What each request has."""
        # A header takes no other letters; what a slip of the keyboard has put in makes a wrong token, not a crash.
        own = {"Authorization": f"token {quote(self.token, safe=_LETTERS)}"} if self.token else {}
        return own | dict(self.headers)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        values = (self.token, *self.headers.values(), *(value for _, value in self.address.params))
        return tuple(value for value in values if value)
