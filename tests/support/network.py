"""Keeps the test process off every network but loopback."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest


class NetworkBlockedError(OSError):
    """A test reached for the network. An OSError, so that the program takes it for what it is to a learner: no network."""


def is_local(host: Any) -> bool:
    """Whether that host, as a socket call names it, is this machine."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let connections to loopback and Unix sockets pass, refuse all others and all look-ups of names."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse_remote(sock: socket.socket, address: Any) -> None:
        if sock.family in {socket.AF_INET, socket.AF_INET6} and not is_local(address[0]):
            raise NetworkBlockedError(f"tests have no network: {address}")

    def local_connect(sock: socket.socket, address: Any) -> None:
        refuse_remote(sock, address)
        connect(sock, address)

    def local_connect_ex(sock: socket.socket, address: Any) -> int:
        refuse_remote(sock, address)
        return connect_ex(sock, address)

    def local_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_local(host):
            raise socket.gaierror(socket.EAI_NONAME, f"tests have no network: {host}")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", local_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", local_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", local_look_up)
