"""The way from Google's client to the network: proxies, limits, and writes that are sent once."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from tests.network.servers import Talk, answering, silent, tunnel_to
from tests.support.proxies import beside, socks_to
from tutor.kit.services import drive
from tutor.kit.services.clients import drive_at
from tutor.kit.services.drive_file import ask
from tutor.kit.services.errors import NotSignedIn, ServiceError
from tutor.kit.services.google_client import Once, proxy_for
from tutor.kit.services.trying import Patience
from tutor.practice.drive.service import Drive

ONE_TRY = Patience(attempts=1)
ELSEWHERE = "http://drive.example.com"
"""Nobody looks this name up here: a proxy must."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Drive]:
    made = Drive(tmp_path / "google")
    made.names.add("drive.example.com")
    yield made
    made.close()


def user(root: str, token: str) -> str:
    with drive_at(root, token) as client:
        answer = ask(client.about().get(fields="user"), patience=ONE_TRY)
    return str(answer["user"]["displayName"])


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_others_are_reached_through_the_proxy_and_this_computer_is_not(
    service: Drive, kind: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    port = int(service.root.rpartition(":")[2])
    token = service.lent().environment["TUTOR_DRIVE_TOKEN"]
    if (kind, name[0]) == ("http", "A"):
        monkeypatch.setenv("HTTP_PROXY", "")  # an empty one is none
    with beside(tunnel_to(port, seen) if kind == "http" else socks_to(port, seen)) as proxy:
        monkeypatch.setenv(name, f"{kind}://127.0.0.1:{proxy}")
        assert user(service.root, token) == "practice-learner"
        assert user(service.root.replace("127.0.0.1", "localhost"), token) == "practice-learner"
        assert seen == []
        assert user(ELSEWHERE, token) == "practice-learner"
        assert len(seen) == 1
        assert "drive.example.com:80" in seen[0]
        assert token not in seen[0]


def test_a_proxy_gets_its_password_and_its_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:p%40ss@proxy.example:3128")
    found = proxy_for("https://www.googleapis.com")
    assert found is not None
    assert (found.proxy_host, found.proxy_port, found.proxy_user, found.proxy_pass) == (
        "proxy.example",
        3128,
        "me",
        "p@ss",
    )
    monkeypatch.setenv("NO_PROXY", ".googleapis.com,other.example:8080")
    assert proxy_for("https://www.googleapis.com") is None
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1")
    assert proxy_for("http://other.example:8080") is None
    found = proxy_for("http://third.example")
    assert found is not None
    assert (found.proxy_port, found.proxy_rdns) == (1080, False)
    for here in ("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"):
        assert proxy_for(here) is None


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        (answering("HTTP/1.1 407 Proxy Authentication Required"), "the proxy on the way does not let us through"),
        (answering("HTTP/1.1 200 OK"), "Something else answered|cut or refused"),
    ],
    ids=["refused", "empty"],
)
def test_a_proxy_that_is_none_is_told(talk: Talk, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with beside(talk) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://me:secret@127.0.0.1:{proxy}")
        with pytest.raises(ServiceError, match=text) as caught:
            user(ELSEWHERE, "ya29.token")
    assert "secret" not in str(caught.value)


def test_who_is_silent_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.kit.services.google_client.SILENCE_SECONDS", 0.05)
    with beside(silent) as port, pytest.raises(ServiceError, match="no answer in time"):
        user(f"http://127.0.0.1:{port}", "ya29.token")


def test_nobody_there_is_told() -> None:
    with pytest.raises(ServiceError, match="the connection was cut or refused"):
        user("http://127.0.0.1:9", "ya29.token")
    with pytest.raises(ServiceError, match="its name is not found"):
        user(ELSEWHERE, "ya29.token")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT"])
@pytest.mark.parametrize("is_old", [False, True], ids=["new", "used"])
def test_a_write_whose_answer_was_lost_is_sent_once(method: str, is_old: bool) -> None:
    asked: list[str] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            asked.append(head.split()[0])
            if not head.startswith("GET"):
                return  # the connection ends in good order, and without an answer
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with beside(talk) as port:
        carrier = Once(timeout=5)
        root = f"http://127.0.0.1:{port}/"
        if is_old:
            carrier.request(root)
        with pytest.raises(http.client.RemoteDisconnected):
            carrier.request(root, method=method)
        assert asked.count(method) == 1
        carrier.request(root)  # and it goes on with a new connection
        carrier.close()


def test_a_question_whose_connection_was_stale_is_asked_again() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")  # and here it has gone

    with beside(talk) as port:
        carrier = Once(timeout=5)
        for _ in range(2):
            assert carrier.request(f"http://127.0.0.1:{port}/")[0].status == 200
        carrier.close()


def test_a_token_that_is_refused_is_not_renewed_here(service: Drive) -> None:
    with drive_at(service.root, "ya29.other") as client, pytest.raises(HttpError) as caught:
        client.about().get(fields="user").execute()
    assert caught.value.resp.status == 401
    assert "ya29.other" not in repr(caught.value)


def test_it_is_signed_in_by_the_environment(service: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotSignedIn, match="TUTOR_DRIVE_TOKEN"):
        drive()
    for name, value in service.lent().environment.items():
        monkeypatch.setenv(name, value)
    # Google's own variables lead nowhere else.
    monkeypatch.setenv("GOOGLE_API_USE_MTLS_ENDPOINT", "always")
    monkeypatch.setenv("TUTOR_DRIVE_TOKEN", "ya29.one two")
    with pytest.raises(NotSignedIn, match=r"begin with ya29\.") as caught:
        drive()
    assert "one two" not in str(caught.value)
    monkeypatch.setenv("TUTOR_DRIVE_TOKEN", service.lent().environment["TUTOR_DRIVE_TOKEN"])
    with drive() as client:
        assert client.about().get(fields="user/me").execute() == {"user": {"me": True}}


def test_a_company_has_its_own_certificates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tutor.kit.services.google_client import signed

    for name in ("HTTPLIB2_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert signed("https://x.example", "t").http.ca_certs is None
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    carrier: Any = signed("https://x.example", "t")
    assert carrier.http.ca_certs == str(tmp_path / "authority.pem")
