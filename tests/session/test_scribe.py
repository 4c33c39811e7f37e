"""What the transcript keeps of outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.session.fakes import ListLog
from tests.session.samples import LOOK, lesson
from tutor.runtime.base import Output, Rich, Text
from tutor.runtime.output_log import SpooledLog
from tutor.session import scribe
from tutor.session.scribe import Scribe, kept, restored


def test_of_a_picture_without_room_the_transcript_keeps_that_it_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scribe, "KEPT_RICH", 100)
    data = kept(Rich({"image/png": "a" * 101, "text/html": "b" * 101, "text/plain": "<Figure>"}, "d"))
    assert data["data"] == {"image/png": None, "text/plain": "<Figure>"}
    assert restored(data) == Rich({"image/png": None, "text/plain": "<Figure>"}, "d")


def test_of_too_many_pictures_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scribe, "KEPT_DISPLAYS", 250)
    log = ListLog()
    log.ends = lambda characters=0: ([figure(1), figure(2)], 5, [figure(3), figure(4)])  # type: ignore[method-assign]
    entry = Scribe(lesson(LOOK)).output(LOOK, log, 0.0)
    assert entry is not None
    pictures = [item["data"]["image/png"] for item in entry.data["outputs"] if item["kind"] == "rich"]
    assert pictures == [None, None, "3" * 100, "4" * 100]
    assert [item["kind"] for item in entry.data["outputs"]] == ["rich", "rich", "left_out", "rich", "rich"]


def figure(number: int) -> Output:
    return Rich({"image/png": str(number) * 100})


def test_of_a_thousand_updates_the_newest_is_kept_and_all_of_the_text(tmp_path: Path) -> None:
    log = SpooledLog(tmp_path, "a.txt")
    for number in range(1000):
        log.append(Rich({"text/plain": f"{number} done", "application/json": "x" * 8000}, "bar", update=number > 0))
        log.append(Text("stdout", f"{number}\n"))
    log.seal()
    entry = Scribe(lesson(LOOK)).output(LOOK, log, 1.0)
    assert entry is not None
    (bar,) = (item for item in entry.data["outputs"] if item["kind"] == "rich")
    assert bar["data"]["text/plain"] == "999 done"
    assert entry.body == "999 done\n" + "".join(f"{number}\n" for number in range(1000))
