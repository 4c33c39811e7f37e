"""Kaggle's own program, as a process of its own, by the launcher that bash steps find first."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.kaggle import GARMENTS, serving
from tutor.kit.services.kaggle_command import launcher
from tutor.practice.faults import Fault, Kind
from tutor.practice.kaggle.service import Kaggle


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    with serving(tmp_path / "practice", monkeypatch) as running:
        yield running


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with a name that a shell would take apart."""
    folder = tmp_path / "it's $HOME of programs"
    folder.mkdir()
    launcher(folder)
    return folder


def run(programs: Path, folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a bash step does; a proxy that answers nobody is set."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(programs), os.defpath]),
        "http_proxy": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        **variables,
    }
    command = ["bash", "-c", 'kaggle "$@"', "bash", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_program_lists_downloads_and_unpacks(service: Kaggle, programs: Path, tmp_path: Path) -> None:
    # A file of this name in the learner's folder must not be taken for Kaggle's.
    (tmp_path / "kaggle.py").write_text("raise SystemExit(7)", encoding="utf-8")
    lent = dict(service.lent().environment)
    found = run(programs, tmp_path, "datasets", "list", "--search", "garments", **lent)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.splitlines()[2].startswith(f"{GARMENTS} ")
    brought = run(programs, tmp_path, "datasets", "download", GARMENTS, "--unzip", "-p", "data", **lent)
    assert brought.returncode == 0, brought.stderr
    assert "License(s): CC0-1.0" in brought.stdout
    assert len(list((tmp_path / "data").rglob("*.png"))) == 320
    for done in (found, brought):
        assert service.tokens.access not in done.stdout + done.stderr


def test_settings_and_quota_are_those_of_practice(service: Kaggle, programs: Path, tmp_path: Path) -> None:
    lent = dict(service.lent().environment)
    done = run(programs, tmp_path, "config", "set", "-n", "path", "-v", "/content", **lent)
    assert (done.returncode, done.stdout) == (0, "- path is now set to: /content\n")
    shown = run(programs, tmp_path, "config", "view", **lent).stdout
    assert "- username: practice-learner\n- auth_method: ACCESS_TOKEN\n- path: /content\n" in shown
    quota = run(programs, tmp_path, "quota", "-v", **lent).stdout.splitlines()
    assert quota[0] == "resource,used,remaining,total,refreshAt"
    assert quota[1].startswith("GPU,4.50h,25.50h,30.00h,")


def test_help_needs_no_token_and_exit_codes_are_the_program_s(
    service: Kaggle, programs: Path, tmp_path: Path, environment: Path
) -> None:
    there = {"TUTOR_KAGGLE_API_URL": service.root}
    shown = run(programs, tmp_path, "datasets", "--help", **there)
    assert shown.returncode == 0
    assert shown.stdout.startswith("usage: kaggle datasets ")
    login = environment / ".kaggle/credentials.json"
    login.parent.mkdir()
    login.write_text(json.dumps({"refresh_token": "KGRT_the_learner_s_own"}), encoding="utf-8")
    wrong = run(programs, tmp_path, "quota", **there, KAGGLE_API_TOKEN="KGAT_wrong")
    assert wrong.returncode == 1
    assert "Authentication required" in wrong.stdout
    assert login.exists()  # by itself the program deletes a login that is refused


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Fault(Kind.STATUS, 403, "private"), "403 Client Error"), (Fault(Kind.RESET), "")],
    ids=["403", "reset"],
)
def test_what_goes_wrong_fails_with_no_token_shown(
    service: Kaggle, programs: Path, tmp_path: Path, fault: Fault, words: str
) -> None:
    service.faults.plan(fault, path="ListDatasets", times=99)
    done = run(programs, tmp_path, "datasets", "list", **service.lent().environment)
    assert done.returncode == 1
    assert words in done.stderr
    assert service.tokens.access not in done.stdout + done.stderr


def test_the_launcher_is_for_its_owner_and_written_once(tmp_path: Path) -> None:
    program = launcher(tmp_path, python=sys.executable)
    assert stat.S_IMODE(program.stat().st_mode) == 0o700
    made = program.stat().st_mtime_ns
    assert launcher(tmp_path) == program
    assert program.stat().st_mtime_ns == made
    other = launcher(tmp_path, python="/opt/my pythons/bin/python3")
    assert "exec '/opt/my pythons/bin/python3' -P -c " in other.read_text(encoding="utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["kaggle"]
