"""Servers that refuse, and things that are no servers: each a clear text with the mend."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.jupyter import TOKEN, JupyterServer, free_port
from tutor.errors import ServerError
from tutor.i18n import Words
from tutor.runtime.server import rest
from tutor.runtime.server.access import Access
from tutor.runtime.server.address import parse
from tutor.runtime.server.known import KnownServer
from tutor.runtime.server.rest import Api


def api(url: str, token: str = "", *, seconds: float = 5.0) -> Api:
    address = parse(url)
    assert address is not None
    return Api(Access(address, token or address.token), Words("en"), seconds=seconds)


@contextmanager
def answers(status: int, body: str, **headers: str) -> Iterator[str]:
    """A server that says the same to everybody; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET  # noqa: N815 - the library looks for this name

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


async def refused(one: Api) -> ServerError:
    async with one:
        with pytest.raises(ServerError) as caught:
            await one.status()
    return caught.value


async def test_a_server_that_lets_us_in(server: JupyterServer) -> None:
    async with api(server.url) as one:
        status = await one.status()
    assert status.version.startswith("2.")


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_missing_or_wrong_token(server: JupyterServer, token: str) -> None:
    error = await refused(api(server.root, token))
    assert error.about_token
    assert ("does not accept" in error.message) is bool(token)
    assert "jupyter server list" in error.hint


async def test_the_prefix_is_missing(server: JupyterServer) -> None:
    error = await refused(api(f"http://127.0.0.1:{server.port}/", TOKEN))
    assert "not a Jupyter server" in error.message


async def test_nobody_is_there() -> None:
    port = free_port()
    error = await refused(api(f"http://127.0.0.1:{port}/"))
    assert error.message == f"Nothing answers at http://127.0.0.1:{port}/."
    assert f"ssh -N -L {port}:127.0.0.1:8888" in error.hint


async def test_a_name_that_nobody_knows() -> None:
    error = await refused(api("http://gpu.example.org:8888/"))
    assert error.message == "Nothing answers at http://gpu.example.org:8888/."


@pytest.mark.parametrize("body", ["<html>hello</html>", "[]", "{}", "null"])
async def test_something_else_answers(body: str) -> None:
    with answers(200, body) as url:
        assert "not a Jupyter server" in (await refused(api(url))).message


async def test_a_page_to_sign_in_is_no_answer() -> None:
    with answers(302, "", location="/hub/login?next=x") as url:
        assert (await refused(api(url))).about_token


async def test_a_server_that_has_too_many_kernels() -> None:
    with answers(403, '{"message": "Resource Limit\\u001b[31m with token secret"}') as url:
        async with api(url, "secret") as one:
            with pytest.raises(ServerError) as caught:
                await one.start_kernel("python3")
    assert not caught.value.about_token
    assert "Resource Limit with token … (403)" in caught.value.message
    assert "runtimes" in caught.value.hint


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_a_server_in_trouble(status: int) -> None:
    with answers(status, "<html>Bad Gateway</html>") as url:
        assert f"({status})" in (await refused(api(url))).message


async def test_a_server_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = await refused(api(f"http://127.0.0.1:{silent.getsockname()[1]}/", seconds=0.2))
    assert "does not answer in time" in error.message


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9"])
async def test_loopback_never_goes_through_a_proxy(
    server: JupyterServer, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    async with api(server.url) as one:
        assert (await one.status()).version


async def test_other_hosts_do_go_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    error = await refused(api("http://gpu.example.org:8888/"))
    assert "Nothing answers" in error.message  # of the proxy, in fact; `doctor --net` tells


async def test_a_kernel_that_is_no_python_is_not_started() -> None:
    specs = '{"default": "ir", "kernelspecs": {"ir": {"spec": {"language": "R"}}}}'
    with answers(200, specs) as url:
        async with api(url) as one:
            with pytest.raises(ServerError, match="no Python kernel"):
                await one.python_kernel()


async def test_the_servers_default_is_taken_if_it_is_python() -> None:
    specs = '{"default": "b", "kernelspecs": {"a": {"spec": {"language": "python"}}, "b": {"spec": {"language": "Python"}}}}'
    with answers(200, specs) as url:
        async with api(url) as one:
            assert await one.python_kernel() == "b"


def test_words_of_refusals_are_there_in_both_languages() -> None:
    import re
    from pathlib import Path

    kinds = set(re.findall(r'_problem\("(\w+)"', Path(rest.__file__).read_text()))
    kinds |= {"no_token", "wrong_token", "nobody", "nobody_here"}
    values = {"url": "u", "port": 1, "reason": "r", "status": 1, "said": "s"}
    for language in ("en", "zh"):
        words = Words(language)
        assert all(words(f"server.{kind}", **values) and words(f"server.{kind}_hint", **values) for kind in kinds)


async def test_headers_and_parameters_that_a_proxy_wants_go_with_every_request() -> None:
    seen: list[tuple[str, str | None, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers.get("X-Proxy-Token"), self.headers.get("Authorization")))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"version": "2.0"}')

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = parse(f"http://127.0.0.1:{server.server_port}/p/?authuser=0")
        assert address is not None
        known = KnownServer("colab", address, "t", headers={"X-Proxy-Token": "h"})
        async with Api(known.access, Words("en")) as one:
            await one.status()
        server.shutdown()
    assert seen == [("/p/api?authuser=0", "h", "token t"), ("/p/api/status?authuser=0", "h", "token t")]
    assert "h'" not in repr(known)
