"""Each call of a save, and each fault that can happen to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit.services.github_matrix import AT_ONCE, PASSING, STAYING, Bench, bench, leaks, told
from tests.support.waiting import wait_for
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.github_words import Reason
from tutor.kit.services.repositories import Saved, save
from tutor.practice.faults import Fault, Kind

CALLS = {"looking": ("GET", "/contents/"), "making": ("PUT", "/contents/"), "changing": ("PUT", "/contents/")}


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Bench]:
    with bench(tmp_path, monkeypatch, silent="silent" in request.node.name) as made:
        yield made


def begin(at: Bench, call: str) -> list[str]:
    """The commits before. Only for `making` the file is not there yet."""
    if call != "making":
        save(at.repo, "a.txt", "old", "old", patience=AT_ONCE)
    return at.commits


def saved(at: Bench) -> Saved:
    return save(at.repo, "a.txt", "mine", "mine", patience=AT_ONCE)


def content(at: Bench) -> bytes:
    found = at.repo.get_contents("a.txt")
    assert not isinstance(found, list)
    return found.decoded_content


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_costs_nothing(
    at: Bench, call: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = begin(at, call)
    method, path = CALLS[call]
    at.service.faults.plan(PASSING[fault], method=method, path=path)
    done = saved(at)
    assert done.state == ("created" if call == "making" else "updated")
    assert content(at) == b"mine"
    assert at.commits == ["mine", *before]
    assert done.commit == at.repo.get_commits()[0].sha
    assert at.service.faults.met
    assert not leaks(at, tmp_path, capsys)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", STAYING)
def test_what_stays_is_told_and_nothing_is_lost_or_doubled(
    at: Bench,
    call: str,
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = begin(at, call)
    repo = at.repo
    method, path = CALLS[call]
    planned, reason = STAYING[fault]
    at.service.faults.plan(planned, method=method, path=path, times=100)
    if fault == "cut" and method == "PUT":
        # It took effect, and looking tells so.
        assert save(repo, "a.txt", "mine", "mine", patience=AT_ONCE).path == "a.txt"
    else:
        patience = replace(AT_ONCE, attempts=1) if fault == "silent" else AT_ONCE
        told(lambda: save(repo, "a.txt", "mine", "mine", patience=patience), reason, at.token, monkeypatch)
    at.service.faults.clear()
    saved(at)
    assert content(at) == b"mine"
    assert at.commits == ["mine", *before]
    assert not leaks(at, tmp_path, capsys)


@pytest.mark.parametrize("call", ["making", "changing"])
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(Kind.STATUS, 404), Reason.MISSING),
        (Fault(Kind.STATUS, 409), Reason.CONFLICT),
        (Fault(Kind.STATUS, 422), Reason.UNACCEPTED),
    ],
)
def test_refusals_of_a_write(
    at: Bench, call: str, fault: Fault, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = begin(at, call)
    repo = at.repo
    at.service.faults.plan(fault, method="PUT", times=100)
    told(lambda: save(repo, "a.txt", "mine", "mine", patience=AT_ONCE), reason, at.token, monkeypatch)
    at.service.faults.clear()
    assert at.commits == before
    saved(at)
    assert at.commits == ["mine", *before]


def test_a_branch_that_moved_on_once_is_no_conflict(at: Bench) -> None:
    before = begin(at, "changing")
    at.service.faults.plan(Fault(Kind.STATUS, 409), method="PUT", times=2)
    assert saved(at).state == "updated"
    assert at.commits == ["mine", *before]


def test_an_existing_file_that_was_not_seen_is_not_overwritten(at: Bench) -> None:
    before = begin(at, "changing")
    repo = at.repo
    at.service.faults.plan(Fault(Kind.STATUS, 404), method="GET", path="/contents/")
    with pytest.raises(ServiceError, match="changed by somebody else"):
        save(repo, "a.txt", "mine", "mine", patience=AT_ONCE)
    assert (content(at), at.commits) == (b"old", before)


CHILD = """
import sys
from tutor.kit.services import github
from tutor.kit.services.repositories import save
save(github().get_repo("practice-learner/gpu-notes"), "a.txt", "mine", "mine")
"""


@pytest.mark.parametrize(("kind", "state"), [(Kind.SLOW, "same"), (Kind.SILENT, "created")])
def test_a_process_that_is_killed_half_way_loses_and_doubles_nothing(
    at: Bench, kind: Kind, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.practice.handler.PIECE_SECONDS", 30)
    before = at.commits
    at.service.faults.plan(Fault(kind), method="PUT")
    environment = {**os.environ, **at.service.lent().environment}
    child = subprocess.Popen([sys.executable, "-c", CHILD], env=environment, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: bool(at.service.faults.met), timeout=30)
        if kind is Kind.SLOW:
            wait_for(lambda: at.commits != before, timeout=30)
    finally:
        child.kill()
        _, printed = child.communicate()
    assert not printed
    monkeypatch.setattr("tutor.practice.handler.PIECE_SECONDS", 0)
    assert saved(at).state == state
    assert at.commits == ["mine", *before]
