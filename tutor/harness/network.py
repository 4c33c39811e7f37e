"""Whether hosts can be reached from here, through the proxy if one is set. Bounded in time, all hosts at once."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

LIMIT = 3.0
"""Seconds for all hosts together."""


def unreached(targets: Sequence[str]) -> dict[str, str]:
    """Each `HOST[:PORT]` that no connection could be made to, with the reason."""
    answers: dict[str, str] = {}
    threads = [threading.Thread(target=_try, args=(target, answers), daemon=True) for target in dict.fromkeys(targets)]
    deadline = time.monotonic() + LIMIT
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    late = f"no connection within {LIMIT:.0f} s"
    return {target: reason for target in targets if (reason := answers.get(target, f"{target}: {late}"))}


def _try(target: str, answers: dict[str, str]) -> None:
    host, port = _split(target)
    proxy = _proxy_for(host, port)
    way = f" through the proxy {proxy.hostname}:{proxy.port or _DEFAULT_PORTS.get(proxy.scheme, 0)}" if proxy else ""
    try:
        (_connect_by(proxy, host, port) if proxy else socket.create_connection((host, port), LIMIT)).close()
    except (OSError, ValueError) as error:
        answers[target] = f"{host}:{port} cannot be reached{way}: {error}"
    else:
        answers[target] = ""


def _split(target: str) -> tuple[str, int]:
    """Host and port; 443 if none is named. An IPv6 address with a port stands in brackets."""
    if target.startswith("["):
        host, _, rest = target[1:].partition("]")
        port = rest.removeprefix(":")
    elif target.count(":") > 1:
        host, port = target, ""
    else:
        host, _, port = target.partition(":")
    return host, int(port or 443)


def _proxy_for(host: str, port: int) -> SplitResult | None:
    proxies = getproxies_environment()
    address = proxies.get("http" if port == 80 else "https") or proxies.get("all")
    if not address or host == "localhost" or host.startswith("127.") or host == "::1":
        return None
    if proxy_bypass_environment(f"{host}:{port}", proxies) or proxy_bypass_environment(host, proxies):
        return None
    return urlsplit(address if "://" in address else f"http://{address}")


_DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks": 1080}


def _connect_by(proxy: SplitResult, host: str, port: int) -> socket.socket:
    if proxy.scheme not in _DEFAULT_PORTS or not proxy.hostname:
        raise ValueError(f"a proxy of the kind {proxy.scheme!r} is not known")
    connection = socket.create_connection((proxy.hostname, proxy.port or _DEFAULT_PORTS[proxy.scheme]), LIMIT)
    try:
        if proxy.scheme == "https":
            connection = ssl.create_default_context().wrap_socket(connection, server_hostname=proxy.hostname)
        if proxy.scheme.startswith("socks"):
            _ask_socks(connection, proxy, host, port)
        else:
            _ask_http(connection, proxy, host, port)
    except BaseException:
        connection.close()
        raise
    return connection


def _ask_http(connection: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
    name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {name} HTTP/1.1", f"Host: {name}"]
    if proxy.username is not None:
        secret = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        lines.append("Proxy-Authorization: Basic " + base64.b64encode(secret.encode()).decode())
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while b"\r\n" not in answer and len(answer) < 4096:
        piece = connection.recv(4096)
        if not piece:
            break
        answer += piece
    status = answer.split(b"\r\n", 1)[0].decode("latin-1")
    if status.split(" ")[1:2] != ["200"]:
        raise OSError(f"the proxy answered {status[:100]!r}")


def _ask_socks(connection: socket.socket, proxy: SplitResult, host: str, port: int) -> None:
    """RFC 1928 and 1929; the proxy looks the name up, as only it may be able to."""
    methods = b"\x00\x02" if proxy.username is not None else b"\x00"
    connection.sendall(b"\x05" + bytes([len(methods)]) + methods)
    version, method = _receive(connection, 2)
    if version != 5 or method == 0xFF:
        raise OSError("the proxy speaks no SOCKS 5, or wants another way to sign in")
    if method == 2:
        name, password = unquote(proxy.username or "").encode(), unquote(proxy.password or "").encode()
        connection.sendall(b"\x01" + bytes([len(name)]) + name + bytes([len(password)]) + password)
        if _receive(connection, 2)[1] != 0:
            raise OSError("the proxy refused the user name or password")
    name = host.encode("idna")
    connection.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + port.to_bytes(2, "big"))
    status = _receive(connection, 4)[1]
    if status != 0:
        raise OSError(f"the proxy could not connect (SOCKS status {status})")


def _receive(connection: socket.socket, count: int) -> bytes:
    answer = b""
    while len(answer) < count:
        piece = connection.recv(count - len(answer))
        if not piece:
            raise OSError("the proxy closed the connection")
        answer += piece
    return answer
