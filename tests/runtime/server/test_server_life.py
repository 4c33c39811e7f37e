"""Kernels on a real server: started, left, found again, cut off, restarted."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.runtime.kernels import LONG, begun, free, late, printed, raised, run, waits_for
from tests.runtime.server.conftest import Opener, living
from tests.runtime.server.steps import attempt, value, verdicts
from tests.support.jupyter import TOKEN, JupyterServer
from tests.support.waiting import wait_for_async
from tutor.errors import ServerError
from tutor.harness import TIDY_CODE
from tutor.runtime import kernel_runtime
from tutor.runtime.base import Ending, Request, RuntimeState
from tutor.runtime.living import Register
from tutor.runtime.server import channels

pytestmark = pytest.mark.kernel


async def test_a_step_runs_there_and_the_runtime_says_what_it_is(server: JupyterServer, opened: Opener) -> None:
    runtime = opened(server.url)
    info = await runtime.start()
    assert info.name == server.root
    assert TOKEN not in str(info)
    assert info.device
    execution = runtime.execute(attempt("x = 5\nprint('done')"), timeout=LONG)
    await execution.wait()
    assert printed(execution.output) == "done\n"
    assert verdicts(execution) == ["passed"]
    assert (server.home / "tutor-work" / "lesson").is_dir()


async def test_output_input_and_interrupt(server: JupyterServer, opened: Opener) -> None:
    runtime = opened(server.url)
    await runtime.start()
    execution = runtime.execute(
        [free("print('before')\nname = input('who? ')\nprint('hello')\nwhile True: pass")], timeout=LONG
    )
    await wait_for_async(lambda: execution.input_request is not None)
    assert printed(execution.output) == "before\n"
    execution.answer("Mei")
    await wait_for_async(lambda: "hello" in printed(execution.output))
    await runtime.interrupt()
    assert (await execution.wait()).ending is Ending.DONE
    assert raised(execution.output) == ["KeyboardInterrupt"]
    assert await value(runtime, "name") == "Mei"


async def test_a_judgement_arrives_although_the_server_drops_output(server: JupyterServer, opened: Opener) -> None:
    runtime = opened(server.url)
    await runtime.start()
    flood = "x = 5\nimport sys\nfor _ in range(3000):\n    print('y' * 2000)\n    sys.stdout.flush()"
    execution = runtime.execute(attempt(flood), timeout=LONG)
    await execution.wait()
    assert "exceeded" in printed(execution.output, "stderr")
    assert verdicts(execution) == ["passed"]


async def test_a_restart_gives_a_new_process_and_empties_the_folder_if_wanted(
    server: JupyterServer, opened: Opener
) -> None:
    runtime = opened(server.url)
    await runtime.start()
    await runtime.execute(attempt("x = 5\nopen('file.txt', 'w').close()"), timeout=LONG).wait()
    count = len(server.kernels())
    await runtime.restart()
    assert len(server.kernels()) == count
    assert await value(runtime, "x") == "NameError"
    assert runtime.generation == 2
    folder = server.home / "tutor-work" / "lesson"
    assert (folder / "file.txt").exists()
    lesson = {"key": "lesson", "folder": "~/tutor-work/lesson"}
    tidy = Request(TIDY_CODE, {"op": "tidy", "lesson": lesson}, silent=True)
    await runtime.execute([tidy], timeout=LONG).wait()
    assert not (folder / "file.txt").exists()


async def test_the_kernel_outlives_the_tutor_and_is_found_again(server: JupyterServer, opened: Opener) -> None:
    first = opened(server.url)
    await first.start()
    await first.execute(attempt("x = 5"), timeout=LONG).wait()
    await first.aclose()
    second = opened(server.url)
    info = await second.start()
    assert second.take_up() is None
    assert await value(second, "x") == "5"
    assert (info.facts["lesson"], info.facts["ran"]) == ("lesson", ["lesson#step"])
    assert second.take_notes() == ["Back on 127.0.0.1: your variables are still there."]


async def test_two_tutors_have_kernels_of_their_own(server: JupyterServer, opened: Opener) -> None:
    first, second = opened(server.url), opened(server.url)
    await first.start()
    await second.start()
    await run(first, "x = 1")
    assert await value(second, "x") == "NameError"


async def test_without_a_person_nothing_is_left_behind(server: JupyterServer, opened: Opener) -> None:
    before = server.kernels()
    runtime = opened(server.url, lasts=False)
    await runtime.start()
    assert len(server.kernels()) == len(before) + 1
    await runtime.aclose()
    assert server.kernels() == before


async def test_what_runs_when_the_tutor_ends_is_taken_up_with_its_missed_output(
    server: JupyterServer, opened: Opener, tmp_path: Path
) -> None:
    first = opened(server.url)
    await first.start()
    go = tmp_path / "go"
    code = waits_for(go, "x = 5\nprint('missed')")
    execution = first.execute(attempt(code), timeout=LONG)
    await begun(execution)
    await first.aclose()
    (life,) = [life for life, _ in Register(living(tmp_path)).all()]
    assert life.pending is not None
    assert TOKEN not in json.dumps([file.read_text() for file in living(tmp_path).glob("*.json")])
    go.touch()
    second = opened(server.url)
    await second.start()
    resumed = second.take_up()
    assert resumed is not None
    assert resumed.step == "lesson#step"
    assert resumed.code == code
    await resumed.execution.wait()
    assert printed(resumed.execution.output) == "missed\n"
    assert verdicts(resumed.execution) == ["passed"]
    assert await value(second, "x") == "5"


async def test_a_kernel_that_is_still_busy_is_taken_up_as_well(
    server: JupyterServer, opened: Opener, tmp_path: Path
) -> None:
    first = opened(server.url)
    await first.start()
    go = tmp_path / "go"
    code = waits_for(go, "x = 5")
    execution = first.execute(attempt(code), timeout=LONG)
    await begun(execution)
    await first.aclose()
    second = opened(server.url)
    info = await second.start()
    assert info.device
    assert info.facts["ran"] == ["lesson#step"]
    assert second.state is RuntimeState.BUSY
    resumed = second.take_up()
    go.touch()
    assert resumed is not None
    await resumed.execution.wait()
    assert verdicts(resumed.execution) == ["passed"]


async def test_a_kernel_that_dies_is_told_and_the_next_start_finds_a_new_one(
    server: JupyterServer, opened: Opener
) -> None:
    runtime = opened(server.url)
    await runtime.start()
    execution = runtime.execute(attempt("import os\nos._exit(3)"), timeout=LONG)
    assert (await execution.wait()).ending is Ending.DIED
    await runtime.start()
    assert await value(runtime, "1 + 1") == "2"
    assert runtime.generation == 2


async def test_code_that_never_yields_costs_the_names_and_not_the_runtime(
    server: JupyterServer, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_runtime, "YIELD_SECONDS", 0.6)
    runtime = opened(server.url)
    await runtime.start()
    await run(runtime, "x = 1")
    _, finished = await run(runtime, "import itertools\nsum(itertools.repeat(0))", timeout=0.2)
    assert finished.ending is Ending.KILLED
    assert await value(runtime, "x") == "NameError"


async def test_an_old_bundle_on_the_server_is_replaced(server: JupyterServer, opened: Opener) -> None:
    runtime = opened(server.url)
    await runtime.start()
    await runtime.aclose()
    (bundle,) = (server.home / ".cache" / "gpu-tutor").glob("tutor-*.zip")
    bundle.write_bytes(b"old")
    again = opened(server.url, lasts=False)
    await again.start()
    execution = again.execute(attempt("x = 5"), timeout=LONG)
    await execution.wait()
    assert verdicts(execution) == ["passed"]
    assert bundle.stat().st_size > 1000


async def test_a_kernel_of_another_version_is_left_alone(server: JupyterServer, opened: Opener, tmp_path: Path) -> None:
    first = opened(server.url)
    await first.start()
    await run(first, "x = 1")
    await first.aclose()
    register = Register(living(tmp_path))
    entry = register.left(server.root)
    assert entry is not None
    entry.change(bundle="tutor-older.zip")
    entry.release()
    second = opened(server.url)
    await second.start()
    assert await value(second, "x") == "NameError"
    assert "another version" in "".join(second.take_notes())
    assert len(register.all()) == 2


async def test_threads_that_print_late_are_heard(server: JupyterServer, opened: Opener) -> None:
    runtime = opened(server.url)
    await runtime.start()
    code = (
        "import threading\ngo, said = threading.Event(), threading.Event()\n"
        "threading.Thread(target=lambda: (go.wait(), print('late', flush=True), said.set())).start()\nx = 5"
    )
    await runtime.execute(attempt(code), timeout=LONG).wait()
    execution, _ = await run(runtime, "go.set()\nsaid.wait()")
    assert late(execution.output) == "late\n"


async def test_an_older_server_without_the_new_protocol(opened: Opener, tmp_path: Path) -> None:
    options = ("--ZMQChannelsWebsocketConnection.kernel_ws_protocol=",)
    with JupyterServer(tmp_path, options=options) as old:
        runtime = opened(old.url, lasts=False)
        await runtime.start()
        execution = runtime.execute(attempt("x = 5\nprint('做完了 \\ud800')"), timeout=LONG)
        await execution.wait()
        assert verdicts(execution) == ["passed"]


async def test_a_server_that_is_gone_and_comes_back(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "PATIENCE", 0.5)
    with JupyterServer(tmp_path) as server:
        runtime = opened(server.url)
        await runtime.start()
        execution = runtime.execute(attempt("import time\ntime.sleep(60)"), timeout=60.0)
        server.stop()
        finished = await asyncio.wait_for(execution.wait(), LONG)
        assert finished.ending in (Ending.LOST, Ending.DIED)
        with pytest.raises(ServerError, match="Nothing answers"):
            await runtime.start()
        server.start()
        await runtime.start()
        assert "is gone, and your variables with it" in "".join(runtime.take_notes())
        assert await value(runtime, "1 + 1") == "2"


async def test_a_token_that_is_no_longer_good_is_told_as_such(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "PATIENCE", 20.0)
    with JupyterServer(tmp_path) as server:
        runtime = opened(server.url)
        await runtime.start()
        execution = runtime.execute(attempt("import time\ntime.sleep(60)"), timeout=60.0)
        server.stop()
        server.token = "another-one"
        server.start()
        assert (await asyncio.wait_for(execution.wait(), LONG)).ending in (Ending.LOST, Ending.DIED)
        with pytest.raises(ServerError, match="does not accept this token") as caught:
            await runtime.start()
        assert caught.value.about_token


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.runtime.server.steps import attempt
from tutor.i18n import Words
from tutor.runtime.open import Opening, open_runtime

async def main(url, home, code):
    folder = Path(home)
    opening = Opening(folder / "bundles", folder / "outputs", folder / "kernel.log", folder, folder / "servers.json",
                      folder / "running", Words("en"))
    runtime = open_runtime(url, opening)
    await runtime.start()
    execution = runtime.execute(attempt(code), timeout=60.0)
    while not execution.output.size:
        await execution.changed()
    print("begun", flush=True)
    await asyncio.sleep(60)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_tutor_that_is_killed_leaves_its_step_to_the_next_one(
    server: JupyterServer, opened: Opener, tmp_path: Path
) -> None:
    living(tmp_path)
    go = tmp_path / "go"
    code = waits_for(go, "x = 5\nprint('missed')")
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, server.url, str(tmp_path), code), stdout=asyncio.subprocess.PIPE
    )
    assert killed.stdout is not None
    assert await asyncio.wait_for(killed.stdout.readline(), 60) == b"begun\n"
    killed.kill()
    await killed.wait()
    go.touch()
    runtime = opened(server.url)
    await runtime.start()
    resumed = runtime.take_up()
    assert resumed is not None
    await resumed.execution.wait()
    assert printed(resumed.execution.output).endswith("missed\n")
    assert verdicts(resumed.execution) == ["passed"]
