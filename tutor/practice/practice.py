"""The three stand-ins of one tutor: each begins to serve when it is first wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from tutor.practice.service import Lent, Service

_PLACES = {
    "github": ("tutor.practice.github.service", "GitHub"),
    "google": ("tutor.practice.drive.service", "Drive"),
    "kaggle": ("tutor.practice.kaggle.service", "Kaggle"),
}


class Practice:
    """May be asked from any thread."""

    def __init__(self, folder: Path) -> None:
        """Args: `folder`: where they keep what they are given; the next tutor finds it there."""
        self._folder = folder
        self._lock = threading.Lock()
        self._services: dict[str, Service] = {}

    def service(self, name: str) -> Service:
        """The stand-in for `account:NAME`, serving.

        Raises:
            KeyError: there is none of that name.
        """
        with self._lock:
            if name not in self._services:
                module, kind = _PLACES[name]
                make: Callable[[Path], Service] = getattr(import_module(module), kind)
                self._services[name] = make(self._folder / name)
            return self._services[name]

    def lend(self, name: str) -> Lent:
        """What signs a step in at that stand-in."""
        return self.service(name).lent()

    def close(self) -> None:
        """Stop them all. Safe to call twice."""
        with self._lock:
            for service in self._services.values():
                service.close()
            self._services.clear()
