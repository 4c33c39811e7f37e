"""What somebody has pasted, before anybody is asked about it. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

FINE_GRAINED = "github_pat_"
CLASSIC = "ghp_"
WHOLE = {FINE_GRAINED: 93, CLASSIC: 40}
"""Characters of a token as GitHub makes them in 2026; a longer one may come one day."""
_TOKEN = re.compile(r"[A-Za-z0-9_]+")
_AROUND = re.compile(r"""(?:export\s+|set\s+)?(?:GITHUB_TOKEN\s*=\s*)?["'“”‘’`]?(.*?)["'“”‘’`]?""", re.DOTALL)
_OF_PROGRAMS = ("gho_", "ghu_", "ghs_", "ghr_")
_OF_OTHERS = ("KGAT_", "hf_", "sk-", "ya29.", "glpat-", "AKIA")


class Shape(StrEnum):
    """What it looks like."""

    FINE_GRAINED = "fine_grained"
    CLASSIC = "classic"
    EMPTY = "empty"
    HALF = "half"
    """The beginning of a token is missing its end, or there is more than one word."""
    HIDDEN = "hidden"
    """Dots or stars, as a page shows what it hides."""
    OF_A_PROGRAM = "of_a_program"
    """A token that GitHub gave to an application."""
    OF_OTHERS = "of_others"
    """One of another service."""
    KEY = "key"
    """A key for ssh."""
    ADDRESS = "address"
    NO_TOKEN = "no_token"  # noqa: S105 - a shape


def bare(text: str) -> str:
    """The token out of what was pasted: without quotes, and without the name of a variable before it."""
    found = _AROUND.fullmatch(text.strip())
    return (found[1] if found else text).strip()


def shape_of(token: str) -> Shape:
    """What a token looks like. Args: `token`: as `bare` gives it."""
    if not token:
        return Shape.EMPTY
    if set(token) <= set("*•●·.…"):
        return Shape.HIDDEN
    if token.startswith(("ssh-", "-----BEGIN", "ecdsa-", "SHA256:")):
        return Shape.KEY
    if "://" in token or token.startswith("github.com/"):
        return Shape.ADDRESS
    if token.startswith(_OF_OTHERS):
        return Shape.OF_OTHERS
    if token.startswith(_OF_PROGRAMS):
        return Shape.OF_A_PROGRAM
    for beginning, shape in ((FINE_GRAINED, Shape.FINE_GRAINED), (CLASSIC, Shape.CLASSIC)):
        if token.startswith(beginning):
            is_whole = _TOKEN.fullmatch(token) is not None and len(token) >= WHOLE[beginning]
            return shape if is_whole else Shape.HALF
    return Shape.NO_TOKEN
