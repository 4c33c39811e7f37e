"""How pictures reach this terminal. Nothing is asked of it: an answer would come among the learner's keys. Its environment must do."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Way(StrEnum):
    """From the plainest to the best."""

    NAMED = "named"
    """A line of text that says what there is: without colours, nothing else can be shown."""
    BLOCKS = "blocks"
    """Half blocks, two colours in each cell."""
    SIXEL = "sixel"
    KITTY = "kitty"
    """Placeholders of Kitty's protocol, which are text and so scroll with it."""


KITTY_TERMS = frozenset({"xterm-kitty", "xterm-ghostty"})
SIXEL_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "mlterm", "contour"})
"""In `TERM_PROGRAM`. VS Code knows Sixel only where a setting allows it, Konsole and the Windows Terminal since versions that they do not
name: a picture that may not appear is worse than a coarse one."""
SIXEL_TERMS = frozenset({"foot", "foot-extra", "mlterm", "contour"})
MULTIPLEXERS = ("TMUX", "STY", "ZELLIJ")
"""Variables of programs that stand between and pass no pictures on, unless they are told to."""


def way_of(environment: Mapping[str, str]) -> Way:
    """The best way that is safe in a terminal with colours."""
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if any(environment.get(name) for name in MULTIPLEXERS) or term.startswith(("screen", "tmux")):
        return Way.BLOCKS
    if term in KITTY_TERMS:
        return Way.KITTY
    if program in SIXEL_PROGRAMS or term in SIXEL_TERMS:
        return Way.SIXEL
    return Way.BLOCKS


_in_use = [Way.BLOCKS]


def use(way: Way) -> None:
    """Lay pictures out for that way from now on; the app says so when it puts a theme on."""
    _in_use[0] = way


def way_in_use() -> Way:
    """The way for which room is made."""
    return _in_use[0]
