"""What can go wrong between a client and a service, on demand: for the tests, and for lessons that show how a transfer survives."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How a request fails."""

    STATUS = "status"
    """It is refused with a status, in the service's own words; nothing has happened."""
    RESET = "reset"
    """The connection is cut before anything has happened."""
    LOST = "lost"
    """It takes effect, and the connection is cut before the answer."""
    CUT = "cut"
    """The connection is cut in the middle of a body: of the answer's, or of the request's where that is streamed."""
    SLOW = "slow"
    """The answer's body comes in small pieces."""
    SILENT = "silent"
    """No answer comes at all."""
    PAGE = "page"
    """A web page comes in place of the answer, with status 200, as a hotel's network sends it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail."""

    kind: Kind
    status: int = 0
    reason: str = ""
    """Which of the service's reasons, where one status has several (`storageQuotaExceeded`)."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further ones of the answer, such as `Retry-After`."""


@dataclass(slots=True)
class _Planned:
    method: str
    path: re.Pattern[str]
    fault: Fault
    left: int


class Faults:
    """The faults that are still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[_Planned] = []
        self.met: list[tuple[str, str]] = []
        """Method and path of each request that failed on demand."""

    def plan(self, fault: Fault, *, method: str = "", path: str = "", times: int = 1, after: int = 0) -> None:
        """Let the next requests fail so.

        Args: `method`: such requests only; `path`: those in whose path the expression is found; `times`: how many of them; `after`: how many
            go well before.
        """
        with self._lock:
            if after:
                self._planned.append(_Planned(method, re.compile(path), Fault(Kind.STATUS), after))
            self._planned.append(_Planned(method, re.compile(path), fault, times))

    def clear(self) -> None:
        """Everything goes well from now on."""
        with self._lock:
            self._planned.clear()
            self.met.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault of this request; None when it shall go well."""
        with self._lock:
            for planned in self._planned:
                if planned.left and planned.method in ("", method) and planned.path.search(path):
                    planned.left -= 1
                    if planned.fault == Fault(Kind.STATUS):
                        return None
                    self.met.append((method, path))
                    return planned.fault
        return None
