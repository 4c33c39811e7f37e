"""The shapes of well-known tokens, as patterns that can also say where one could be beginning at the end of a text.

Every pattern starts with literal text and repeats single characters a bounded number of times, so none can backtrack for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_MOST = 2000
"""Characters of the longest token that is recognised whole."""
_KEY_BLOCK = 20_000
"""The same for a private key."""

_WORD = "[A-Za-z0-9]"
_NAME = "[A-Za-z0-9_-]"
_BASE64 = "[A-Za-z0-9/+=]"
_BEARER = "[A-Za-z0-9._~+/=-]"

Part = tuple[str, int, int]
"""A pattern of one character, and how often it stands at least and at most."""


@dataclass(frozen=True)
class Shape:
    """One kind of token: text that it begins with, then parts."""

    trigger: str
    """Literal; where it is missing nothing can match. In lower case if case does not matter."""
    parts: tuple[Part, ...]
    not_after: str = _WORD
    """A character before the trigger that shows that it is the end of something else. Only a trigger that does not begin with a
    letter or digit may follow one."""
    only_after: str = ""
    lead: int | None = None
    """How many parts after the trigger only lead to the secret and stay, as the trigger does; None if it belongs to the secret."""
    ignore_case: bool = False
    holding: str = ""
    """A lookahead that must fit after the trigger."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds it; group 1 is the secret."""
        parts = [f"{one}{{{least},{most}}}" for one, least, most in self.parts]
        trigger = re.escape(self.trigger)
        if self.lead is None:
            return self._compile(f"({trigger}{self.holding}{''.join(parts)})")
        return self._compile(f"{trigger}{''.join(parts[: self.lead])}({''.join(parts[self.lead :])})")

    @cached_property
    def beginning(self) -> re.Pattern[str]:
        """Finds one that reaches the end of the text, complete or not."""
        pattern = ""
        for one, least, most in reversed(self.parts):
            pattern = rf"(?:{one}{{0,{most}}}+\Z" + (f"|{one}{{{least},{most}}}{pattern})" if pattern else ")")
        for character in reversed(self.trigger):
            pattern = rf"{re.escape(character)}(?:\Z|{pattern})"
        return self._compile(pattern)

    @cached_property
    def reach(self) -> int:
        """Characters of the longest one."""
        return len(self.trigger) + sum(most for _, _, most in self.parts)

    def _compile(self, pattern: str) -> re.Pattern[str]:
        before = f"(?<={self.only_after})" if self.only_after else f"(?<!{self.not_after})" if self.not_after else ""
        return re.compile(before + pattern, re.IGNORECASE if self.ignore_case else 0)


def _many(one: str, least: int) -> Part:
    return (one, least, _MOST)


def _text(text: str) -> tuple[Part, ...]:
    return tuple((re.escape(character), 1, 1) for character in text)


_ASSIGNED: tuple[Part, ...] = (
    *(("[\"']", 0, 1), (r"\]", 0, 1), (r"\s", 0, 4), ("[:=,]", 1, 1)),
    *((r"\s", 0, 4), ("[\"']", 0, 1)),
)
"""Between a name and its value in shells, YAML, JSON and Python: `os.environ["NAME"] = "…"` and `setdefault("NAME", "…")` too."""


def _assigned(name: str, *secret: Part, ignore_case: bool = True) -> Shape:
    return Shape(name, (*_ASSIGNED, *secret), lead=len(_ASSIGNED), ignore_case=ignore_case)


def _shapes() -> Iterator[Shape]:
    for kind in "pousr":
        yield Shape(f"gh{kind}_", (_many(_WORD, 36),))
    yield Shape("github_pat_", (_many("[A-Za-z0-9_]", 22),))
    # Google: access token, client secret, refresh token, API key.
    yield Shape("ya29.", (_many("[A-Za-z0-9._-]", 20),))
    yield Shape("GOCSPX-", (_many(_NAME, 20),))
    yield Shape("1//0", (_many(_NAME, 30),))
    yield Shape("AIza", (_many(_NAME, 35),))
    # Kaggle: 32 hexadecimal digits are a secret only where they are called a key.
    yield Shape("KGAT_", (_many(_WORD, 16),))
    yield _assigned("kaggle_key", ("[0-9a-f]", 32, 64))
    for quote in "\"'":
        parts = ((r"\s", 0, 4), (":", 1, 1), (r"\s", 0, 4), (quote, 1, 1), ("[0-9a-f]", 32, 64))
        yield Shape(f"{quote}key{quote}", parts, not_after="", lead=4)
    for kind in ("AKIA", "ASIA"):
        yield Shape(kind, (("[A-Z0-9]", 16, 16),))
    for name in ("secret_access_key", "secretaccesskey"):
        yield _assigned(name, ("[A-Za-z0-9/+]", 40, 40))
    for name in ("session_token", "sessiontoken"):
        yield _assigned(name, _many(_BASE64, 60))
    yield Shape("hf_", (_many(_WORD, 30),))
    # Names of style sheets begin like this too (`sk-toggleable__label-arrow`), but have no digits.
    yield Shape("sk-", (_many(_NAME, 20),), holding="(?=[A-Za-z_-]{0,99}[0-9])")
    yield Shape("xox", (("[a-z]", 1, 1), ("-", 1, 1), _many("[A-Za-z0-9-]", 10)))
    yield Shape(
        "eyJ", (_many(_NAME, 8), *_text(".eyJ"), _many(_NAME, 8), *_text("."), (_NAME, 0, _MOST)), not_after=_NAME
    )
    # Jupyter's addresses; what a shell shows of the environment.
    yield Shape("token=", (_many("[^\\s&#\"'<>{}]", 8),), only_after="[?&]", lead=0, ignore_case=True)
    yield Shape("_TOKEN=", (_many("[A-Za-z0-9._~+/-]", 16),), not_after="", lead=0)
    yield Shape("bearer ", (_many(_BEARER, 16),), lead=0, ignore_case=True)
    for scheme in ("basic", "token", "bearer"):
        lead = (*_ASSIGNED, *_text(scheme), (r"\s", 1, 4))
        yield Shape("authorization", (*lead, _many(_BEARER, 8)), lead=len(lead), ignore_case=True)
    header = (("[A-Z0-9 ]", 0, 40), *_text("PRIVATE KEY-----"))
    body = (("(?:[^-]|-(?!----))", 0, _KEY_BLOCK), *_text("-----END "))
    yield Shape("-----BEGIN ", (*header, *body, *header), not_after="")
    # A key whose end is missing.
    yield Shape("-----BEGIN ", (*header, (r"[A-Za-z0-9+/=\s]", 64, _KEY_BLOCK)), not_after="")


SHAPES = tuple(_shapes())
