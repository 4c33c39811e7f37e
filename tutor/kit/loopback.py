"""This computer itself, which no proxy leads to."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_loopback(url: str) -> bool:
    """Whether that address is on this computer."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def straight(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Variables by which no client sends what is meant for this computer to a proxy."""
    named = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    value = ",".join(filter(None, (named, *LOOPBACK)))
    return {"NO_PROXY": value, "no_proxy": value}
