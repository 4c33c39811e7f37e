"""The Pythons of this machine: where they are looked for, and what is made of their answers."""

from __future__ import annotations

import asyncio
import os
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.pythons import answering, made
from tests.support.waiting import wait_for, wait_for_async
from tutor.runtime.interpreter import command_for_ipykernel
from tutor.runtime.pythons import Candidate, FoundPython, Where, ask, candidates, find, own

ENVIRONMENT = dict(os.environ)


async def found(among: Sequence[Candidate], seconds: float = 30.0) -> list[FoundPython]:
    return [python async for python in find(among, ENVIRONMENT, seconds=seconds)]


def programs(environment: dict[str, str], home: Path) -> list[tuple[str, Where]]:
    return [(candidate.program, candidate.where) for candidate in candidates(environment, home)]


def test_they_are_looked_for_in_the_terminals_environment_on_the_path_and_where_pyenv_and_conda_keep_them(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    active = made(tmp_path / "project" / ".venv" / "bin" / "python")
    conda = made(tmp_path / "conda" / "envs" / "deep" / "bin" / "python")
    on_path = made(tmp_path / "usr" / "bin" / "python3")
    old = made(home / ".pyenv" / "versions" / "3.9.18" / "bin" / "python")
    new = made(home / ".pyenv" / "versions" / "3.12.1" / "bin" / "python")
    base = made(home / "miniforge3" / "bin" / "python")
    below = made(home / "miniforge3" / "envs" / "cv" / "bin" / "python")
    proposed = made(home / "tutor-python" / "bin" / "python")
    listed = made(tmp_path / "elsewhere" / "bin" / "python")
    (home / ".conda").mkdir()
    (home / ".conda" / "environments.txt").write_text(f"{listed.parent.parent}\n{base.parent.parent}\nrelative\n")
    environment = {
        "VIRTUAL_ENV": str(active.parent.parent),
        "CONDA_PREFIX": str(conda.parent.parent),
        "PATH": os.pathsep.join([str(active.parent), "", ".", str(on_path.parent), str(tmp_path / "missing")]),
    }
    assert programs(environment, home) == [
        (str(active), Where.ACTIVE),
        (str(conda), Where.ACTIVE),
        (str(proposed), Where.MADE),
        (str(on_path), Where.PATH),
        (str(new), Where.PYENV),
        (str(old), Where.PYENV),
        (str(base), Where.CONDA),
        (str(below), Where.CONDA),
        (str(listed), Where.CONDA),
    ]


def test_tutors_own_python_and_second_names_of_one_program_are_not_asked(tmp_path: Path) -> None:
    program = made(tmp_path / "bin" / "python3")
    (tmp_path / "bin" / "python").symlink_to("python3")
    (tmp_path / "sbin").symlink_to("bin")
    folders = [str(Path(sys.executable).parent), str(tmp_path / "bin"), str(tmp_path / "sbin")]
    assert programs({"PATH": os.pathsep.join(folders)}, tmp_path) == [(str(program), Where.PATH)]


def test_what_is_no_program_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "python3").mkdir()
    (tmp_path / "python").write_text("not executable")
    assert programs({"PATH": str(tmp_path)}, tmp_path) == []


def test_macos_is_not_made_to_offer_developer_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    environment = {"PATH": "/usr/bin"}
    there = {"/usr/bin/python3"}
    monkeypatch.setattr(os, "access", lambda *_: True)
    monkeypatch.setattr(Path, "is_file", lambda path: str(path) in there)
    assert programs(environment, tmp_path) == []
    monkeypatch.setattr(os.path, "exists", lambda path: path == "/Applications/Xcode.app")
    assert programs(environment, tmp_path) == [("/usr/bin/python3", Where.PATH)]


def test_tutors_own_is_known_without_a_process() -> None:
    python = own()
    assert python.executable == sys.executable
    assert python.minor == sys.version_info[:2]
    assert python.has_ipykernel
    assert python.torch


async def test_a_real_environment_says_what_it_has(tmp_path: Path) -> None:
    venv.create(tmp_path / "plain", with_pip=False, symlinks=True)
    python = await ask(str(tmp_path / "plain" / "bin" / "python"), ENVIRONMENT, Where.ACTIVE, seconds=30)
    assert python is not None
    assert python.prefix == python.name == str(tmp_path / "plain")
    assert (python.torch, python.has_ipykernel, python.minor) == (None, False, sys.version_info[:2])
    assert "pip" not in python.has
    assert python.is_environment


async def test_modules_of_the_working_folder_are_not_taken_for_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.create(tmp_path / "plain", with_pip=False, symlinks=True)
    (tmp_path / "torch.py").write_text("")
    (tmp_path / "json.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    python = await ask(str(tmp_path / "plain" / "bin" / "python"), ENVIRONMENT, seconds=30)
    assert python is not None
    assert python.torch is None


async def test_own_comes_first_and_each_environment_once(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    among = [
        Candidate(str(made(one / "bin" / "python", answering(one, torch='"2.9.0+cu128"'))), Where.ACTIVE),
        Candidate(str(made(tmp_path / "bin" / "python3", answering(one, torch='"2.9.0+cu128"'))), Where.PATH),
        Candidate(str(made(two / "bin" / "python", answering(two, has='"ipykernel", "pip"'))), Where.CONDA),
        Candidate(str(made(tmp_path / "broken" / "python", "exit 3")), Where.PATH),
        Candidate(str(made(tmp_path / "silent" / "python", "echo nothing to say")), Where.PATH),
        Candidate(str(tmp_path / "gone"), Where.PATH),
        Candidate(
            str(made(tmp_path / "again" / "python", answering(Path(sys.prefix), version=own().version))), Where.PATH
        ),
    ]
    first, *others = await found(among)
    assert first == own()
    by_prefix = {python.prefix: python for python in others}
    assert sorted(by_prefix) == [str(one), str(two)]
    assert len(others) == 2
    assert (by_prefix[str(one)].torch, by_prefix[str(one)].has_ipykernel) == ("2.9.0+cu128", False)
    assert (by_prefix[str(two)].torch, by_prefix[str(two)].has_ipykernel) == (None, True)
    assert by_prefix[str(two)].name == str(two)


async def test_one_that_hangs_is_left_out_and_ended_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    hanging = made(tmp_path / "slow" / "python", f"sleep 600 &\necho $! > {note}\nwait")
    assert await found([Candidate(str(hanging), Where.PATH)], seconds=1.0) == [own()]
    wait_for(lambda: not is_alive(int(note.read_text())), 5, "the child has ended")


async def test_whoever_stops_looking_leaves_no_process(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    hanging = made(tmp_path / "slow" / "python", f"echo $$ > {note}\nexec sleep 600")
    looking = asyncio.create_task(found([Candidate(str(hanging), Where.PATH)]))
    await wait_for_async(lambda: note.exists() and note.read_text(), 10)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert not is_alive(int(note.read_text()))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_command_that_adds_ipykernel_fits_the_python() -> None:
    assert command_for_ipykernel("/my python", {"pip"}) == "'/my python' -m pip install ipykernel"
    assert command_for_ipykernel("/p", {"ensurepip"}).startswith("/p -m ensurepip && ")
    assert "~/tutor-python/bin/python -m pip" in command_for_ipykernel("/p", {"managed", "pip"})
