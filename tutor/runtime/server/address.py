"""The address of a Jupyter server as people paste it: what of it is the server, what is a token, and what may be shown. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tutor.text.plain import strip

_PAGE = re.compile(r"/(?:lab|tree|notebooks|edit|doc|terminals|consoles|nbclassic|login|api)(?:/.*)?$")
"""Pages of Jupyter's own: what stands before them is the server."""
_BARE = re.compile(r"[\w.-]+:\d{1,5}(?:/.*)?")
"""`127.0.0.1:8888`: a scheme is easily left out."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is."""

    root: str
    """Scheme, host, port and the prefix of the path, ending in `/`; without a token."""
    token: str = field(default="", repr=False)
    """What the address brought along."""
    params: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """What else stood behind the question mark; each request has it. It may be as secret as a token."""

    @property
    def host(self) -> str:
        return urlsplit(self.root).hostname or ""

    @property
    def port(self) -> int:
        """The port, said or meant."""
        parts = urlsplit(self.root)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def is_loopback(self) -> bool:
        """On this computer, or at the end of a tunnel that begins here: no proxy may come between."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def socket_url(self, path: str, params: dict[str, str]) -> str:
        """Of something below the server, for a websocket; without a token."""
        query = urlencode([*self.params, *params.items()])
        return f"ws{self.root.removeprefix('http')}{path}?{query}"


def parse(text: str) -> Address | None:
    """The address, or None if it is none."""
    text = strip(text).strip().strip("<>\"'")
    if _BARE.fullmatch(text):
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port is None else f"{host}:{port}"
    path = _PAGE.sub("", parts.path).rstrip("/") + "/"
    query = parse_qsl(parts.query, keep_blank_values=True)
    token = next((value for name, value in query if name == "token"), "")
    rest = tuple((name, value) for name, value in query if name != "token")
    return Address(urlunsplit((parts.scheme, netloc, path, "", "")), token, rest)
