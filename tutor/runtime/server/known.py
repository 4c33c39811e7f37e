"""The Jupyter servers that the learner has added: a file that only its owner can read, since it holds tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tutor import atomic
from tutor.errors import ConfigError, TutorError
from tutor.paths import make_private
from tutor.runtime.server.access import Access
from tutor.runtime.server.address import Address, parse


@dataclass(frozen=True, slots=True)
class KnownServer:
    """One server."""

    name: str
    """As the learner calls it."""
    address: Address
    token: str = field(default="", repr=False)
    price: float | None = None
    """Per hour; None when the learner does not know it."""
    currency: str = ""
    """As the learner wrote it, before the price (`$`) or behind it (`元`)."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Further ones for each request, where a proxy before the server wants its own; written into the file by hand."""

    @property
    def access(self) -> Access:
        return Access(self.address, self.token, self.headers)

    @property
    def runtime(self) -> str:
        """As in `--runtime`, without a token."""
        return self.address.root


class KnownServers:
    """All of them. Read anew each time: another tutor may have changed them."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> Sequence[KnownServer]:
        """In the order in which they were added.

        Raises:
            ConfigError: the file is no longer what tutor wrote.
        """
        try:
            data = json.loads(self._file.read_bytes())
            return [_server(one) for one in data["servers"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise ConfigError(
                f"{self._file} cannot be read: {error}", "Remove it; servers are then added anew with /runtime."
            ) from error

    def find(self, name: str) -> KnownServer | None:
        """The server of that name or address."""
        address = parse(name)
        root = address.root if address else ""
        return next((one for one in self.all() if name in (one.name, one.runtime) or one.runtime == root), None)

    def keep(self, server: KnownServer) -> None:
        """Add it, in place of what was known of the same address.

        Raises:
            TutorError: it cannot be written.
        """
        others = [one for one in self.all() if one.runtime != server.runtime]
        taken = {one.name for one in others}
        number, name = 2, server.name
        while name in taken:
            name, number = f"{server.name} {number}", number + 1
        self._write([*others, replace(server, name=name)])

    def forget(self, runtime: str) -> None:
        """Remove it, and its token with it.

        Raises:
            TutorError: it cannot be written.
        """
        self._write([one for one in self.all() if one.runtime != runtime])

    def _write(self, servers: Sequence[KnownServer]) -> None:
        text = json.dumps({"servers": [_plain(one) for one in servers]}, ensure_ascii=False, indent=2)
        try:
            make_private(self._file.parent)
            atomic.write(self._file, text.encode())
        except OSError as error:
            raise TutorError(
                f"{self._file} cannot be written: {error.strerror}", "Make its folder writable, or free some space."
            ) from error


def _plain(server: KnownServer) -> dict[str, Any]:
    return {
        "name": server.name,
        "address": server.address.root,
        "params": list(server.address.params),
        "token": server.token,
        "price": server.price,
        "currency": server.currency,
        "headers": dict(server.headers),
    }


def _server(data: Mapping[str, Any]) -> KnownServer:
    address = parse(data["address"])
    if address is None:
        raise ValueError(f"{data['address']!r} is not an address")
    params = tuple((str(name), str(value)) for name, value in data.get("params") or ())
    price = data.get("price")
    return KnownServer(
        str(data["name"]),
        replace(address, params=params),
        str(data.get("token") or ""),
        None if price is None else float(price),
        str(data.get("currency") or ""),
        {str(name): str(value) for name, value in (data.get("headers") or {}).items()},
    )
