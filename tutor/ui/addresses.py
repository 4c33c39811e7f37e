"""A Jupyter server's address as it is pasted: found in the line that Jupyter prints, and parted from its token. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from tutor.text.scrub import Scrubber

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_TOKEN = re.compile(r"(?<=token=)[^&#\s]+", re.IGNORECASE)
MASK = "•"


def address_in(typed: str) -> str:
    """The first http(s) address in what was typed or pasted, or empty text."""
    found = _ADDRESS.search(typed)
    if found is None:
        return ""
    try:
        return found[0] if urlsplit(found[0]).hostname else ""
    except ValueError:  # brackets that belong to no IPv6 address
        return ""


def parted(address: str) -> tuple[str, str]:
    """The address without its token, and the token; all other parts of the query stay, since proxies need theirs."""
    parts = urlsplit(address)
    pieces = parts.query.split("&") if parts.query else []
    tokens = [piece for piece in pieces if piece.lower().startswith("token=")]
    rest = "&".join(piece for piece in pieces if piece not in tokens)
    token = unquote_plus(tokens[0].partition("=")[2]) if tokens else ""
    return urlunsplit(parts._replace(query=rest)), token


def masked(typed: str) -> str:
    """The same with a dot for each character of a token, as long as before."""
    return _TOKEN.sub(lambda match: MASK * len(match[0]), typed)


def holds_token(typed: str) -> bool:
    """Whether an address with a token, or a token of a well-known shape, is in it: that must not be kept with what was typed."""
    return any(_TOKEN.search(address) for address in _ADDRESS.findall(typed)) or Scrubber().scrub(typed) != typed
