"""Jupyter's wire format, signed multipart frames, by Jupyter's own library; whatever is wrong with frames becomes one error. Knows no socket."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_client.session import Session


class WireError(ValueError):
    """Frames that are no message of our kernel."""


class Wire:
    """Packs and reads the messages of one connection."""

    def __init__(self, key: str) -> None:
        self._session = Session(key=key.encode(), signature_scheme="hmac-sha256", username="tutor")
        self._session.pack = _dump

    @property
    def session(self) -> str:
        """By it the kernel tells us from other front ends."""
        return str(self._session.session)

    def pack(
        self,
        kind: str,
        content: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        parent: Mapping[str, Any] | None = None,
    ) -> tuple[str, list[bytes]]:
        """The id of a new message and its frames."""
        message = self._session.msg(kind, dict(content), parent=None, metadata=dict(metadata or {}))
        message["parent_header"] = dict(parent or {})
        return str(message["header"]["msg_id"]), self._session.serialize(message)

    def unpack(self, frames: Sequence[bytes]) -> dict[str, Any]:
        """The message as a dict of `header`, `parent_header`, `metadata` and `content`.

        Raises:
            WireError: it is malformed or not signed with our key.
        """
        try:
            _, parts = self._session.feed_identities(list(frames))
            message: dict[str, Any] = self._session.deserialize(parts)
        except (ValueError, TypeError, IndexError, KeyError, RecursionError) as error:
            raise WireError(str(error)) from error
        return message


def _dump(value: object) -> bytes:
    # Escaped to ASCII: a lone surrogate from the learner's keyboard must not stop a message.
    return json.dumps(value, default=str).encode("ascii")
