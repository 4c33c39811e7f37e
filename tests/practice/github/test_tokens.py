from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import requests
from github import BadCredentialsException, Github, GithubException, InputFileContent, RateLimitExceededException

from tests.practice.github.conftest import NOTES, ClientFor
from tutor.practice.github.service import GitHub
from tutor.practice.github.tokens import APPLICATION, NOT_SIGNED_IN, Grant

READER = Grant(permissions={"metadata": "read", "contents": "read"}, repositories=["gpu-notes", "hidden"])


def push(client: Github, name: str = NOTES) -> None:
    client.get_repo(name).create_file("a.txt", "first", "a")


def gist(client: Github) -> None:
    client.get_user().create_gist(True, {"a.txt": InputFileContent("a")})


def repository(client: Github) -> None:
    client.get_user().create_repo("more")


def status_of(call: Callable[[], object]) -> int:
    with pytest.raises(GithubException) as caught:
        call()
    return caught.value.status


def test_its_owner_is_told_and_nobody_else(service: GitHub, client_for: ClientFor, application: Github) -> None:
    assert application.get_user().login == "practice-learner"
    assert status_of(lambda: client_for("").get_user().login) == 401
    for token in ("github_pat_wrong", service.lent().environment["GITHUB_TOKEN"][:-3]):
        with pytest.raises(BadCredentialsException):
            _ = client_for(token).get_user().login


def test_a_token_has_the_shape_of_a_real_one(service: GitHub) -> None:
    token = service.lent().environment["GITHUB_TOKEN"]
    assert len(token) == 93
    assert token.startswith("github_pat_11PRACTICE")
    assert service.lent().by_hand["token"] != token
    classic = service.token_for("classic", Grant(scopes=["repo"]))
    assert len(classic) == 44
    assert classic.startswith("ghp_")


def test_an_old_or_revoked_one_is_none(service: GitHub, client_for: ClientFor) -> None:
    old = client_for(service.token_for("old", replace(APPLICATION, expires=time.time() - 1)))
    assert status_of(lambda: old.get_user().login) == 401
    token = service.token_for("revoked")
    client = client_for(token)
    assert client.get_user().login
    assert (
        requests.post(f"{service.root}/credentials/revoke", json={"credentials": [token]}, timeout=10).status_code
        == 202
    )
    assert status_of(lambda: client.get_user().login) == 401


def test_revoking_wants_no_token_in_its_head(service: GitHub) -> None:
    head = {"Authorization": f"Bearer {service.token_for('some')}"}
    url = f"{service.root}/credentials/revoke"
    assert requests.post(url, json={"credentials": ["x"]}, headers=head, timeout=10).status_code == 403
    assert requests.post(url, json={"credentials": []}, timeout=10).status_code == 422


def test_the_end_of_a_token_is_told_in_each_answer(service: GitHub) -> None:
    end = time.time() + 3600
    token = service.token_for("short", replace(APPLICATION, expires=end))
    answer = requests.get(f"{service.root}/user", headers={"Authorization": f"Bearer {token}"}, timeout=10)
    told = answer.headers["github-authentication-token-expiration"]
    moment = datetime.strptime(told, "%Y-%m-%d %H:%M:%S %Z").replace(tzinfo=UTC)
    assert abs(moment.timestamp() - end) < 1
    assert "X-OAuth-Scopes" not in answer.headers


def test_reading_is_not_writing(service: GitHub, client_for: ClientFor) -> None:
    service.add_repository("hidden", private=True)
    reader = client_for(service.token_for("reader", READER))
    for name in (NOTES, "practice-learner/hidden"):
        assert reader.get_repo(name).get_contents("README.md")
        with pytest.raises(GithubException) as caught:
            push(reader, name)
        assert caught.value.status == 403
    assert status_of(lambda: reader.get_repo(NOTES).create_git_blob("x", "utf-8")) == 403
    assert status_of(lambda: gist(reader)) == 403


def test_what_is_missing_is_named(service: GitHub) -> None:
    head = {"Authorization": f"Bearer {service.token_for('reader', READER)}"}
    answer = requests.post(f"{service.root}/repos/{NOTES}/git/blobs", json={"content": ""}, headers=head, timeout=10)
    assert answer.json()["message"] == "Resource not accessible by personal access token"
    assert answer.headers["X-Accepted-GitHub-Permissions"] == "contents=write"


def test_a_private_repository_that_was_not_chosen_is_not_there(service: GitHub, client_for: ClientFor) -> None:
    service.add_repository("hidden", private=True)
    service.add_repository("other")
    only = client_for(service.token_for("only", replace(APPLICATION, repositories=["gpu-notes"])))
    assert status_of(lambda: only.get_repo("practice-learner/hidden")) == 404
    assert [each.name for each in only.get_user().get_repos()] == ["gpu-notes", "other"]
    # A public one may be read by everybody, and written with this token by nobody.
    assert only.get_repo("practice-learner/other").get_contents("README.md")
    assert status_of(lambda: push(only, "practice-learner/other")) == 403
    push(only)


def test_contents_are_a_permission_of_their_own(service: GitHub, client_for: ClientFor) -> None:
    service.add_repository("hidden", private=True)
    grant = Grant(permissions={"metadata": "read"}, repositories=["hidden"])
    client = client_for(service.token_for("metadata", grant))
    assert client.get_repo("practice-learner/hidden").private
    assert status_of(lambda: client.get_repo("practice-learner/hidden").get_contents("")) == 403


def test_workflows_are_another(application: Github, person: Github) -> None:
    path = ".github/workflows/a.yml"
    assert status_of(lambda: application.get_repo(NOTES).create_file(path, "first", "")) == 403
    person.get_repo(NOTES).create_file(path, "first", "")


def test_a_repository_is_made_by_the_person_only(application: Github, person: Github) -> None:
    assert status_of(lambda: repository(application)) == 403
    repository(person)


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        ([], []),
        (["gist"], ["gist"]),
        (["public_repo"], ["push", "repository"]),
        (["repo", "gist"], ["push", "hidden", "gist", "repository"]),
    ],
)
def test_a_classic_token_may_what_its_scopes_say(
    service: GitHub, client_for: ClientFor, scopes: list[str], allowed: list[str]
) -> None:
    service.add_repository("hidden", private=True)
    client = client_for(service.token_for("classic", Grant(scopes=scopes)))
    calls: dict[str, Callable[[], None]] = {
        "push": lambda: push(client),
        "hidden": lambda: push(client, "practice-learner/hidden"),
        "gist": lambda: gist(client),
        "repository": lambda: repository(client),
    }
    for name, call in calls.items():
        if name in allowed:
            call()
        else:
            # GitHub does not say that a scope is missing: for such a token the address is not there.
            assert status_of(call) == 404, name
    assert client.get_user().login
    assert client.oauth_scopes == (scopes or [""])


def test_what_belongs_to_others_is_not_written(service: GitHub, client_for: ClientFor, application: Github) -> None:
    service.add_repository("course", owner="practice-teacher")
    service.add_repository("exam", owner="practice-teacher", private=True)
    assert application.get_repo("practice-teacher/course").get_contents("README.md")
    assert status_of(lambda: push(application, "practice-teacher/course")) == 403
    assert status_of(lambda: application.get_repo("practice-teacher/exam")) == 404
    teacher = client_for(service.token_for("teacher", replace(APPLICATION, login="practice-teacher")))
    push(teacher, "practice-teacher/exam")


def test_an_hour_has_so_many_requests(service: GitHub, application: Github, client_for: ClientFor) -> None:
    token = service.lent().environment["GITHUB_TOKEN"]
    _ = application.get_user().login
    assert application.rate_limiting == (4999, 5000)
    assert application.get_rate_limit().rate.remaining == 4999
    service.use_up(token)
    with pytest.raises(RateLimitExceededException) as caught:
        application.get_repo(NOTES)
    headers = caught.value.headers or {}
    assert headers["x-ratelimit-remaining"] == "0"
    assert 0 < int(headers["x-ratelimit-reset"]) - time.time() <= 3600
    # Others have hours of their own, and without a token there is one for all.
    assert client_for("").get_repo(NOTES)
    assert client_for("").get_rate_limit().rate.limit == NOT_SIGNED_IN
