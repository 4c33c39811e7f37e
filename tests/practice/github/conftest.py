from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from github import Github
from github.Repository import Repository

from tutor.kit.services.clients import github_at
from tutor.practice.github.service import GitHub

ClientFor = Callable[[str], Github]
NOTES = "practice-learner/gpu-notes"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[GitHub]:
    running = GitHub(tmp_path / "practice")
    yield running
    running.close()


@pytest.fixture
def client_for(service: GitHub) -> Iterator[ClientFor]:
    """The official client with that token; without one for the empty text."""
    made: list[Github] = []

    def client(token: str) -> Github:
        anonymous = Github(base_url=service.root, retry=None, seconds_between_requests=None, timeout=10)
        made.append(github_at(service.root, token) if token else anonymous)
        return made[-1]

    yield client
    for each in made:
        each.close()


@pytest.fixture
def person(service: GitHub, client_for: ClientFor) -> Github:
    return client_for(service.lent().by_hand["token"])


@pytest.fixture
def application(service: GitHub, client_for: ClientFor) -> Github:
    return client_for(service.lent().environment["GITHUB_TOKEN"])


@pytest.fixture
def notes(application: Github) -> Repository:
    return application.get_repo(NOTES)
