from __future__ import annotations

import pytest

from tutor.runtime.wire import DELIMITER, Wire, WireError


def test_a_message_survives_the_way() -> None:
    wire = Wire("key")
    message_id, frames = wire.pack("execute_request", {"code": "'ü\udcff'"}, {"tutor": {}}, {"msg_id": "p"})
    message = wire.unpack([b"topic", *frames, b"buffer"])
    assert message["header"]["msg_id"] == message_id
    assert message["header"]["msg_type"] == "execute_request"
    assert message["parent_header"] == {"msg_id": "p"}
    assert message["metadata"] == {"tutor": {}}
    assert message["content"] == {"code": "'ü\udcff'"}


def test_ids_differ() -> None:
    wire = Wire("key")
    assert wire.pack("a", {})[0] != wire.pack("a", {})[0]


def test_jupyter_reads_what_we_write() -> None:
    session = pytest.importorskip("jupyter_client.session").Session(key=b"key", signature_scheme="hmac-sha256")
    _, frames = Wire("key").pack("execute_request", {"code": "1"})
    identities, rest = session.feed_identities(frames)
    assert identities == []
    assert session.deserialize(rest)["content"] == {"code": "1"}


def test_foreign_and_broken_frames_are_refused() -> None:
    wire = Wire("key")
    _, frames = wire.pack("a", {"b": 1})
    nested = b"[" * 100_000
    signed = [DELIMITER, wire._sign([nested] * 4), *[nested] * 4]
    for broken in ([], [b"x"], frames[:3], [*frames[:-1], b"{}"], Wire("other").pack("a", {})[1], signed):
        with pytest.raises(WireError):
            wire.unpack(broken)
