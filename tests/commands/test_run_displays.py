"""`tutor run` on steps that show more than text: one line a change at most, one JSON event an output."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.support import step, trusted, tutor, write_lesson

pytestmark = pytest.mark.kernel

CODE = """\
from IPython.display import display
from tutor.kit.live import MIME

def state(done):
    live = {"format": 1, "title": "", "unit": "epoch", "done": done, "total": 300, "state": "running"}
    return {MIME: live, "text/plain": f"epoch {done} of 300"}

display(state(0), raw=True, display_id="live")
for done in range(1, 301):
    display(state(done), raw=True, display_id="live", update=True)
print("after")
"""


def test_a_display_that_is_updated_is_told_at_its_beginning_and_at_its_end(lessons: Path) -> None:
    write_lesson(lessons, "shows", step("train", CODE))
    trusted(lessons)
    ran = tutor("run", "shows")
    told = [line.strip() for line in ran.out.splitlines()]
    assert [line for line in told if line.startswith("epoch")] == ["epoch 0 of 300", "epoch 300 of 300"]
    assert told.index("epoch 0 of 300") < told.index("after") < told.index("epoch 300 of 300")


def test_json_has_one_event_for_each_output_with_its_richest_type(lessons: Path) -> None:
    write_lesson(lessons, "shows", step("train", CODE))
    trusted(lessons)
    outputs = [event for event in tutor("run", "shows", "--json").events if event["event"] == "output"]
    states = [event["data"]["done"] for event in outputs if event.get("mime") == "application/vnd.tutor.live+json"]
    assert states == list(range(301))
