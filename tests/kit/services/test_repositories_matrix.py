"""Each call of a save, and each fault that can happen to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from tests.kit.services.github_matrix import AT_ONCE, PASSING, STAYING, Bench, bench, leaks, told
from tests.support.waiting import wait_for
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.github_words import Reason
from tutor.kit.services.repositories import Saved, save
from tutor.practice.faults import Fault, Kind
from tutor.practice.github.service import GitHub

CALLS = {"looking": ("GET", "/contents/"), "making": ("PUT", "/contents/"), "changing": ("PUT", "/contents/")}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    """One for all tests here: each has a file of its own."""
    service = GitHub(tmp_path_factory.mktemp("practice"))
    yield service
    service.close()


@pytest.fixture
def at(running: GitHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with bench(running, monkeypatch) as made:
        yield made


@pytest.fixture
def path() -> str:
    return f"{uuid4().hex}.txt"


def begin(at: Bench, call: str, path: str) -> str:
    """The newest commit before. Only for `making` the file is not there yet."""
    if call != "making":
        save(at.repo, path, "old", "old", patience=AT_ONCE)
    return at.newest


def saved(at: Bench, path: str) -> Saved:
    return save(at.repo, path, "mine", "mine", patience=AT_ONCE)


def content(at: Bench, path: str) -> bytes:
    found = at.repo.get_contents(path)
    assert not isinstance(found, list)
    return found.decoded_content


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_costs_nothing(
    at: Bench, call: str, fault: str, path: str, environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = begin(at, call, path)
    method, where = CALLS[call]
    at.service.faults.plan(PASSING[fault], method=method, path=where)
    with at.waiting_briefly(fault):
        done = saved(at, path)
    assert done.state == ("created" if call == "making" else "updated")
    assert content(at, path) == b"mine"
    assert at.commits_since(before) == ["mine"]
    assert done.commit == at.newest
    assert at.service.faults.met
    assert not leaks(at, environment, capsys)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", STAYING)
def test_what_stays_is_told_and_nothing_is_lost_or_doubled(
    at: Bench,
    call: str,
    fault: str,
    path: str,
    environment: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = begin(at, call, path)
    repo = at.repo
    method, where = CALLS[call]
    planned, reason = STAYING[fault]
    at.service.faults.plan(planned, method=method, path=where, times=100)
    patience = replace(AT_ONCE, attempts=1) if fault == "silent" else AT_ONCE
    if fault == "cut" and method == "PUT":
        # It took effect, and looking tells so.
        assert save(repo, path, "mine", "mine", patience=patience).path == path
    else:
        with at.waiting_briefly(fault):
            told(lambda: save(repo, path, "mine", "mine", patience=patience), reason, at.token, monkeypatch)
    at.service.faults.clear()
    saved(at, path)
    assert content(at, path) == b"mine"
    assert at.commits_since(before) == ["mine"]
    assert not leaks(at, environment, capsys)


@pytest.mark.parametrize("call", ["making", "changing"])
@pytest.mark.parametrize(
    ("status", "reason"), [(404, Reason.MISSING), (409, Reason.CONFLICT), (422, Reason.UNACCEPTED)]
)
def test_refusals_of_a_write(
    at: Bench, call: str, status: int, reason: Reason, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = begin(at, call, path)
    repo = at.repo
    at.service.faults.plan(Fault(Kind.STATUS, status), method="PUT", times=100)
    told(lambda: save(repo, path, "mine", "mine", patience=AT_ONCE), reason, at.token, monkeypatch)
    at.service.faults.clear()
    assert at.newest == before
    saved(at, path)
    assert at.commits_since(before) == ["mine"]


def test_a_branch_that_moved_on_once_is_no_conflict(at: Bench, path: str) -> None:
    before = begin(at, "changing", path)
    at.service.faults.plan(Fault(Kind.STATUS, 409), method="PUT", times=2)
    assert saved(at, path).state == "updated"
    assert at.commits_since(before) == ["mine"]


def test_an_existing_file_that_was_not_seen_is_not_overwritten(at: Bench, path: str) -> None:
    before = begin(at, "changing", path)
    repo = at.repo
    at.service.faults.plan(Fault(Kind.STATUS, 404), method="GET", path="/contents/")
    with pytest.raises(ServiceError, match="changed by somebody else"):
        save(repo, path, "mine", "mine", patience=AT_ONCE)
    assert (content(at, path), at.newest) == (b"old", before)


CHILD = """
import sys
from tutor.kit.services import github
from tutor.kit.services.repositories import save
save(github().get_repo("practice-learner/gpu-notes"), sys.argv[1], "mine", "mine")
"""


@pytest.mark.parametrize(("kind", "state"), [(Kind.SLOW, "same"), (Kind.SILENT, "created")])
def test_a_process_that_is_killed_half_way_loses_and_doubles_nothing(
    at: Bench, kind: Kind, state: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.practice.handler.PIECE_SECONDS", 30)
    before = at.newest
    at.service.faults.plan(Fault(kind), method="PUT")
    lent = {**os.environ, **at.service.lent().environment}
    child = subprocess.Popen([sys.executable, "-c", CHILD, path], env=lent, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: bool(at.service.faults.met), timeout=30)
        if kind is Kind.SLOW:
            wait_for(lambda: at.newest != before, timeout=30)
    finally:
        child.kill()
        _, printed = child.communicate()
    assert not printed
    monkeypatch.setattr("tutor.practice.handler.PIECE_SECONDS", 0)
    assert saved(at, path).state == state
    assert at.commits_since(before) == ["mine"]
