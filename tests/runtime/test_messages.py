"""Scripted Jupyter messages and what they become."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.harness import FACTS_MIME, JUDGED_MIME, LATE_MIME
from tutor.runtime.base import Cleared, InputRequest, Late, Raised, Rich, Text
from tutor.runtime.messages import Facts, Ignored, Judged, Meaning, Reply, Status, meaning_of, parent_of


def message(kind: str, **content: Any) -> dict[str, Any]:
    return {"header": {"msg_type": kind, "msg_id": "m"}, "parent_header": {"msg_id": "p"}, "content": content}


CASES: list[tuple[dict[str, Any], Meaning]] = [
    (message("stream", name="stdout", text="a\n"), Text("stdout", "a\n")),
    (message("stream", name="stderr", text=["a", "b"]), Text("stderr", "ab")),
    (message("stream"), Text("stdout", "")),
    (message("execute_result", data={"text/plain": "1"}, execution_count=1), Rich({"text/plain": "1"})),
    (
        message("display_data", data={"image/png": "aGk="}, transient={"display_id": "d"}),
        Rich({"image/png": "aGk="}, display_id="d"),
    ),
    (
        message("update_display_data", data={"text/html": "<b>"}, transient={"display_id": 7}),
        Rich({"text/html": "<b>"}, display_id="7", update=True),
    ),
    (message("display_data", data={}), Ignored()),
    (message("display_data", data="text"), Ignored()),
    (message("display_data", data={JUDGED_MIME: {"lines": []}}), Judged({"lines": []})),
    (message("display_data", data={JUDGED_MIME: "odd", "text/plain": "odd"}), Ignored()),
    (message("display_data", data={FACTS_MIME: {"python": "3"}}), Facts({"python": "3"})),
    (
        message("display_data", data={LATE_MIME: {"step": "s", "stream": "stderr", "text": "t"}}),
        Late("s", "stderr", "t"),
    ),
    (message("display_data", data={LATE_MIME: 1}), Ignored()),
    (message("error", ename="E", evalue="v", traceback=["1", "2"]), Raised("E", "v", ("1", "2"))),
    (message("error", ename=None), Raised("", "")),
    (message("clear_output", wait=True), Cleared(wait=True)),
    (message("status", execution_state="idle"), Status("idle")),
    (message("execute_reply", status="ok"), Reply("ok")),
    (message("execute_reply", status="error", ename="E", evalue="v"), Reply("error", Raised("E", "v"))),
    (message("kernel_info_reply", status="ok"), Reply("ok")),
    (message("input_request", prompt="? ", password=True), InputRequest("? ", password=True)),
    (message("execute_input", code="1"), Ignored()),
    (message("comm_open"), Ignored()),
    ({"header": {"msg_type": "stream"}, "content": []}, Ignored()),
    ({}, Ignored()),
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_message_means(given: dict[str, Any], expected: Meaning) -> None:
    assert meaning_of(given) == expected


def test_messages_know_their_request() -> None:
    assert parent_of(message("status")) == "p"
    assert parent_of({"parent_header": {}}) == ""
    assert parent_of({"parent_header": None}) == ""
