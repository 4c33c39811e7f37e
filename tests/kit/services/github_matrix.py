"""What can go wrong between the kit and GitHub, and what must be said of it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from github import Github
from github.Repository import Repository

from tutor.kit.services.clients import github_at
from tutor.kit.services.errors import ServiceError
from tutor.kit.services.github_words import Reason, Trouble
from tutor.kit.services.trying import Patience
from tutor.kit.services.unreached import Unreached
from tutor.practice import handler
from tutor.practice.faults import Fault, Kind
from tutor.practice.github.handler import GitHubHandler
from tutor.practice.github.service import GitHub

AT_ONCE = Patience(attempts=3, seconds=60, first_wait=0, longest_wait=0)
PASSING = {
    "429": Fault(Kind.STATUS, 429, headers={"Retry-After": "0"}),
    "403 too fast": Fault(Kind.STATUS, 403, "secondary", {"Retry-After": "0"}),
    "500": Fault(Kind.STATUS, 500),
    "502": Fault(Kind.STATUS, 502),
    "reset": Fault(Kind.RESET),
    "lost": Fault(Kind.LOST),
    "cut": Fault(Kind.CUT),
    "slow": Fault(Kind.SLOW),
    "silent": Fault(Kind.SILENT),
}
"""Once only, these go by."""
STAYING: dict[str, tuple[Fault, Reason | Unreached]] = {
    "401": (Fault(Kind.STATUS, 401), Reason.TOKEN),
    "403": (Fault(Kind.STATUS, 403), Reason.RIGHTS),
    "sso": (Fault(Kind.STATUS, 403, "sso"), Reason.SSO),
    "rate": (Fault(Kind.STATUS, 403, "rate"), Reason.RATE),
    "429": (Fault(Kind.STATUS, 429, headers={"Retry-After": "3600"}), Reason.RATE),
    "500": (Fault(Kind.STATUS, 500), Reason.BUSY),
    "502": (Fault(Kind.STATUS, 502), Reason.BUSY),
    "reset": (Fault(Kind.RESET), Unreached.CUT),
    "cut": (Fault(Kind.CUT), Unreached.CUT),
    "silent": (Fault(Kind.SILENT), Unreached.TIME),
    "page": (Fault(Kind.PAGE), Unreached.PAGE),
}
"""Each time, these are told, and so."""


@dataclass
class Bench:
    """A stand-in, a client, and everything that could give the token away."""

    service: GitHub
    client: Github
    token: str
    asked: list[str] = field(default_factory=list)

    @property
    def repo(self) -> Repository:
        return self.client.get_repo("practice-learner/gpu-notes")

    @property
    def newest(self) -> str:
        return self.repo.get_branch("main").commit.sha

    @contextmanager
    def waiting_briefly(self, fault: str) -> Iterator[None]:
        """Where no answer comes, it is not waited for long."""
        _ = self.repo  # now there is a connection, whose limit counts
        connection: Any = vars(self.client.requester)["_Requester__connection"]
        before = connection.timeout
        connection.timeout = 0.4 if fault == "silent" else before
        yield
        connection.timeout = before

    def commits_since(self, commit: str) -> list[str]:
        """The messages of those that came after that one."""
        return [each.commit.message for each in self.repo.compare(commit, "main").commits]


@contextmanager
def bench(service: GitHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """One with a client of its own."""
    monkeypatch.setattr(handler, "PIECE_SECONDS", 0.005)
    service.faults.clear()
    token = service.lent().environment["GITHUB_TOKEN"]
    client = github_at(service.root, token)
    made = Bench(service, client, token)
    prepare = GitHubHandler.prepare

    def noted(self: GitHubHandler) -> None:
        made.asked.append(self.request.uri or "")
        prepare(self)

    monkeypatch.setattr(GitHubHandler, "prepare", noted)
    yield made
    client.close()
    service.faults.clear()


def told(call: Callable[[], object], reason: Reason | Unreached, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails, in both languages with the sentences of that reason, and the token is nowhere in what is shown."""
    for language in ("en", "zh"):
        monkeypatch.setenv("TUTOR_LANG", language)
        with pytest.raises(ServiceError) as caught:
            call()
        shown = "".join(traceback.format_exception(caught.value))
        beginning = re.split(r"[.(（。]", str(Trouble(reason)))[0]
        assert str(caught.value).startswith(beginning), str(caught.value)
        assert token not in shown
        assert "<html" not in shown.lower()


def leaks(bench_used: Bench, home: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Where the token stands that it should not: in what was printed, in addresses, in files."""
    printed = capsys.readouterr()
    places = [name for name, text in (("stdout", printed.out), ("stderr", printed.err)) if bench_used.token in text]
    places += [uri for uri in bench_used.asked if bench_used.token in uri]
    files = [file for file in home.rglob("*") if file.is_file()]
    return places + [str(file) for file in files if bench_used.token.encode() in file.read_bytes()]
