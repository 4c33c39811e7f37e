"""What every stand-in is to those who use it: an address, tokens, what its client reads, and a folder in which it keeps what it was given."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher
from tornado.web import Application, RequestHandler

from tutor.practice.faults import Faults
from tutor.practice.kept import Kept
from tutor.practice.server import Server

LEARNER = "practice-learner"
"""Who everybody is in practice."""

Route = tuple[str, type[RequestHandler], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Lent:
    """What code needs to be signed in."""

    environment: Mapping[str, str]
    """Variables that the clients of `tutor.kit.services` read."""
    by_hand: Mapping[str, str]
    """The same for the client that is signed in as the person, not as this application."""


class _Named(Matcher):
    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return {} if request.host_name in self._names else None


class Service(ABC):
    """One stand-in, serving from the moment it is made until it is closed."""

    name: str
    """As in `account:NAME`."""

    def __init__(self, folder: Path) -> None:
        """Args: `folder`: what it keeps there is found again by the next one that is made for the same folder."""
        self.faults = Faults()
        self.names = {"127.0.0.1", "localhost"}
        """Under others nothing is served: a page in the learner's browser may have a name that leads to this computer."""
        self.kept = Kept(folder / "state.json")
        self.folder = folder
        self._server = Server(self._application, name=f"practice {self.name}")

    def _application(self, root: str) -> Application:
        application = Application([(_Named(self.names), list(self.routes(root)))], log_function=lambda _: None)
        application.settings["service"] = self
        return application

    @property
    def root(self) -> str:
        """Its address, without a slash at the end."""
        return self._server.root

    def token(self, kind: str, shape: str) -> str:
        """A token of that kind, the same as long as the folder is. Args: `shape`: what the service's own begin with."""
        return str(self.kept.setdefault(f"token {kind}", shape + secrets.token_hex(20)))

    @abstractmethod
    def routes(self, root: str) -> Sequence[Route]:
        """Who answers which path."""

    @abstractmethod
    def lent(self) -> Lent:
        """What signs a step in."""

    def close(self) -> None:
        """Stop; what it keeps stays. Safe to call twice."""
        self._server.close()
