"""Each fault that can happen when GitHub is asked whose a token is, and the ways to it through proxies."""

from __future__ import annotations

import socket
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.accounts.github.test_account import NOTES, account, credential
from tutor.accounts.github import asking
from tutor.accounts.model import AccountTrouble, Credential, Source, Trouble
from tutor.i18n import Words
from tutor.kit.services.clients import github_at
from tutor.kit.services.trying import Patience
from tutor.practice.faults import Fault, Kind
from tutor.practice.github.service import GitHub


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    """One for all faults."""
    running = GitHub(tmp_path_factory.mktemp("practice"))
    yield running
    running.close()


@pytest.fixture
def faulty(shared: GitHub) -> Iterator[GitHub]:
    yield shared
    shared.faults.clear()


FAULTS = {
    "401": (Fault(Kind.STATUS, 401), "github.reason_token", Trouble.REFUSED),
    "403": (Fault(Kind.STATUS, 403), "github.reason_rights", Trouble.RIGHTS),
    "sso": (Fault(Kind.STATUS, 403, "sso"), "github.reason_sso", Trouble.RIGHTS),
    "rate": (Fault(Kind.STATUS, 403, "rate"), "accounts.busy_minutes", Trouble.BUSY),
    "404": (Fault(Kind.STATUS, 404), "github.reason_missing", Trouble.NETWORK),
    "409": (Fault(Kind.STATUS, 409), "github.reason_conflict", Trouble.BUSY),
    "422": (Fault(Kind.STATUS, 422), "github.reason_unaccepted", Trouble.REFUSED),
    "429": (Fault(Kind.STATUS, 429, headers={"Retry-After": "600"}), "accounts.busy_minutes", Trouble.BUSY),
    "500": (Fault(Kind.STATUS, 500), "accounts.fault", Trouble.BUSY),
    "502": (Fault(Kind.STATUS, 502), "accounts.fault", Trouble.BUSY),
    "reset": (Fault(Kind.RESET), "accounts.away_cut", Trouble.NETWORK),
    "lost": (Fault(Kind.LOST), "accounts.away_cut", Trouble.NETWORK),
    "cut": (Fault(Kind.CUT), "accounts.away_cut", Trouble.NETWORK),
    "silent": (Fault(Kind.SILENT), "accounts.away_time", Trouble.NETWORK),
    "page": (Fault(Kind.PAGE), "accounts.away_page", Trouble.NETWORK),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("fault", FAULTS)
def test_each_refusal_is_told_in_plain_words(
    faulty: GitHub, tmp_path: Path, fault: str, language: str, capfd: pytest.CaptureFixture[str]
) -> None:
    planned, said, trouble = FAULTS[fault]
    token = faulty.token_for("a")
    words = Words(language)
    faulty.faults.plan(planned, path="^/user$", times=9)
    with pytest.raises(AccountTrouble) as caught:
        account(faulty, tmp_path, words).verify(credential(faulty, token))
    assert caught.value.trouble is trouble
    assert caught.value.message.startswith(
        words(said, service="GitHub", count=10, status=0).partition("10")[0].partition("0")[0]
    )
    assert caught.value.hint
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.message + caught.value.hint
    printed = capfd.readouterr()
    assert token not in shown + printed.out + printed.err
    assert "<html" not in shown.lower()


@pytest.mark.parametrize("fault", ["500", "502", "reset", "lost", "cut", "silent"])
def test_once_only_it_goes_by(faulty: GitHub, tmp_path: Path, fault: str) -> None:
    faulty.faults.plan(FAULTS[fault][0], path="^/user$")
    assert account(faulty, tmp_path).verify(credential(faulty, faulty.token_for("a"))).who == "practice-learner"
    assert faulty.faults.met


def test_a_slow_answer_is_one(faulty: GitHub, tmp_path: Path) -> None:
    faulty.faults.plan(Fault(Kind.SLOW), path="^/user$")
    assert account(faulty, tmp_path).verify(credential(faulty, faulty.token_for("a"))).who == "practice-learner"


def test_where_nobody_is(service: GitHub, tmp_path: Path) -> None:
    there = credential(service, service.token_for("a"))
    here = account(service, tmp_path)
    service.close()
    with pytest.raises(AccountTrouble) as caught:
        here.verify(there)
    assert caught.value.trouble is Trouble.NETWORK


@pytest.mark.parametrize("asked_by", ["account", "client"])
def test_everything_else_takes_the_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked_by: str) -> None:
    met: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def meet() -> None:
            connection, _ = proxy.accept()
            with connection:
                met.append(connection.recv(1000))
                connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

        waiting = threading.Thread(target=meet, daemon=True)
        waiting.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setattr(asking, "PATIENCE", Patience(1))
        if asked_by == "account":
            with pytest.raises(AccountTrouble, match="The proxy on the way"):
                account(None, tmp_path).verify(Credential({"GITHUB_TOKEN": "github_pat_x"}, Source.VARIABLE, "x"))
        else:
            client = github_at("https://api.github.com", "github_pat_x")
            with pytest.raises(requests.exceptions.ProxyError):
                client.get_repo(NOTES)
            client.close()
        waiting.join(10)
    assert met[0].startswith(b"CONNECT api.github.com:443 ")
    assert b"github_pat" not in met[0]
