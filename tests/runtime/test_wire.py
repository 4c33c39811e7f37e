from __future__ import annotations

import pytest

from tutor.runtime.wire import Wire, WireError


def test_a_message_survives_the_way() -> None:
    wire, kernel = Wire("key"), Wire("key")
    message_id, frames = wire.pack("execute_request", {"code": "'ü\udcff'"}, {"tutor": {}}, {"msg_id": "p"})
    message = kernel.unpack([b"topic", *frames, b"buffer"])
    assert message["header"]["msg_id"] == message_id
    assert message["header"]["msg_type"] == "execute_request"
    assert message["parent_header"] == {"msg_id": "p"}
    assert message["metadata"] == {"tutor": {}}
    assert message["content"] == {"code": "'ü\udcff'"}


def test_ids_differ() -> None:
    wire = Wire("key")
    assert wire.pack("a", {})[0] != wire.pack("a", {})[0]


def test_foreign_and_broken_frames_are_refused() -> None:
    wire = Wire("key")
    _, frames = Wire("key").pack("a", {"b": 1})
    foreign = Wire("other").pack("a", {})[1]
    for broken in ([], [b"x"], frames[:3], [*frames[:-1], b"{}"], foreign):
        with pytest.raises(WireError):
            wire.unpack(broken)
