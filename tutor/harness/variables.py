"""Variables of the environment that belong to one request: set while its code runs, afterwards as they were before."""

from __future__ import annotations

import os
from collections.abc import Mapping


class Variables:
    """Set from the moment this is made."""

    def __init__(self, wanted: Mapping[str, str]) -> None:
        self._before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)

    def put_back(self) -> None:
        """As they were."""
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
