"""The real program looks at the real machine; what it cannot have here is made: a bare Python, a dead proxy, a broken store."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from tests.commands.support import Ran, tutor
from tutor.kit.devices import granted

QUICK = {"PATH": "/nowhere", "PYENV_ROOT": "/nowhere", "VIRTUAL_ENV": "", "CONDA_PREFIX": ""}
"""Nobody else's Pythons."""


def ran(*arguments: str, **environment: str) -> Ran:
    return tutor("doctor", *arguments, **{**QUICK, **environment})  # type: ignore[arg-type]


def doctor(*arguments: str, **environment: str) -> tuple[int, dict[str, Any]]:
    done = ran("--json", *arguments, **environment)
    return done.code, json.loads(done.out)


def codes(found: dict[str, Any]) -> list[str]:
    return [fault["code"] for fault in found["faults"]]


def test_it_agrees_with_the_machine() -> None:
    code, found = doctor()
    assert set(found) == {"machine", "pythons", "faults", "network"}
    machine = found["machine"]
    assert machine["cores"] == granted.cpus()
    assert machine["memory"] == granted.ram()
    assert machine["tutor"]["problems"] == []
    (own,) = found["pythons"]
    assert own["executable"] == sys.executable
    assert own["chosen"] is True
    assert own["details"]["version"].startswith(own["torch"].partition("+")[0])
    assert found["network"] is None
    assert all(set(fault) == {"code", "cause", "mend", "line"} for fault in found["faults"])
    assert code == (1 if found["faults"] else 0)


@pytest.mark.parametrize(("language", "title"), [("en", "This machine"), ("zh", "这台电脑")])
def test_people_get_words(language: str, title: str) -> None:
    done = ran("--lang", language)
    assert done.out.startswith(title)
    assert "Traceback" not in done.err
    assert "{" not in done.out


def test_a_python_without_pytorch_is_told_apart_from_a_broken_one(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=False, symlinks=True)
    code, found = doctor(TUTOR_RUNTIME=f"local:{bare}")
    chosen = next(python for python in found["pythons"] if python["chosen"])
    assert (chosen["torch"], chosen["ipykernel"]) == (None, False)
    # tutor's own Python has a PyTorch: it is the wrong one that is set.
    assert codes(found) == ["wrong-python"]
    assert code == 1
    assert "Traceback" not in ran(TUTOR_RUNTIME=f"local:{bare}").err


def test_a_python_that_is_not_there_is_said_to_be(tmp_path: Path) -> None:
    done = ran(TUTOR_RUNTIME=f"local:{tmp_path / 'gone'}")
    assert done.code == 1
    assert f"{tmp_path / 'gone'} is not there." in " ".join(done.out.split())


def test_a_server_is_no_python_that_is_missing() -> None:
    server = "http://127.0.0.1:9/?token=secret-token"
    code, found = doctor(TUTOR_RUNTIME=server)
    assert [python["chosen"] for python in found["pythons"]] == [False]
    assert code == (1 if found["faults"] else 0)
    said = ran(TUTOR_RUNTIME=server).out
    assert "lessons run on 127.0.0.1;" in said
    assert "is not there" not in said
    assert "secret-token" not in said


def test_under_a_dead_proxy_every_host_stops_there_and_its_password_is_not_shown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    proxy = f"http://learner:hunter2hunter2@127.0.0.1:{port}"
    environment = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "http_proxy": proxy, "https_proxy": proxy}
    done = ran("--net", "--json", **environment)
    found = json.loads(done.out)
    assert {host["stopped"] for host in found["network"]} == {"proxy"}
    assert {host["proxy"] for host in found["network"]} == {f"127.0.0.1:{port}"}
    assert "network-proxy" in codes(found)
    assert done.code == 1
    assert "hunter2" not in done.out + done.err


def test_services_may_be_moved_and_what_remains_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    dead = f"http://127.0.0.1:{port}"
    moved = dict.fromkeys(("GITHUB_API_URL", "TUTOR_DRIVE_API_URL", "TUTOR_KAGGLE_API_URL", "PIP_INDEX_URL"), dead)
    proxy = dict.fromkeys(("http_proxy", "https_proxy"), dead)
    done = ran("--net", **moved, **proxy)
    assert "no connection" in done.out
    _, _, open_lessons = done.out.partition("Steps of these stay open")
    assert "Save to GitHub" in open_lessons
    assert "Start here" not in open_lessons


def test_a_broken_store_is_a_fault_and_stays_as_it_is(tutor_home: Path) -> None:
    tutor_home.mkdir(parents=True)
    (tutor_home / "tutor.db").write_bytes(b"this is no database" * 100)
    code, found = doctor()
    assert code == 1
    assert found["machine"]["tutor"]["problems"][0]["is_fault"] is True
    assert (tutor_home / "tutor.db").read_bytes().startswith(b"this is no database")


def test_a_store_of_a_newer_tutor_says_which_is_old(tutor_home: Path) -> None:
    tutor_home.mkdir(parents=True)
    tutor("list")
    with sqlite3.connect(tutor_home / "tutor.db") as connection:
        connection.execute("INSERT INTO migration VALUES ('9999-of-tomorrow', '2030-01-01')")
    connection.close()
    code, found = doctor()
    assert code == 1
    assert "newer" in found["machine"]["tutor"]["problems"][0]["message"]


@pytest.mark.parametrize(
    ("says", "part"), [("tutor, version 19.0.1", "another program"), ("tutor 9.9.9", "version 9.9.9")]
)
def test_another_tutor_on_the_path_is_worth_a_word_and_no_fault(tmp_path: Path, says: str, part: str) -> None:
    program = tmp_path / "tutor"
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)
    code, found = doctor(PATH=f"{tmp_path}{os.pathsep}/bin")
    (problem,) = found["machine"]["tutor"]["problems"]
    assert part in problem["message"]
    assert str(program) in problem["message"]
    assert problem["is_fault"] is False
    assert code == (1 if found["faults"] else 0)
