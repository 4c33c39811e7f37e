"""Variables of the environment that belong to one request: set while its code runs, afterwards as they were before."""

from __future__ import annotations

import os
from collections.abc import Mapping


class Variables:
    """An interrupt may come at any moment: what was begun here is made good by `put_back`, and that by itself, called again."""

    def __init__(self, wanted: Mapping[str, str]) -> None:
        self._wanted = wanted
        self._before = {name: os.environ.get(name) for name in wanted}

    def set(self) -> None:
        """To be called once whoever will call `put_back` has this."""
        os.environ.update(self._wanted)

    def put_back(self) -> None:
        """As they were."""
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
