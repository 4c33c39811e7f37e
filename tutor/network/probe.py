"""Asks for an address and says how far it came: name, proxy, connection, TLS, answer. Bounded in time; sends nothing but the request."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from httpcore import AsyncNetworkStream

from tutor.network.targets import Target

LIMIT = 3.0
"""Seconds for each address, all of its stages together."""
AGENT = "gpu-tutor (doctor)"
NETWORK_SIGN_IN = 511
"""The status with which a network says that one must sign in first (RFC 6585)."""


class Stage(StrEnum):
    """Where the way to an address stopped."""

    NAME = "name"
    """Nobody knows the name."""
    PROXY = "proxy"
    """The proxy cannot be reached, refuses, or is of a kind that is not known."""
    CONNECTION = "connection"
    """The name has an address, and nothing answers there."""
    TLS = "tls"
    """Something answers, and it cannot show that it is who it should be."""
    SIGN_IN = "sign_in"
    """A page of somebody else answers: of the network, which wants a sign-in first."""
    ANSWER = "answer"
    """The connection stands, and no answer comes."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one address could be reached."""

    target: Target
    stage: Stage | None
    """Where it stopped; None when it was reached."""
    detail: str = ""
    """What the system, the proxy or the library said; text from outside, to be cleaned before it is shown."""
    status: int = 0
    """Of the answer, 0 without one. 401, 403 and 404 are answers too: whoever says so was reached."""
    seconds: float = 0.0
    proxy: str = ""
    """Host and port of the proxy on the way; never its user name or password."""

    @property
    def is_reached(self) -> bool:
        return self.stage is None


async def probe_all(targets: Sequence[Target], *, limit: float = LIMIT) -> AsyncGenerator[Reach, None]:
    """Each target once, as they answer; all at the same time."""
    context = await asyncio.to_thread(httpx.create_ssl_context)
    proxies = await asyncio.to_thread(getproxies)
    tasks = [asyncio.create_task(probe(target, proxies, context, limit=limit)) for target in targets]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def probe(target: Target, proxies: Mapping[str, str], context: ssl.SSLContext, *, limit: float = LIMIT) -> Reach:
    """Ask for one address. Args: `proxies` by scheme, as `urllib.request.getproxies` gives them."""
    attempt = _Attempt(target, _proxy_for(target, proxies), limit)
    started = time.monotonic()
    try:
        async with asyncio.timeout(limit):
            stage, detail, status = await attempt.ask(context)
    except TimeoutError:
        stage, detail, status = attempt.stage, f"no answer within {limit:g} s", 0
    return Reach(target, stage, detail, status, time.monotonic() - started, attempt.proxy_name)


class _Attempt:
    """One request, and how far it has come."""

    def __init__(self, target: Target, proxy: str, limit: float) -> None:
        self._target = target
        self._proxy = proxy
        self._limit = limit
        parts = urlsplit(proxy)
        self.proxy_name = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
        self.stage = Stage.NAME
        """Where it is now."""
        self._streams: list[AsyncNetworkStream] = []

    async def ask(self, context: ssl.SSLContext) -> tuple[Stage | None, str, int]:
        """Stage (None: reached), what was said, status."""
        known = urlsplit(self._proxy).hostname if self._proxy else self._target.host
        if unknown := await _look_up(known or ""):
            return (Stage.PROXY if self._proxy else Stage.NAME), unknown, 0
        self.stage = Stage.PROXY if self._proxy else Stage.CONNECTION
        try:
            client = httpx.AsyncClient(
                proxy=self._proxy or None,
                verify=context,
                trust_env=False,
                headers={"User-Agent": AGENT},
                timeout=self._limit,
            )
        except (ValueError, ImportError) as error:
            return Stage.PROXY, str(error), 0
        try:
            async with client:
                return await self._request(client)
        finally:
            # Cut off in the middle of a handshake, httpcore leaves its connection open.
            for stream in self._streams:
                await stream.aclose()

    async def _request(self, client: httpx.AsyncClient) -> tuple[Stage | None, str, int]:
        try:
            answer = await self._head_of(client, self._target.url)
        except httpx.ProxyError as error:
            return Stage.PROXY, _said(error), 0
        except httpx.HTTPError as error:
            stage = self.stage
            if stage is Stage.TLS and await self._is_signed_in_elsewhere(client):
                stage = Stage.SIGN_IN
            return stage, _said(error), 0
        if self._is_of_the_proxy(answer):
            return Stage.PROXY, f"{answer.status_code} {answer.reason_phrase}", answer.status_code
        if answer.status_code == NETWORK_SIGN_IN or not self._leads_to_own(answer):
            return Stage.SIGN_IN, _where(answer), answer.status_code
        return None, "", answer.status_code

    async def _head_of(self, client: httpx.AsyncClient, url: str) -> httpx.Response:
        """Status and headers; of the body not a byte is waited for."""
        async with client.stream("GET", url, extensions={"trace": self._follow}) as answer:
            return answer

    async def _is_signed_in_elsewhere(self, client: httpx.AsyncClient) -> bool:
        """Without TLS a network's page of sign-in shows itself, since it answers in the place of every host."""
        try:
            answer = await self._head_of(client, f"http://{self._target.host}/")
        except httpx.HTTPError:
            return False
        is_page = answer.is_success and "html" in answer.headers.get("content-type", "")
        return answer.status_code == NETWORK_SIGN_IN or is_page or not self._leads_to_own(answer)

    def _leads_to_own(self, answer: httpx.Response) -> bool:
        if not answer.has_redirect_location:
            return True
        host = answer.url.join(answer.headers["location"]).host
        return not host or self._target.is_own(host)

    def _is_of_the_proxy(self, answer: httpx.Response) -> bool:
        """Without TLS a proxy answers in the place of the host."""
        is_bare = self._proxy.startswith("http") and self._target.url.startswith("http:")
        return answer.status_code == httpx.codes.PROXY_AUTHENTICATION_REQUIRED or (
            is_bare and answer.status_code in (502, 503, 504)
        )

    async def _follow(self, event: str, about: Mapping[str, Any]) -> None:
        """What the connection is at, as httpcore tells it."""
        if event.endswith("connect_tcp.complete"):
            self._streams.append(about["return_value"])
        self.stage = _stage_after(event, self.stage, has_proxy=bool(self._proxy))


def _stage_after(event: str, before: Stage, *, has_proxy: bool) -> Stage:
    place, _, rest = event.partition(".")
    what = rest.partition(".")[0]
    if what == "start_tls":
        # To an HTTPS proxy the first handshake is with the proxy itself.
        return Stage.PROXY if has_proxy and place == "connection" else Stage.TLS
    if what in ("connect_tcp", "setup_socks5_connection"):
        return Stage.PROXY if has_proxy else Stage.CONNECTION
    if place.startswith("http") and what.startswith(("send_", "receive_")):
        # Until TLS through the tunnel begins, it is the proxy that is spoken to.
        return before if before is Stage.PROXY else Stage.ANSWER
    return before


def _proxy_for(target: Target, proxies: Mapping[str, str]) -> str:
    """The proxy's address; empty for none. Loopback never goes through one."""
    if target.host in ("localhost", "::1") or target.host.startswith("127.") or proxy_bypass(target.host):
        return ""
    scheme = urlsplit(target.url).scheme
    address = proxies.get(scheme) or proxies.get("all") or ""
    return address if "://" in address or not address else f"http://{address}"


async def _look_up(host: str) -> str:
    """Why nobody knows the name; empty if it has an address. In a thread of its own: a resolver that is silent must not hold up the end."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[str] = loop.create_future()

    def tell(reason: str) -> None:
        if not answered.done():
            answered.set_result(reason)

    def look_up() -> None:
        try:
            socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            reason = ""
        except (OSError, UnicodeError) as error:
            reason = str(error)
        try:
            loop.call_soon_threadsafe(tell, reason)
        except RuntimeError:  # nobody waits any more
            return

    threading.Thread(target=look_up, daemon=True, name=f"look up {host}").start()
    return await answered


def _said(error: httpx.HTTPError) -> str:
    """Some of the library's errors say nothing themselves."""
    return str(error) or (str(error.__cause__) if error.__cause__ else "") or type(error).__name__


def _where(answer: httpx.Response) -> str:
    if answer.has_redirect_location:
        return f"{answer.status_code} → {answer.url.join(answer.headers['location']).host}"
    return f"{answer.status_code} {answer.reason_phrase}"
