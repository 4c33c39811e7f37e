from __future__ import annotations

import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.runtime.server.frames import FrameError, pack, unpack

MESSAGE: dict[str, Any] = {
    "header": {"msg_id": "1", "msg_type": "stream"},
    "parent_header": {},
    "metadata": {"tutor": {"op": "free"}},
    "content": {"text": "做完了 \ud800"},
}


@pytest.mark.parametrize("is_v1", [True, False])
def test_a_message_comes_out_as_it_went_in(is_v1: bool) -> None:
    assert unpack(pack("iopub", MESSAGE, is_v1=is_v1), is_v1=is_v1) == ("iopub", MESSAGE)


def test_the_new_frame_is_what_jupyter_reads() -> None:
    from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1

    channel, parts = deserialize_msg_from_ws_v1(pack("shell", MESSAGE, is_v1=True))
    assert channel == "shell"
    assert [json.loads(part) for part in parts] == list(MESSAGE.values())


@pytest.mark.parametrize("is_v1", [True, False])
def test_buffers_are_left_out(is_v1: bool) -> None:
    from jupyter_server.services.kernels.connection import base

    if is_v1:
        parts = [json.dumps(part).encode() for part in MESSAGE.values()]
        frame = base.serialize_msg_to_ws_v1([*parts, b"buffer", b"another"], "iopub")
        frame = b"".join(frame) if isinstance(frame, list) else frame
    else:
        frame = base.serialize_binary_message({**MESSAGE, "channel": "iopub", "buffers": [b"buffer"]})
    channel, message = unpack(frame, is_v1=is_v1)
    assert channel == "iopub"
    assert message["header"]["msg_type"] == "stream"


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_an_error(data: bytes) -> None:
    for is_v1 in (True, False):
        try:
            unpack(data, is_v1=is_v1)
        except FrameError:
            continue


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"channel": "x", "header": 3}'])
def test_text_that_is_none(text: str) -> None:
    with pytest.raises(FrameError):
        unpack(text, is_v1=False)


def test_offsets_that_lead_nowhere() -> None:
    with pytest.raises(FrameError):
        unpack(struct.pack("<7Q", 6, 1 << 40, 1, 2, 3, 4, 5), is_v1=True)
