from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tutor.harness import network

Talk = Callable[[socket.socket], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Talk], int]]:
    """Starts a server on the loopback interface that talks with each connection; gives its port."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    servers: list[socket.socket] = []

    def start(talk: Talk) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def work() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    talk(connection)

        threading.Thread(target=work, daemon=True).start()
        return int(server.getsockname()[1])

    yield start
    for server in servers:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_host_that_answers_is_reached_and_one_that_refuses_is_not(serve: Callable[[Talk], int]) -> None:
    port, closed = serve(lambda _: None), closed_port()
    found = network.unreached([f"127.0.0.1:{port}", f"127.0.0.1:{closed}"])
    assert list(found) == [f"127.0.0.1:{closed}"]
    assert "cannot be reached" in found[f"127.0.0.1:{closed}"]


def test_all_hosts_together_take_no_longer_than_the_limit(
    serve: Callable[[Talk], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def say_nothing(connection: socket.socket) -> None:
        connection.recv(1)
        asked.wait(30)

    port = serve(say_nothing)
    monkeypatch.setattr(network, "LIMIT", 0.3)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
    began = time.monotonic()
    found = network.unreached(["one.invalid", "two.invalid", "three.invalid"])
    asked.set()
    assert time.monotonic() - began < 3
    assert len(found) == 3


def test_an_http_proxy_is_asked_with_its_password(
    serve: Callable[[Talk], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        heard.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

    monkeypatch.setenv("https_proxy", f"http://ada:p%40ss@127.0.0.1:{serve(talk)}")
    assert network.unreached(["some.invalid"]) == {}
    assert heard[0].startswith(b"CONNECT some.invalid:443 HTTP/1.1\r\n")
    assert base64.b64encode(b"ada:p@ss") in heard[0]


def test_a_proxy_that_refuses_is_named(serve: Callable[[Talk], int], monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    port = serve(talk)
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{port}")
    reason = network.unreached(["some.invalid"])["some.invalid"]
    assert "403" in reason
    assert f"127.0.0.1:{port}" in reason


def test_socks_is_spoken(serve: Callable[[Talk], int], monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        heard.append(connection.recv(16))
        connection.sendall(b"\x05\x02")
        heard.append(connection.recv(64))
        connection.sendall(b"\x01\x00")
        heard.append(connection.recv(64))
        connection.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")

    monkeypatch.setenv("all_proxy", f"socks5h://ada:pw@127.0.0.1:{serve(talk)}")
    assert network.unreached(["some.invalid:22"]) == {}
    assert heard == [b"\x05\x02\x00\x02", b"\x01\x03ada\x02pw", b"\x05\x01\x00\x03\x0csome.invalid\x00\x16"]


def test_loopback_and_no_proxy_go_straight(serve: Callable[[Talk], int], monkeypatch: pytest.MonkeyPatch) -> None:
    port = serve(lambda _: None)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port()}")
    assert network.unreached([f"127.0.0.1:{port}", f"localhost:{port}"]) == {}
    assert network._proxy_for("some.invalid", 443) is not None
    monkeypatch.setenv("no_proxy", "invalid")
    assert network._proxy_for("some.invalid", 443) is None


@pytest.mark.parametrize(
    ("target", "parts"),
    [("a.b", ("a.b", 443)), ("a.b:22", ("a.b", 22)), ("[::1]:80", ("::1", 80)), ("::1", ("::1", 443))],
)
def test_a_target_is_a_host_and_perhaps_a_port(target: str, parts: tuple[str, int]) -> None:
    assert network._split(target) == parts
