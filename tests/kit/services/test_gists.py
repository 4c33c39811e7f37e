from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit.services.github_matrix import AT_ONCE, PASSING, STAYING, Bench, bench, leaks, told
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.gists import SavedGist, save_gist

CALLS = {"looking": ("GET", "/gists$"), "making": ("POST", "/gists$")}
FILES = {"run.ipynb": "{}", "notes.md": "# 笔记"}


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Bench]:
    with bench(tmp_path, monkeypatch, silent="silent" in request.node.name) as made:
        yield made


def saved(at: Bench) -> SavedGist:
    return save_gist(at.client, FILES, "my run", patience=AT_ONCE)


def contents(at: Bench) -> list[dict[str, str]]:
    found = [at.client.get_gist(gist.id) for gist in at.client.get_user().get_gists()]
    return [{name: file.content for name, file in gist.files.items()} for gist in found]


def test_a_gist_is_made_once(at: Bench) -> None:
    first = saved(at)
    assert first.state == "created"
    assert saved(at) == SavedGist(first.id, first.url, "same")
    assert contents(at) == [FILES]
    # Another text, another name or another description is another gist.
    assert (
        save_gist(at.client, {"run.ipynb": "[]", "notes.md": "# 笔记"}, "my run", patience=AT_ONCE).state == "created"
    )
    assert save_gist(at.client, FILES, "your run", patience=AT_ONCE).state == "created"
    assert save_gist(at.client, FILES, "my run", public=True, patience=AT_ONCE).state == "created"
    assert len(contents(at)) == 4


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_doubles_nothing(
    at: Bench, call: str, fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    method, path = CALLS[call]
    at.service.faults.plan(PASSING[fault], method=method, path=path)
    assert saved(at).state == "created"
    assert contents(at) == [FILES]
    assert at.service.faults.met
    assert not leaks(at, tmp_path, capsys)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", STAYING)
def test_what_stays_is_told(
    at: Bench,
    call: str,
    fault: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    planned, reason = STAYING[fault]
    method, path = CALLS[call]
    at.service.faults.plan(planned, method=method, path=path, times=100)
    patience = replace(AT_ONCE, attempts=1) if fault == "silent" else AT_ONCE
    if fault == "cut" and call == "making":
        assert saved(at).state == "created"  # it took effect, and looking tells so
    else:
        told(lambda: save_gist(at.client, FILES, "my run", patience=patience), reason, at.token, monkeypatch)
    at.service.faults.clear()
    saved(at)
    assert contents(at) == [FILES]
    assert not leaks(at, tmp_path, capsys)


@pytest.mark.parametrize("files", [{}, {"a.txt": ""}])
def test_nothing_is_no_gist(at: Bench, files: dict[str, str]) -> None:
    with pytest.raises(ServiceError, match="at least one file"):
        save_gist(at.client, files, "x", patience=AT_ONCE)
    assert not at.asked
