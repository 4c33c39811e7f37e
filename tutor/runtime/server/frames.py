"""Jupyter's two ways to put a message into a websocket frame (jupyter_server's documentation, "WebSocket kernel wire protocols"). Pure."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

V1 = "v1.kernel.websocket.jupyter.org"
"""The subprotocol's name; servers that do not know it speak the older one."""
PARTS = ("header", "parent_header", "metadata", "content")


class FrameError(ValueError):
    """A frame that is no message."""


def pack(channel: str, message: Mapping[str, Any], *, is_v1: bool) -> bytes | str:
    """The frame of a message without buffers."""
    if not is_v1:
        return json.dumps({"channel": channel, **{part: message[part] for part in PARTS}, "buffers": []}, default=str)
    # Escaped to ASCII: a lone surrogate from the learner's keyboard must not stop a message.
    pieces = [channel.encode(), *(json.dumps(message[part], default=str).encode() for part in PARTS)]
    offsets = [8 * (1 + len(pieces) + 1)]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return struct.pack(f"<{1 + len(offsets)}Q", len(offsets), *offsets) + b"".join(pieces)


def unpack(frame: bytes | str, *, is_v1: bool) -> tuple[str, dict[str, Any]]:
    """The channel and the message; buffers are left out.

    Raises:
        FrameError: it is none.
    """
    try:
        if isinstance(frame, bytes) and is_v1:
            return _unpack_v1(frame)
        return _unpack_json(frame)
    except (ValueError, TypeError, KeyError, IndexError, struct.error, RecursionError) as error:
        raise FrameError(str(error)) from error


def _unpack_v1(frame: bytes) -> tuple[str, dict[str, Any]]:
    (count,) = struct.unpack_from("<Q", frame)
    if not len(PARTS) + 2 <= count <= len(frame) // 8:
        raise FrameError(f"it says that it has {count} offsets")
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    pieces = [frame[start:end] for start, end in pairwise(offsets)]
    parts = {part: json.loads(piece) for part, piece in zip(PARTS, pieces[1:], strict=False)}
    return pieces[0].decode(), _checked(parts)


def _unpack_json(frame: bytes | str) -> tuple[str, dict[str, Any]]:
    if isinstance(frame, bytes):
        # With buffers: their number, then where each begins, the message first.
        (count,) = struct.unpack_from(">I", frame)
        offsets = struct.unpack_from(f">{count}I", frame, 4)
        frame = frame[offsets[0] : offsets[1] if count > 1 else None].decode()
    message = json.loads(frame)
    return str(message["channel"]), _checked({part: message.get(part) or {} for part in PARTS})


def _checked(parts: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(parts[part], dict) for part in PARTS):
        raise FrameError("a part of it is not an object")
    return parts
