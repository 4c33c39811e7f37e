from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.kit.services.github_matrix import AT_ONCE, Bench, bench
from tutor.kit.services import repositories
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.repositories import Conflict, Saved, git_sha, link_in_colab, save
from tutor.practice.github.service import GitHub


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    service = GitHub(tmp_path / "practice")
    with bench(service, monkeypatch) as made:
        yield made
    service.close()


def commits(at: Bench) -> list[str]:
    return [commit.commit.message for commit in at.repo.get_commits()]


def text(at: Bench, path: str, branch: str = "main") -> str:
    found = at.repo.get_contents(path, ref=branch)
    assert not isinstance(found, list)
    return found.decoded_content.decode()


def put(
    at: Bench,
    content: str | bytes | Path,
    path: str = "notes/run.ipynb",
    base: str | None = None,
    keep_both: bool = False,
) -> Saved:
    return save(at.repo, path, content, f"save {path}", base=base, keep_both=keep_both, patience=AT_ONCE)


def test_created_then_updated_then_the_same(at: Bench) -> None:
    first = put(at, "one")
    assert (first.state, first.path, first.sha) == ("created", "notes/run.ipynb", git_sha(b"one"))
    assert first.commit == at.repo.get_branch("main").commit.sha
    assert "one" in requests.get(first.url, timeout=10).text
    second = put(at, b"two")
    assert second.state == "updated"
    same = put(at, "two")
    assert (same.state, same.commit, same.sha, same.url) == ("same", second.commit, second.sha, second.url)
    assert commits(at) == ["save notes/run.ipynb"] * 2 + ["Initial commit"]


def test_a_file_of_this_computer(at: Bench, tmp_path: Path) -> None:
    file = tmp_path / "run.bin"
    file.write_bytes(bytes(range(256)))
    assert put(at, file).sha == git_sha(bytes(range(256)))


def test_on_another_branch(at: Bench) -> None:
    at.repo.create_git_ref("refs/heads/dev", at.repo.get_branch("main").commit.sha)
    saved = save(at.repo, "a.txt", "there", "there", branch="dev", patience=AT_ONCE)
    again = save(at.repo, "a.txt", "there", "there", branch="dev", patience=AT_ONCE)
    assert (again.state, again.commit) == ("same", saved.commit)
    assert text(at, "a.txt", "dev") == "there"
    assert commits(at) == ["Initial commit"]
    with pytest.raises(ServiceError, match="no such repository, branch or file"):
        save(at.repo, "a.txt", "x", "x", branch="none", patience=AT_ONCE)


def test_into_an_empty_repository(at: Bench) -> None:
    at.service.add_repository("empty", readme=False)
    repo = at.client.get_repo("practice-learner/empty")
    assert save(repo, "a.txt", "first", "first", patience=AT_ONCE).state == "created"
    assert save(repo, "a.txt", "first", "first", patience=AT_ONCE).state == "same"


def test_a_directory_by_gitkeep(at: Bench) -> None:
    put(at, "", "data/.gitkeep")
    assert put(at, "", "data/.gitkeep").state == "same"
    with pytest.raises(ServiceError, match="data is a folder"):
        put(at, "x", "data")


def test_a_conflict_loses_neither_side(at: Bench) -> None:
    base = put(at, "one").sha
    put(at, "theirs")
    with pytest.raises(Conflict) as caught:
        put(at, "mine", base=base)
    conflict = caught.value
    assert (conflict.mine, conflict.theirs, conflict.base) == (git_sha(b"mine"), git_sha(b"theirs"), base)
    assert conflict.theirs[:6] in str(conflict)
    assert text(at, "notes/run.ipynb") == "theirs"


def test_both_are_kept(at: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    base = put(at, "one").sha
    put(at, "theirs")
    kept = put(at, "mine", base=base, keep_both=True)
    own = f"notes/run (mine, {git_sha(b'mine')[:6]}).ipynb"
    assert (kept.path, kept.state) == (own, "created")
    assert own in capsys.readouterr().out
    assert (text(at, own), text(at, "notes/run.ipynb")) == ("mine", "theirs")
    # However often: the name says which version it is.
    before = commits(at)
    assert put(at, "mine", base=base, keep_both=True).state == "same"
    assert commits(at) == before


def test_the_same_change_on_both_sides_is_no_conflict(at: Bench) -> None:
    base = put(at, "one").sha
    put(at, "two")
    assert put(at, "two", base=base).state == "same"


def test_what_was_taken_away_meanwhile_is_put_back_on_request_only(at: Bench) -> None:
    base = put(at, "one").sha
    at.repo.delete_file("notes/run.ipynb", "gone", base)
    with pytest.raises(Conflict, match="taken away or renamed"):
        put(at, "mine", base=base)
    assert put(at, "mine", base=base, keep_both=True).path == "notes/run.ipynb"


def test_a_new_file_that_is_there_already(at: Bench) -> None:
    put(at, "theirs")
    with pytest.raises(Conflict):
        put(at, "mine", base="")


def test_somebody_writes_between_looking_and_writing(at: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    put(at, "one")
    repo = at.repo
    update = type(repo).update_file

    def late(self: object, *args: object, **more: object) -> object:
        monkeypatch.setattr(type(repo), "update_file", update)
        put(at, "theirs")
        return update(repo, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(repo), "update_file", late)
    with pytest.raises(Conflict) as caught:
        save(repo, "notes/run.ipynb", "mine", "mine", patience=AT_ONCE)
    assert caught.value.theirs == git_sha(b"theirs")
    assert text(at, "notes/run.ipynb") == "theirs"


@pytest.mark.parametrize("path", ["/PyTorch/a.ipynb", "", "a//b", "../a", "./a"])
def test_what_is_no_path_is_refused_before_anything_is_sent(at: Bench, path: str) -> None:
    repo = at.repo
    asked = len(at.asked)
    with pytest.raises(ServiceError, match="is no path in a repository"):
        save(repo, path, "x", "x", patience=AT_ONCE)
    assert len(at.asked) == asked


def test_what_is_too_large_is_refused_before_it_is_read(at: Bench, tmp_path: Path) -> None:
    file = tmp_path / "model.pt"
    with file.open("wb") as stream:
        stream.truncate(repositories.MOST_BYTES + 1)  # takes no room on the disk
    repo = at.repo
    asked = len(at.asked)
    with pytest.raises(ServiceError, match="takes no file over 100 MiB"):
        save(repo, "model.pt", file, "x", patience=AT_ONCE)
    assert len(at.asked) == asked


def test_what_a_browser_would_refuse_is_told(
    at: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(repositories, "BROWSER_BYTES", 10)
    put(at, "x" * 10)
    assert not capsys.readouterr().out
    put(at, "x" * 11)
    assert "in the browser GitHub takes 25 MiB at most" in capsys.readouterr().out


def test_the_way_into_colab(at: Bench) -> None:
    assert (
        link_in_colab(at.repo, "notes/run 1.ipynb")
        == "https://colab.research.google.com/github/practice-learner/gpu-notes/blob/main/notes/run%201.ipynb"
    )
    assert link_in_colab(at.repo, "a.ipynb", "dev").endswith("/gpu-notes/blob/dev/a.ipynb")
