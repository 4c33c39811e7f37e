from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from tests.kit.services.github_matrix import AT_ONCE, PASSING, STAYING, Bench, bench, leaks, told
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.gists import SavedGist, save_gist
from tutor.practice.github.service import GitHub

CALLS = {"looking": ("GET", "/gists$"), "making": ("POST", "/gists$")}
FILES = {"run.ipynb": "{}", "notes.md": "# 笔记"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    """One for all tests here: each has a description of its own."""
    service = GitHub(tmp_path_factory.mktemp("practice"))
    yield service
    service.close()


@pytest.fixture
def at(running: GitHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with bench(running, monkeypatch) as made:
        yield made
        made.service.faults.clear()
        for gist in made.client.get_user().get_gists():
            gist.delete()


@pytest.fixture
def name() -> str:
    return uuid4().hex


def saved(at: Bench, name: str) -> SavedGist:
    return save_gist(at.client, FILES, name, patience=AT_ONCE)


def contents(at: Bench, name: str) -> list[dict[str, str]]:
    listed = [gist for gist in at.client.get_user().get_gists() if gist.description == name]
    found = [at.client.get_gist(gist.id) for gist in listed]
    return [{name: file.content for name, file in gist.files.items()} for gist in found]


def test_a_gist_is_made_once(at: Bench, name: str) -> None:
    first = saved(at, name)
    assert first.state == "created"
    assert saved(at, name) == SavedGist(first.id, first.url, "same")
    assert contents(at, name) == [FILES]
    # Another text, another name or another description is another gist.
    assert save_gist(at.client, {"run.ipynb": "[]", "notes.md": "# 笔记"}, name, patience=AT_ONCE).state == "created"
    assert save_gist(at.client, FILES, "your run", patience=AT_ONCE).state == "created"
    assert save_gist(at.client, FILES, name, public=True, patience=AT_ONCE).state == "created"
    assert len(contents(at, name)) == 3


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_doubles_nothing(
    at: Bench, call: str, fault: str, name: str, environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    method, path = CALLS[call]
    at.service.faults.plan(PASSING[fault], method=method, path=path)
    with at.waiting_briefly(fault):
        assert saved(at, name).state == "created"
    assert contents(at, name) == [FILES]
    assert at.service.faults.met
    assert not leaks(at, environment, capsys)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", STAYING)
def test_what_stays_is_told(
    at: Bench,
    call: str,
    fault: str,
    name: str,
    environment: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    planned, reason = STAYING[fault]
    method, path = CALLS[call]
    at.service.faults.plan(planned, method=method, path=path, times=100)
    patience = replace(AT_ONCE, attempts=1) if fault == "silent" else AT_ONCE
    if fault == "cut" and call == "making":
        assert saved(at, name).state == "created"  # it took effect, and looking tells so
    else:
        with at.waiting_briefly(fault):
            told(lambda: save_gist(at.client, FILES, name, patience=patience), reason, at.token, monkeypatch)
    at.service.faults.clear()
    saved(at, name)
    assert contents(at, name) == [FILES]
    assert not leaks(at, environment, capsys)


@pytest.mark.parametrize("files", [{}, {"a.txt": ""}])
def test_nothing_is_no_gist(at: Bench, files: dict[str, str]) -> None:
    with pytest.raises(ServiceError, match="at least one file"):
        save_gist(at.client, files, "x", patience=AT_ONCE)
    assert not at.asked
