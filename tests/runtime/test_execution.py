"""Scripted messages drive the real state of an execution."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.kernels import late, printed
from tutor.runtime.base import Ending, InputRequest, Late, Raised, Rich, Text
from tutor.runtime.execution import KernelExecution
from tutor.runtime.messages import Judged, Meaning, Reply, Status
from tutor.runtime.output_log import SpooledLog
from tutor.text.scrub import Scrubber

SECRET = "correct-horse"


class Script:
    """An execution of the requests `a` and `b`, and what it answered."""

    def __init__(self, folder: Path, scrubber: Scrubber | None = None) -> None:
        self.answers: list[tuple[str, Mapping[str, Any]]] = []
        log = SpooledLog(folder, "a.txt")
        self.execution = KernelExecution(
            ["a", "b"], log, scrubber, lambda line, head: self.answers.append((line, head))
        )

    def play(self, *meanings: Meaning, of: str = "a") -> None:
        for meaning in meanings:
            self.execution.take(of, meaning, {"header": {"msg_id": "h"}})

    def end(self) -> None:
        for request in "ab":
            self.play(Reply("ok"), Status("idle"), of=request)


@pytest.fixture
def script(tmp_path: Path) -> Script:
    return Script(tmp_path)


@pytest.fixture
def secretive(tmp_path: Path) -> Script:
    return Script(tmp_path, Scrubber([("token", SECRET)]))


async def test_ends_when_all_is_answered_and_idle(script: Script) -> None:
    script.play(Status("busy"), Text("stdout", "x"), Reply("ok"), Status("idle"))
    script.play(Status("busy"), Judged({"lines": []}), Reply("ok"), of="b")
    assert script.execution.finished is None
    script.play(Text("stdout", "y"), Status("idle"), of="b")
    finished = await script.execution.wait()
    assert finished.ending is Ending.DONE
    assert finished.judged == {"lines": []}
    assert printed(script.execution.output) == "xy"


async def test_the_first_ending_is_right(script: Script) -> None:
    script.execution.finish(Ending.DIED, -9)
    script.execution.finish(Ending.KILLED)
    script.play(Text("stdout", "too late"))
    finished = await script.execution.wait()
    assert (finished.ending, finished.exit_status) == (Ending.DIED, -9)
    assert printed(script.execution.output) == ""


async def test_a_question_is_answered_once(script: Script) -> None:
    script.play(InputRequest("? ", password=False))
    assert script.execution.input_request == InputRequest("? ", password=False)
    script.execution.answer("yes")
    script.execution.answer("again")
    assert script.execution.input_request is None
    assert script.answers == [("yes", {"msg_id": "h"})]


async def test_a_question_ends_with_its_request(script: Script) -> None:
    script.play(InputRequest("? ", password=False), Reply("error", Raised("KeyboardInterrupt", "")))
    assert script.execution.input_request is None


async def test_changed_waits_for_news(script: Script) -> None:
    waiting = asyncio.create_task(script.execution.changed())
    await asyncio.sleep(0)
    assert not waiting.done()
    script.play(Text("stdout", "x"))
    script.play(Text("stdout", "y"))
    await asyncio.wait_for(waiting, 1.0)
    waiting = asyncio.create_task(script.execution.changed())
    await asyncio.sleep(0)
    assert not waiting.done()
    script.end()
    await asyncio.wait_for(waiting, 1.0)


async def test_a_secret_in_pieces_never_reaches_the_log(secretive: Script) -> None:
    for piece in ("a corr", "ect-", "horse b"):
        secretive.play(Text("stdout", piece))
        assert "corr" not in printed(secretive.execution.output)
    secretive.play(Text("stderr", SECRET))
    secretive.end()
    assert printed(secretive.execution.output) == "a {{token}} b"
    assert printed(secretive.execution.output, "stderr") == "{{token}}"


async def test_what_was_held_back_comes_at_the_end(secretive: Script) -> None:
    secretive.play(Text("stdout", "a correct"))
    assert printed(secretive.execution.output) == "a "
    secretive.end()
    assert printed(secretive.execution.output) == "a correct"


async def test_every_kind_of_output_is_scrubbed(secretive: Script) -> None:
    text = f"<{SECRET}>"
    secretive.play(
        Rich({"text/plain": text}), Raised(text, text, (text,)), Late("s", "stdout", text), InputRequest(text, True)
    )
    secretive.play(Judged({"lines": [{"message": text}]}))
    assert secretive.execution.input_request == InputRequest("<{{token}}>", password=True)
    secretive.end()
    assert SECRET not in str(secretive.execution.output.read())
    assert late(secretive.execution.output) == "<{{token}}>"
    assert secretive.execution.finished is not None
    assert secretive.execution.finished.judged == {"lines": [{"message": "<{{token}}>"}]}


async def test_an_error_that_only_the_reply_knows_is_told_once(script: Script) -> None:
    error = Raised("MemoryError", "", ("line",))
    script.play(Reply("error", error), Status("idle"))
    script.play(Reply("ok"), Status("idle"), of="b")
    assert script.execution.output.read()[0] == [error]


async def test_an_error_that_was_shown_is_not_repeated(script: Script) -> None:
    error = Raised("ValueError", "v", ("line",))
    script.play(error, Reply("error", error), Status("idle"))
    script.play(Reply("ok"), Status("idle"), of="b")
    assert script.execution.output.read()[0] == [error]


async def test_a_late_judgement_is_kept_when_the_time_is_over(script: Script) -> None:
    script.execution.ending = Ending.TIMEOUT
    script.play(Reply("ok"), Status("idle"))
    script.play(Judged({"lines": []}), Reply("ok"), Status("idle"), of="b")
    assert script.execution.finished is not None
    assert script.execution.finished.ending is Ending.TIMEOUT
    assert script.execution.finished.judged == {"lines": []}


LONG_SECRET = "correct-horse-battery-staple"


@pytest.mark.parametrize("unseen", ["\x1b[31m", "\x00", "\u200b", "\r", "\b"])
async def test_what_is_invisible_in_a_secret_does_not_let_it_through(tmp_path: Path, unseen: str) -> None:
    script = Script(tmp_path, Scrubber([("token", LONG_SECRET)]))
    cut = f"{LONG_SECRET[:9]}{unseen}{LONG_SECRET[9:]}"
    for piece in (cut[:9], cut[9:11], cut[11:]):
        script.play(Text("stdout", piece))
    script.play(Raised("E", cut, (f"\x1b[31mE\x1b[0m: {cut}",)), Rich({"text/plain": cut}), Judged({"seen": cut}))
    script.end()
    assert script.execution.finished is not None
    kept = f"{script.execution.output.read()}{script.execution.finished.judged}"
    assert LONG_SECRET[9:] not in kept
    assert kept.count("{{token}}") == 5


async def test_the_pieces_of_a_secret_in_two_executions_are_hidden(tmp_path: Path) -> None:
    scrubber = Scrubber([("token", LONG_SECRET)])
    shown = []
    for piece in (f"a {LONG_SECRET[:13]}", f"{LONG_SECRET[13:]}\n"):
        script = Script(tmp_path, scrubber)
        script.play(Text("stdout", piece), Late("s", "stdout", piece.strip("a ")))
        script.end()
        shown.append((printed(script.execution.output), late(script.execution.output)))
    assert shown == [("a {{token}}", "{{token}}"), ("{{token}}\n", "{{token}}\n")]
