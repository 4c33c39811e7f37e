"""The promises of tests/conftest.py and of the waiting helpers, which every other test leans on."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from pathlib import Path

import pytest

from tests.support.waiting import wait_for, wait_for_async

DOCUMENTATION_ADDRESS = "192.0.2.1"
"""Of the block that belongs to nobody."""


def test_home_is_new_and_nothing_of_the_shell_leaks_in(environment: Path, tutor_home: Path) -> None:
    assert Path.home() == environment
    assert not any(environment.iterdir())
    assert os.environ["TUTOR_HOME"] == str(tutor_home)
    assert [name for name in os.environ if name.startswith("TUTOR_")] == ["TUTOR_HOME"]
    assert [name for name in os.environ if name.lower().endswith("_proxy")] == []
    assert time.tzname[0] == "UTC"


def test_other_machines_cannot_be_reached() -> None:
    with socket.socket() as sock, pytest.raises(OSError, match="tests have no network"):
        sock.connect((DOCUMENTATION_ADDRESS, 443))
    with pytest.raises(socket.gaierror):
        socket.create_connection(("example.org", 443), timeout=1)


def test_loopback_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()


def test_waiting_ends_when_the_condition_holds() -> None:
    seen = iter([0, 0, 7])
    assert wait_for(lambda: next(seen)) == 7


def test_waiting_gives_up_and_says_for_what() -> None:
    with pytest.raises(AssertionError, match=r"the kernel did not come true within 0\.02 s; last seen: None"):
        wait_for(lambda: None, timeout=0.02, what="the kernel")


async def test_waiting_on_the_loop_lets_other_tasks_go_on() -> None:
    done = asyncio.Event()
    asyncio.get_running_loop().call_soon(done.set)
    assert await wait_for_async(done.is_set)
    with pytest.raises(AssertionError, match="did not come true"):
        await wait_for_async(lambda: False, timeout=0.02)
