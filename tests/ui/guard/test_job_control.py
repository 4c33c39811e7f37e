"""What the shell's signals meet, without a screen: tests/terminal has one."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from tutor.ui.guard.job_control import JOB_SIGNALS, as_usual, wait_for_the_loop


@pytest.fixture
def handled() -> Iterator[list[int]]:
    """The signals that a driver's handler was called with."""
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in JOB_SIGNALS}
    yield came
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handled")
def test_a_stop_waits_until_the_loop_has_finished_its_turn() -> None:
    async def stopped() -> None:
        came = asyncio.Event()
        signal.signal(signal.SIGTSTP, lambda *_: came.set())
        loop = asyncio.get_running_loop()
        wait_for_the_loop(loop)
        os.kill(os.getpid(), signal.SIGTSTP)
        assert not came.is_set(), "in the midst of whatever was going on"
        await came.wait()
        for number in JOB_SIGNALS:
            loop.remove_signal_handler(number)

    asyncio.run(asyncio.wait_for(stopped(), 10))


def test_while_another_program_has_the_terminal_a_stop_is_a_plain_stop(handled: list[int]) -> None:
    with as_usual():
        assert [signal.getsignal(number) for number in JOB_SIGNALS] == [signal.SIG_DFL] * 2
    os.kill(os.getpid(), signal.SIGTSTP)
    assert handled == [signal.SIGTSTP]
