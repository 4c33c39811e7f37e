from __future__ import annotations

import base64
from typing import Any

import pytest
import requests
from github import Github, GithubException, UnknownObjectException
from github.Commit import Commit
from github.ContentFile import ContentFile
from github.Repository import Repository

from tests.practice.github.conftest import NOTES
from tutor.practice.github.service import GitHub


def one(repository: Repository, path: str, **more: Any) -> ContentFile:
    found = repository.get_contents(path, **more)
    assert isinstance(found, ContentFile)
    return found


def names(repository: Repository, path: str, **more: Any) -> list[str]:
    found = repository.get_contents(path, **more)
    assert isinstance(found, list)
    return [each.path for each in found]


def put(service: GitHub, path: str, body: Any) -> requests.Response:
    """What PyGithub would never send."""
    token = service.lent().environment["GITHUB_TOKEN"]
    return requests.put(
        f"{service.root}/repos/{NOTES}/contents/{path}",
        json=body if isinstance(body, dict) else None,
        data=None if isinstance(body, dict) else body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )


def test_a_file_is_made_read_changed_and_taken_away(notes: Repository) -> None:
    made = notes.create_file("Ordner/Übung 1.ipynb", "first", '{"a": "ä"}')
    found = one(notes, "Ordner/Übung 1.ipynb")
    assert found.decoded_content.decode() == '{"a": "ä"}'
    assert found.sha == made["content"].sha
    changed = notes.update_file(found.path, "second", b"\x00\xff", found.sha)
    assert one(notes, found.path).decoded_content == b"\x00\xff"
    assert [commit.commit.message for commit in notes.get_commits(path=found.path)] == ["second", "first"]
    notes.delete_file(found.path, "gone", changed["content"].sha)
    with pytest.raises(UnknownObjectException):
        notes.get_contents(found.path)
    # Git keeps files only: with its last one the folder went, too.
    assert names(notes, "") == ["README.md"]


def test_one_write_is_one_commit_on_the_one_before(notes: Repository) -> None:
    before = notes.get_branch("main").commit.sha
    made = notes.create_file("a.txt", "first", "a")["commit"]
    assert isinstance(made, Commit)
    assert [parent.sha for parent in made.parents] == [before]
    assert notes.get_branch("main").commit.sha == made.sha
    assert notes.get_commit(made.sha).commit.author.name == "Practice Learner"


def test_a_directory_is_a_file_in_it(notes: Repository) -> None:
    notes.create_file("data/.gitkeep", "make data/", "")
    assert names(notes, "data") == ["data/.gitkeep"]
    assert names(notes, "") == ["README.md", "data"]
    assert one(notes, "data/.gitkeep").size == 0


def test_an_old_sha_is_a_conflict_and_changes_nothing(notes: Repository) -> None:
    first = notes.create_file("a.txt", "first", "a")["content"].sha
    notes.update_file("a.txt", "second", "b", first)
    with pytest.raises(GithubException) as caught:
        notes.update_file("a.txt", "third", "c", first)
    assert caught.value.status == 409
    assert caught.value.data["message"] == f"a.txt does not match {first}"
    assert one(notes, "a.txt").decoded_content == b"b"


def test_without_a_sha_nothing_is_overwritten(notes: Repository) -> None:
    notes.create_file("a.txt", "first", "a")
    with pytest.raises(GithubException) as caught:
        notes.create_file("a.txt", "again", "b")
    assert caught.value.status == 422
    assert caught.value.data["message"] == 'Invalid request.\n\n"sha" wasn\'t supplied.'


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("%2Fa.txt", {"message": "m", "content": ""}, 422, "path cannot start with a slash"),
        ("a//b.txt", {"message": "m", "content": ""}, 422, "path contains a malformed path component"),
        (".git/config", {"message": "m", "content": ""}, 422, "path contains a malformed path component"),
        ("a.txt", {"message": "m", "content": "%"}, 422, "content is not valid Base64"),
        ("a.txt", {"message": "m"}, 422, 'Invalid request.\n\n"content" wasn\'t supplied.'),
        ("a.txt", {"content": ""}, 422, 'Invalid request.\n\n"message" wasn\'t supplied.'),
        ("a.txt", "{", 400, "Problems parsing JSON"),
        ("a.txt", {"message": "m", "content": "", "branch": "no"}, 404, "Branch no not found"),
        ("a.txt", {"message": "m", "content": "", "sha": "0" * 40}, 409, f"a.txt does not match {'0' * 40}"),
        ("README.md/a", {"message": "m", "content": ""}, 422, "README.md is a file, and README.md/a would need it"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(service: GitHub, path: str, body: Any, status: int, message: str) -> None:
    answer = put(service, path, body)
    assert answer.status_code == status
    assert answer.json()["message"].startswith(message)
    assert answer.json()["status"] == str(status)
    assert answer.json()["documentation_url"].startswith("https://docs.github.com/rest")


def test_a_folder_is_not_overwritten_by_a_file(notes: Repository) -> None:
    notes.create_file("data/.gitkeep", "make data/", "")
    with pytest.raises(GithubException) as caught:
        notes.create_file("data", "a file", "x")
    assert caught.value.status == 422


def test_branches_are_apart(notes: Repository) -> None:
    notes.create_git_ref("refs/heads/dev/one", notes.get_branch("main").commit.sha)
    notes.create_file("a.txt", "there", "a", branch="dev/one")
    assert names(notes, "", ref="dev/one") == ["README.md", "a.txt"]
    assert names(notes, "") == ["README.md"]
    with pytest.raises(GithubException, match="No commit found for the ref no"):
        notes.get_contents("a.txt", ref="no")


def test_the_first_file_of_an_empty_repository_makes_its_branch(service: GitHub, application: Github) -> None:
    service.add_repository("empty", readme=False)
    repository = application.get_repo("practice-learner/empty")
    with pytest.raises(GithubException, match="This repository is empty"):
        repository.get_contents("")
    with pytest.raises(GithubException) as caught:
        list(repository.get_commits())
    assert caught.value.status == 409
    repository.create_file("a.txt", "first", "a")
    assert [branch.name for branch in repository.get_branches()] == ["main"]


def test_a_large_file_comes_without_its_content_and_raw_with_it(service: GitHub, notes: Repository) -> None:
    data = bytes(1_000_001)
    notes.create_file("large.bin", "large", data)
    found = one(notes, "large.bin")
    assert (found.encoding, found.content, found.size) == ("none", "", len(data))
    headers = {
        "Accept": "application/vnd.github.raw+json",
        "Authorization": f"token {service.lent().environment['GITHUB_TOKEN']}",
    }
    raw = requests.get(found.url, headers=headers, timeout=10)
    assert raw.content == data
    assert requests.get(found.download_url, timeout=10).content == data


def test_beyond_the_limit_it_is_refused(service: GitHub, notes: Repository) -> None:
    service.most_bytes = 1000
    notes.create_file("fits.bin", "fits", bytes(1000))
    with pytest.raises(GithubException) as caught:
        notes.create_file("more.bin", "more", bytes(1001))
    assert caught.value.status == 422
    assert names(notes, "") == ["README.md", "fits.bin"]
    service.most_bytes = 999
    with pytest.raises(GithubException) as caught:
        notes.get_contents("fits.bin")
    assert (caught.value.status, caught.value.data["errors"][0]["code"]) == (403, "too_large")


def test_lines_in_base64_are_no_fault(service: GitHub, notes: Repository) -> None:
    coded = base64.encodebytes(b"x" * 100).decode()
    assert put(service, "a.bin", {"message": "m", "content": coded}).status_code == 201
    assert one(notes, "a.bin").decoded_content == b"x" * 100
