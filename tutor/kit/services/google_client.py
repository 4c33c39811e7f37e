"""How Google's client speaks to the network: limits in time, proxies, and no write sent a second time behind one's back."""

from __future__ import annotations

import http.client
import json
import os
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httplib2

from tutor.kit.loopback import is_loopback
from tutor.kit.services.errors import NotSignedIn
from tutor.kit.words import speak

SILENCE_SECONDS = 30.0
"""Without a single byte in either direction."""
_HTTP, _SOCKS4, _SOCKS5 = 3, 1, 2  # as PySocks counts them
_KINDS = {"http": _HTTP, "https": _HTTP, "socks4": _SOCKS4, "socks4a": _SOCKS4, "socks5": _SOCKS5, "socks5h": _SOCKS5}
_NO_TOKEN = {
    "en": "What stands in TUTOR_DRIVE_TOKEN is no access token of Google's: those are one word, and begin with ya29.",
    "zh": "TUTOR_DRIVE_TOKEN 里的不是 Google 的访问令牌：访问令牌是一整串字符，以 ya29. 开头。",
}
_LOOK_UP_HERE = ("socks4", "socks5")
"""Kinds whose proxies get addresses; the others get names, and look them up themselves."""


def described_at(root: str) -> dict[str, Any]:
    """Google's description of Drive, with this address in it.

    The client takes host and port of another address, never its `http://`; written into the description it takes both.
    """
    from googleapiclient.discovery_cache import get_static_doc

    described: dict[str, Any] = json.loads(get_static_doc("drive", "v3"))
    return {**described, "rootUrl": f"{root.rstrip('/')}/"}


def signed(root: str, token: str) -> Any:
    """What carries the client's requests to that address, each with the token. The token is never renewed here: tutor does that.

    Raises:
        NotSignedIn: it cannot be one.
    """
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise NotSignedIn(speak(_NO_TOKEN))
    from google.oauth2.credentials import Credentials
    from google_auth_httplib2 import AuthorizedHttp  # type: ignore[import-untyped]

    carrier = Once(timeout=SILENCE_SECONDS, proxy_info=proxy_for(root), ca_certs=_certificates())
    # Of a resumable upload, 308 says how much has arrived, and sends nobody elsewhere.
    carrier.redirect_codes = carrier.redirect_codes - {308}
    return AuthorizedHttp(Credentials(token), http=carrier, refresh_status_codes=(), max_refresh_attempts=0)


class Once(httplib2.Http):  # type: ignore[misc]  # it has no types
    """httplib2, which repeats any request whose connection ended without an answer: not those that write.

    Whether such a write took effect nobody knows, and a body that was read from a file is at its end by then.
    """

    def _conn_request(self, conn: Any, request_uri: str, method: str, body: Any, headers: Any) -> Any:
        if method in ("GET", "HEAD"):
            return super()._conn_request(conn, request_uri, method, body, headers)
        if (
            method != "PUT"
        ):  # pieces follow one another; before other writes a connection may have been idle, and be dead
            conn.close()
        connect, left = conn.connect, 1 if conn.sock is None else 0

        def connect_once() -> None:
            nonlocal left
            if not left:
                raise http.client.RemoteDisconnected("the connection ended without an answer")
            connect()
            left -= 1

        conn.connect = connect_once
        try:
            return super()._conn_request(conn, request_uri, method, body, headers)
        except BaseException:
            conn.close()
            raise
        finally:
            del conn.connect


def proxy_for(url: str) -> httplib2.ProxyInfo | None:
    """The proxy on the way there, as the environment or the system has it; None for none, and always for this computer itself."""
    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    proxies = getproxies()
    named = proxies.get(parts.scheme) or proxies.get("all")
    if not named:
        return None
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    kind = proxy.scheme.lower()
    made = httplib2.ProxyInfo(
        _KINDS.get(kind, _HTTP),
        proxy.hostname,
        proxy.port or (1080 if kind.startswith("socks") else 443 if kind == "https" else 80),
        proxy_rdns=kind not in _LOOK_UP_HERE,
        proxy_user=unquote(proxy.username) if proxy.username else None,
        proxy_pass=unquote(proxy.password) if proxy.password else None,
    )
    made.bypass_hosts = ()  # asked above, by rules that know ports and addresses too
    return made


def _certificates() -> str | None:
    """Where a company's own authority stands, as other programs are told; None for the usual ones."""
    names = ("HTTPLIB2_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
    return next((os.environ[name] for name in names if os.environ.get(name)), None)
