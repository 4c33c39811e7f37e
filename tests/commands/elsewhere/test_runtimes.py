"""`tutor run --runtime URL` and `tutor runtimes`, as the shell sees them."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

import pytest

from tests.commands.support import Ran, step, trusted, tutor, write_lesson
from tests.support.jupyter import TOKEN, JupyterServer, free_port
from tutor.commands.environment import Environment
from tutor.runtime.open import find_server, open_runtime
from tutor.runtime.server.address import parse
from tutor.runtime.server.known import KnownServer, KnownServers

pytestmark = pytest.mark.kernel

BODY = (
    step("prints", "print('hello')\n41 + 1", "assert result.value == 42\nassert result.text == 'hello\\n'")
    + step("raises", "1 / 0", "assert True")
    + step("expected", "1 / 0", "assert result.error.type == 'ZeroDivisionError'", words='raises="ZeroDivision"')
    + step("shell", "pwd\nexit 3", "assert result.exit_code == 3", language="bash", words="exit=3")
    + step("file", "open('file.txt', 'w').close()", "import os\nassert os.listdir() == ['file.txt']")
    + step("card", "x = 1", "assert True", attributes='needs="cuda"')
    + step("missing", "x = 1", "assert True", attributes='needs="module:nowhere"')
    + step("asks", "input('? ')", "assert True")
    + step("loops", "while True: pass", "assert True", attributes="timeout=1")
    + step("dies", "import os\nos._exit(1)", "assert True")
    + step("after", "x = 5", "assert x == 5")
)


def verdicts(ran: Ran) -> dict[str, object]:
    return {
        event["step"]: (
            event["verdict"],
            [(line["label"], line["verdict"], line["expected"], line["seen"]) for line in event["checks"]],
            event["hint"],
        )
        for event in ran.events
        if event["event"] == "step_finished"
    }


def test_every_kind_of_step_has_the_same_verdict_there_and_leaves_nothing(server: JupyterServer, lessons: Path) -> None:
    write_lesson(lessons, "made", BODY)
    trusted(lessons)
    kernels = server.kernels()
    there, here = tutor("run", "made", "--json", "--runtime", server.url), tutor("run", "made", "--json")
    assert verdicts(there) == verdicts(here)
    assert there.code == here.code == 1
    assert {event["runtime"] for event in there.events if "runtime" in event} == {server.root}
    assert TOKEN not in there.out + there.err
    assert server.kernels() == kernels


def test_files_are_removed_there_when_all_went_well(server: JupyterServer, lessons: Path) -> None:
    write_lesson(lessons, "made", step("file", "open('file.txt', 'w').close()", "assert True"))
    trusted(lessons)
    before = sorted((server.home / "tutor-work").glob("*"))
    assert tutor("run", "made", "--runtime", server.url).code == 0
    assert sorted((server.home / "tutor-work").glob("*")) == before


@pytest.mark.parametrize("kind", ["gone", "token"])
def test_a_server_that_cannot_be_used_is_nobodys_fault(server: JupyterServer, lessons: Path, kind: str) -> None:
    write_lesson(lessons, "made", step("one", "x = 1", "assert x") + step("two", "y = 1", "assert y"))
    trusted(lessons)
    url = f"http://127.0.0.1:{free_port()}/?token=x" if kind == "gone" else f"{server.root}?token=wrong"
    ran = tutor("run", "made", "--json", "--runtime", url)
    assert ran.code == 3
    for name in ("one", "two"):
        finished = ran.finished(name)
        assert finished["verdict"] == "could_not_check"
        assert ("Nothing answers" if kind == "gone" else "does not accept this token") in finished["reason"]
    assert "Traceback" not in ran.err


def test_the_token_may_come_from_the_environment(server: JupyterServer, lessons: Path) -> None:
    write_lesson(lessons, "made", step("one", "x = 1", "assert x"))
    trusted(lessons)
    assert tutor("run", "made", "--runtime", server.root, JUPYTER_TOKEN=TOKEN).code == 0


def test_what_is_left_running_is_listed_and_stopped(server: JupyterServer, tutor_home: Path) -> None:
    options = argparse.Namespace(lang="en", runtime=server.url)
    environment = Environment.of(options, log=False)

    async def leave_one() -> None:
        runtime = open_runtime(server.root, environment.opening(lasts=True), environment.server)
        await runtime.start()
        await runtime.aclose()

    asyncio.run(leave_one())
    kernels = server.kernels()
    listing = tutor("runtimes", JUPYTER_TOKEN=TOKEN)
    assert listing.code == 0
    assert "cost unknown" in listing.out
    assert "left running" in listing.out
    unknown = tutor("runtimes", "stop", "nowhere", JUPYTER_TOKEN=TOKEN)
    assert (unknown.code, "Nothing that runs is called nowhere" in unknown.err) == (2, True)
    without = tutor("runtimes", "stop", "127.0.0.1", JUPYTER_TOKEN="wrong")
    assert without.code == 3
    assert "nobody knows whether the kernel there is gone" in without.err
    stopped = tutor("runtimes", "stop", "127.0.0.1", JUPYTER_TOKEN=TOKEN)
    assert (stopped.code, stopped.out) == (0, "127.0.0.1: the kernel is gone; the server says so.\n")
    assert len(server.kernels()) == len(kernels) - 1
    assert tutor("runtimes").out == "Nothing runs.\n"
    assert TOKEN not in json.dumps(
        [file.read_text("utf-8", "replace") for file in tutor_home.rglob("*.*") if file.is_file()]
    )


def test_stop_says_what_it_wants() -> None:
    assert tutor("runtimes", "stop").code == 2


def test_open_steps_wait_for_a_server_that_is_gone(lessons: Path) -> None:
    body = step("names", "x = 5", "assert x == 5") + step("there", "y = x", "assert y", attributes='needs="env:colab"')
    write_lesson(lessons, "made", body)
    trusted(lessons)
    assert tutor("run", "made").code == 3
    ran = tutor("run", "--open", "--json", "--runtime", f"http://127.0.0.1:{free_port()}/?token=x")
    assert ran.code == 3
    assert "Nothing answers" in ran.finished("there")["reason"]
    assert ran.events[-1]["event"] == "run_finished"


def test_a_token_of_odd_letters_is_a_wrong_one(server: JupyterServer, lessons: Path) -> None:
    write_lesson(lessons, "made", step("one", "x = 1", "assert x"))
    trusted(lessons)
    ran = tutor("run", "made", "--json", "--runtime", f"{server.root}?token=密码")
    assert ran.code == 3
    assert "does not accept this token" in ran.finished("one")["reason"]


def test_settings_show_no_token(server: JupyterServer) -> None:
    environment = Environment.of(argparse.Namespace(lang="en", runtime=server.url), log=False)
    assert [one.value for one in environment.settings_now() if one.key == "runtime"] == [server.root]


def test_a_kept_token_is_not_replaced_by_that_of_another_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = parse("http://127.0.0.1:8888/")
    assert address is not None
    KnownServers(tmp_path / "servers.json").keep(KnownServer("lab", address, "kept"))
    monkeypatch.setenv("JUPYTER_TOKEN", "of-another")
    for name in ("lab", "http://127.0.0.1:8888/", "127.0.0.1:8888"):
        found = find_server(name, tmp_path / "servers.json")
        assert found is not None
        assert found.token == "kept"
    other = find_server("http://127.0.0.1:9999/", tmp_path / "servers.json")
    assert other is not None
    assert other.token == "of-another"
