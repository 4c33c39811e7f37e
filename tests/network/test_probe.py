from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.network.servers import answering, certificate, serving, silent, tunnel_to
from tutor.network.probe import Reach, Stage, probe, probe_all
from tutor.network.targets import Target

HOST = "service.test"
OK = "HTTP/1.1 200 OK"


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything below .test is this machine."""
    look_up = socket.getaddrinfo

    def looked_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return look_up("127.0.0.1" if str(name).endswith(".test") else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


async def reach(
    url: str, proxy: str = "", trusted: Path | None = None, limit: float = 3.0, own: tuple[str, ...] = ()
) -> Reach:
    context = httpx.create_ssl_context()
    if trusted is not None:
        context.load_verify_locations(trusted)
    proxies = {"http": proxy, "https": proxy} if proxy else {}
    return await probe(Target("github", url, own), proxies, context, limit=limit)


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def test_an_answer_is_an_answer_whatever_it_says() -> None:
    for status in ("200 OK", "401 Unauthorized", "404 Not Found", "503 Service Unavailable"):
        async with serving(answering(f"HTTP/1.1 {status}")) as port:
            found = await reach(f"http://{HOST}:{port}/")
        assert found.is_reached, found
        assert found.status == int(status[:3])


async def test_a_name_that_nobody_knows() -> None:
    found = await reach("https://nowhere.invalid/")
    assert found.stage is Stage.NAME
    assert "nowhere.invalid" in found.detail


async def test_a_port_where_nobody_listens() -> None:
    assert (await reach(f"http://{HOST}:{closed_port()}/")).stage is Stage.CONNECTION


async def test_a_host_that_takes_the_connection_and_is_silent() -> None:
    async with serving(silent) as port:
        found = await reach(f"http://{HOST}:{port}/", limit=0.3)
        assert found.stage is Stage.ANSWER
        found = await reach(f"https://{HOST}:{port}/", limit=0.3)
        assert found.stage is Stage.TLS
    assert "0.3 s" in found.detail


async def test_a_resolver_that_is_silent_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    released = asyncio.Event()
    loop = asyncio.get_running_loop()

    def never(*_: Any, **__: Any) -> Any:
        asyncio.run_coroutine_threadsafe(released.wait(), loop).result()
        raise OSError("late")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    started = time.monotonic()
    found = await reach("https://slow.example/", limit=0.2)
    assert found.stage is Stage.NAME
    assert time.monotonic() - started < 2
    released.set()


async def test_a_certificate_that_nobody_vouches_for_and_one_that_is_trusted(tmp_path: Path) -> None:
    own = certificate(tmp_path, HOST)
    async with serving(answering(OK), own) as port:
        found = await reach(f"https://{HOST}:{port}/")
        assert found.stage is Stage.TLS
        assert "certificate" in found.detail.lower()
        assert (await reach(f"https://{HOST}:{port}/", trusted=own)).is_reached


async def test_a_page_of_somebody_else_is_a_sign_in() -> None:
    elsewhere = answering("HTTP/1.1 302 Found", "Location: http://hotel.example/welcome")
    async with serving(elsewhere) as port:
        found = await reach(f"http://{HOST}:{port}/")
    assert (found.stage, found.detail) == (Stage.SIGN_IN, "302 → hotel.example")
    async with serving(answering("HTTP/1.1 511 Network Authentication Required")) as port:
        assert (await reach(f"http://{HOST}:{port}/")).stage is Stage.SIGN_IN


async def test_a_redirect_within_the_service_is_none() -> None:
    for place in ("/login", f"https://www.{HOST}/", "https://accounts.owner.test/"):
        async with serving(answering("HTTP/1.1 302 Found", f"Location: {place}")) as port:
            assert (await reach(f"http://{HOST}:{port}/", own=("owner.test",))).is_reached, place


async def test_a_proxy_that_is_not_there_and_one_of_an_unknown_kind() -> None:
    gone = f"http://learner:secret@127.0.0.1:{closed_port()}"
    found = await reach(f"https://{HOST}/", gone)
    assert found.stage is Stage.PROXY
    assert found.proxy == gone.rpartition("@")[2]
    assert (await reach(f"https://{HOST}/", "gopher://127.0.0.1:70")).stage is Stage.PROXY
    assert (await reach(f"https://{HOST}/", "http://nobody.invalid:3128")).stage is Stage.PROXY


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses(scheme: str) -> None:
    async with serving(answering("HTTP/1.1 407 Proxy Authentication Required")) as port:
        found = await reach(f"{scheme}://{HOST}/", f"http://127.0.0.1:{port}")
    assert found.stage is Stage.PROXY
    assert "407" in found.detail


async def test_a_proxy_that_is_silent() -> None:
    async with serving(silent) as port:
        for proxy in (f"http://127.0.0.1:{port}", f"socks5://127.0.0.1:{port}"):
            assert (await reach(f"https://{HOST}/", proxy, limit=0.3)).stage is Stage.PROXY, proxy


async def test_a_proxy_that_leads_there_and_what_is_wrong_behind_it(tmp_path: Path) -> None:
    own, seen = certificate(tmp_path, HOST), list[str]()
    async with serving(answering(OK), own) as port, serving(tunnel_to(port, seen)) as between:
        proxy = f"http://learner:secret@127.0.0.1:{between}"
        assert (await reach(f"https://{HOST}/", proxy, trusted=own)).is_reached
        found = await reach(f"https://{HOST}/", proxy)
    assert found.stage is Stage.TLS
    assert seen[0].startswith(f"CONNECT {HOST}:443")
    assert "secret" not in repr(found)


async def test_loopback_never_goes_through_a_proxy() -> None:
    async with serving(answering(OK)) as port:
        assert (await reach(f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{closed_port()}")).is_reached


async def test_all_are_asked_at_once_and_those_left_are_not_waited_for() -> None:
    async with serving(answering(OK)) as fast, serving(silent) as slow:
        wanted = [Target("data", f"http://{HOST}:{slow}/") for _ in range(5)] + [
            Target("index", f"http://{HOST}:{fast}/")
        ]
        async with contextlib.aclosing(probe_all(wanted, limit=30)) as answers:
            first = await anext(answers)
    assert first.target.service == "index"
    assert first.is_reached


def test_the_context_is_one_that_checks() -> None:
    assert httpx.create_ssl_context().verify_mode is ssl.CERT_REQUIRED
