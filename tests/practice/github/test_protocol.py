"""The names that GitHub's own description of its API (`github/rest-api-description`, 2022-11-28) requires in each answer, and no address that
leads anywhere but to the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.practice.github.conftest import NOTES
from tutor.practice.github.service import GitHub
from tutor.practice.handler import PRACTICE_HEADER

USER = (
    "login id node_id avatar_url gravatar_id url html_url followers_url following_url gists_url starred_url subscriptions_url "
    "organizations_url repos_url events_url received_events_url type site_admin"
)
ACCOUNT = (
    f"{USER} name company blog location email hireable bio public_repos public_gists followers following created_at updated_at "
    "private_gists total_private_repos owned_private_repos disk_usage collaborators two_factor_authentication"
)
REPOSITORY = (
    "id node_id name full_name owner private html_url description fork url archive_url assignees_url blobs_url branches_url "
    "collaborators_url comments_url commits_url compare_url contents_url contributors_url deployments_url downloads_url events_url "
    "forks_url git_commits_url git_refs_url git_tags_url git_url issue_comment_url issue_events_url issues_url keys_url labels_url "
    "languages_url merges_url milestones_url notifications_url pulls_url releases_url ssh_url stargazers_url statuses_url "
    "subscribers_url subscription_url tags_url teams_url trees_url clone_url mirror_url hooks_url svn_url homepage language forks_count "
    "stargazers_count watchers_count size default_branch open_issues_count has_issues has_projects has_wiki has_pages has_discussions "
    "archived disabled pushed_at created_at updated_at subscribers_count network_count license forks open_issues watchers"
)
ENTRY = "type size name path sha url git_url html_url download_url _links"
GIT_COMMIT = "sha node_id url author committer message tree parents verification html_url"
COMMIT = "url sha node_id html_url comments_url commit author committer parents"
GIST = (
    "url forks_url commits_url id node_id git_pull_url git_push_url html_url files public created_at updated_at description comments "
    "user comments_url"
)
REQUIRED = {
    "/user": ACCOUNT,
    "/user/repos": REPOSITORY,
    f"/repos/{NOTES}": REPOSITORY,
    f"/repos/{NOTES}/contents": ENTRY,
    f"/repos/{NOTES}/contents/README.md": f"{ENTRY} encoding content",
    f"/repos/{NOTES}/commits": COMMIT,
    f"/repos/{NOTES}/commits/main": COMMIT,
    f"/repos/{NOTES}/branches": "name commit protected",
    f"/repos/{NOTES}/branches/main": "name commit _links protected protection protection_url",
    f"/repos/{NOTES}/git/ref/heads/main": "ref node_id url object",
    f"/repos/{NOTES}/git/trees/main": "sha truncated tree",
    f"/repos/{NOTES}/compare/main...main": "url html_url permalink_url diff_url patch_url base_commit merge_base_commit status "
    "ahead_by behind_by total_commits commits",
    "/rate_limit": "resources rate",
    "/gists": GIST,
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    """One for all tests here."""
    running = GitHub(tmp_path_factory.mktemp("practice"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def signed(service: GitHub) -> Iterator[requests.Session]:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {service.lent().environment['GITHUB_TOKEN']}"
    session.post(f"{service.root}/gists", json={"files": {"a.md": {"content": "a"}}, "public": True}, timeout=10)
    yield session
    session.close()


def addresses(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from addresses(each)
    elif isinstance(value, str) and ("://" in value or "git@" in value):
        yield value


def lacking(value: Any, names: str) -> list[str]:
    return [name for name in names.split() if name not in value]


@pytest.mark.parametrize("path", REQUIRED)
def test_an_answer_has_every_name_that_is_required(service: GitHub, signed: requests.Session, path: str) -> None:
    answer = signed.get(service.root + path, timeout=10)
    assert answer.status_code == 200
    assert answer.headers[PRACTICE_HEADER] == "1"
    for name in (
        "X-GitHub-Request-Id",
        "X-RateLimit-Limit",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
        "X-RateLimit-Used",
    ):
        assert answer.headers[name]
    value = answer.json()
    found = value if isinstance(value, list) else [value]
    assert found
    for each in found:
        assert not lacking(each, REQUIRED[path])
    assert all(url.startswith(service.root) for url in addresses(value))


def test_a_write_answers_as_described(service: GitHub, signed: requests.Session) -> None:
    url = f"{service.root}/repos/{NOTES}"
    made = signed.put(f"{url}/contents/a.txt", json={"message": "m", "content": "YQ=="}, timeout=10)
    assert made.status_code == 201
    value = made.json()
    assert not lacking(value["content"], ENTRY)
    assert not lacking(value["commit"], GIT_COMMIT)
    assert "content" not in value["content"]
    assert all(each.startswith(service.root) for each in addresses(value))
    body = {"message": "m", "content": "Yg==", "sha": value["content"]["sha"]}
    assert signed.put(f"{url}/contents/a.txt", json=body, timeout=10).status_code == 200
    blob = signed.post(f"{url}/git/blobs", json={"content": "x"}, timeout=10).json()
    assert not lacking(blob, "url sha")
    assert not lacking(signed.get(blob["url"], timeout=10).json(), "content encoding url sha size node_id")
    gone = signed.delete(f"{url}/contents/a.txt", params={"message": "m", "sha": "0" * 40}, timeout=10)
    assert gone.status_code == 409
    assert not lacking(gone.json(), "message documentation_url status")


def test_a_commit_and_a_gist_are_whole(service: GitHub, signed: requests.Session) -> None:
    commit = signed.get(f"{service.root}/repos/{NOTES}/commits/main", timeout=10).json()
    assert not lacking(commit["commit"], "url author committer message comment_count tree")
    assert not lacking(commit["author"], USER)
    changed = "sha filename status additions deletions changes blob_url raw_url contents_url"
    assert not lacking(commit["files"][0], changed)
    gist = signed.get(signed.get(f"{service.root}/gists", timeout=10).json()[0]["url"], timeout=10).json()
    assert not lacking(gist, f"{GIST} owner truncated history forks")
    assert not lacking(gist["files"]["a.md"], "filename type language raw_url size truncated content")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/at/all",
        "/repos",
        f"/repos/{NOTES}/nothing",
        "/repos/practice-learner/none",
        "/users/nobody",
        "/gists/0",
    ],
)
def test_what_is_not_there_is_told_as_github_does(service: GitHub, signed: requests.Session, path: str) -> None:
    answer = signed.get(service.root + path, timeout=10)
    assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")
    assert signed.put(service.root + path, timeout=10).status_code == 404


def test_names_say_that_it_is_practice(service: GitHub, signed: requests.Session) -> None:
    me = signed.get(f"{service.root}/user", timeout=10).json()
    assert "practice" in me["login"]
    assert "practice" in me["name"]
    author = signed.get(f"{service.root}/repos/{NOTES}/commits/main", timeout=10).json()["commit"]["author"]
    assert author["email"].endswith(".invalid")
