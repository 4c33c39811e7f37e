"""The one scrubber: takes secrets out of everything that is shown, stored, exported or logged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Scrubber:
    """Knows the values to hide, and the shapes of well-known tokens."""

    def __init__(self, values: Iterable[tuple[str, str]] = ()) -> None:
        """Args: `values`: pairs of name and secret value; `{{name}}` is put in its place."""
        self._values = tuple(values)

    def scrub(self, text: str) -> str:
        """The whole text without secrets."""
        raise NotImplementedError

    def scrub_json(self, value: Any) -> Any:
        """A JSON value with every string in it scrubbed, keys included."""
        raise NotImplementedError

    def stream(self) -> StreamScrubber:
        """For text that arrives in pieces."""
        raise NotImplementedError


class StreamScrubber:
    """Holds back as much as could be the beginning of a secret, until more comes or the end."""

    def feed(self, text: str) -> str:
        """What can be shown now."""
        raise NotImplementedError

    def flush(self) -> str:
        """What was held back; the stream ends here or pauses."""
        raise NotImplementedError
