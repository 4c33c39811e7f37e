"""Pythons that cannot run a kernel: the message names the cause and the mend."""

from __future__ import annotations

import json
import stat
import sys
import venv
from pathlib import Path

import pytest

from tests.runtime.kernels import kernels_of, make_runtime, printed, run
from tutor.errors import RuntimeStartError
from tutor.runtime import local
from tutor.runtime.base import RuntimeState
from tutor.runtime.interpreter import describe_exit, find_python, how_to_add_ipykernel

pytestmark = pytest.mark.usefixtures("nothing_left")


def script(folder: Path, text: str) -> str:
    path = folder / "python"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


async def failure(folder: Path, python: str) -> RuntimeStartError:
    runtime = make_runtime(folder, python)
    with pytest.raises(RuntimeStartError) as caught:
        await runtime.start()
    assert runtime.state is RuntimeState.DEAD
    assert kernels_of() == set()
    await runtime.aclose()
    return caught.value


async def test_a_python_that_is_not_there(tmp_path: Path) -> None:
    error = await failure(tmp_path, "/nowhere/python")
    assert error.message == "/nowhere/python is not there."


async def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    path = tmp_path / "python"
    path.write_text("")
    assert "is not a program" in (await failure(tmp_path, str(path))).message


async def test_a_program_that_the_system_cannot_run(tmp_path: Path) -> None:
    path = tmp_path / "python"
    path.write_bytes(b"\x7fELFnot really")
    path.chmod(0o755)
    assert "could not be started: " in (await failure(tmp_path, str(path))).message


@pytest.mark.kernel
async def test_a_python_without_ipykernel_gets_the_command_that_adds_it(tmp_path: Path) -> None:
    environment = tmp_path / "an environment"
    venv.create(environment, with_pip=False, symlinks=True)
    error = await failure(tmp_path, str(environment))
    python = environment / "bin" / "python"
    assert error.message == f"{python} has no ipykernel, which lessons need to run in it."
    assert error.hint == f"Add it: '{python}' -m ensurepip && '{python}' -m pip install ipykernel"


async def test_a_kernel_that_crashes_shows_its_last_words(tmp_path: Path) -> None:
    error = await failure(tmp_path, script(tmp_path, "sys.exit('something is broken') if '-f' in sys.argv else None"))
    assert "ended while it started (exit status 1)" in error.message
    assert error.message.endswith("something is broken")


async def test_an_old_python_is_named(tmp_path: Path) -> None:
    answer = {"executable": "", "version": "3.8.18", "prefix": "/", "is_environment": False, "torch": None, "has": []}
    says = f"print({f'this python: {json.dumps(answer)}'!r})"
    error = await failure(tmp_path, script(tmp_path, f"sys.exit(1) if '-f' in sys.argv else {says}"))
    assert "is Python 3.8; lessons need 3.10 or newer" in error.message


async def test_a_kernel_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "START_SECONDS", 0.3)
    assert "not ready after 0.3 s" in (await failure(tmp_path, script(tmp_path, "time.sleep(60)"))).message


async def test_a_bundle_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "bundles").write_text("in the way")
    assert "could not be started" in (await failure(tmp_path, sys.executable)).message


async def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    runtime = make_runtime(tmp_path)
    (tmp_path / "work").rmdir()
    with pytest.raises(RuntimeStartError, match="could not be started"):
        await runtime.start()
    await runtime.aclose()


@pytest.mark.kernel
async def test_modules_of_the_working_folder_do_not_break_the_kernel(tmp_path: Path) -> None:
    runtime = make_runtime(tmp_path)
    for name in ("random", "tutor", "IPython"):
        (tmp_path / "work" / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    await runtime.start()
    execution, _ = await run(runtime, "print('fine')")
    assert printed(execution.output) == "fine\n"
    await runtime.aclose()


@pytest.mark.kernel
async def test_another_python_keeps_its_name(tmp_path: Path) -> None:
    environment = Path(sys.prefix)
    runtime = make_runtime(tmp_path, str(environment))
    info = await runtime.start()
    assert info.name == f"local:{environment}"
    assert info.executable.startswith(str(environment))
    await runtime.aclose()


def test_a_name_is_looked_for_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(tmp_path, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_python("python") == path
    assert find_python(None) == sys.executable


def test_each_kind_of_python_gets_its_own_command() -> None:
    assert how_to_add_ipykernel("/p", {"pip", "ensurepip"}) == "Add it: /p -m pip install ipykernel"
    assert how_to_add_ipykernel("/p", {"pip", "managed"}).startswith("Make an environment of it: /p -m venv")
    assert how_to_add_ipykernel("/p", set()) == "Add it: uv pip install --python /p ipykernel"


def test_exits_are_told_in_words() -> None:
    assert describe_exit(3) == "exit status 3"
    assert describe_exit(-9) == "ended by SIGKILL"
    assert describe_exit(-200) == "ended by signal 200"
