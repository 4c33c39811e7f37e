"""How a run of text looks: what SGR sequences ask for, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

Color = int | tuple[int, int, int]
"""A number of the 256-colour palette (0 to 15 are the terminal's own), or red, green and blue."""


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a run. Concealed text is shown, and blinking text is still: neither helps a reader."""

    foreground: Color | None = None
    background: Color | None = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    reverse: bool = False


PLAIN = Style()

_CHANGES: dict[int, dict[str, bool | None]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"reverse": True},
    9: {"strike": True},
    21: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
    29: {"strike": False},
    39: {"foreground": None},
    49: {"background": None},
}
_EXTENDED = {38: "foreground", 48: "background", 58: ""}
"""Codes that a colour of their own follows; that of an underline is read over."""


@lru_cache(maxsize=1024)
def restyled(style: Style, parameters: str) -> Style:
    """The style after an SGR sequence; `parameters` is what stands between `CSI` and `m`."""
    codes = parameters.split(";")
    at = 0
    while at < len(codes):
        code, *arguments = codes[at].split(":")
        number = _number(code)
        at += 1
        if number in _EXTENDED:
            if not arguments:
                arguments = codes[at : at + (4 if codes[at : at + 1] == ["2"] else 2)]
                at += len(arguments)
            color = _color(arguments)
            if _EXTENDED[number] and color is not None:
                style = _with(style, {_EXTENDED[number]: color})
        elif number == 0:
            style = PLAIN
        elif number == 4 and arguments:
            style = _with(style, {"underline": _number(arguments[0]) != 0})
        elif number in _CHANGES:
            style = _with(style, _CHANGES[number])
        elif 30 <= number <= 37 or 90 <= number <= 97:
            style = _with(style, {"foreground": number - 30 if number < 90 else number - 82})
        elif 40 <= number <= 47 or 100 <= number <= 107:
            style = _with(style, {"background": number - 40 if number < 100 else number - 92})
    return style


def _with(style: Style, changes: Mapping[str, Any]) -> Style:
    return replace(style, **changes)


def _number(text: str) -> int:
    """A missing parameter is 0; one that is no number changes nothing."""
    if not text:
        return 0
    return int(text) if len(text) <= 6 and text.isascii() and text.isdigit() else -1


def _color(arguments: list[str]) -> Color | None:
    if len(arguments) >= 2 and arguments[0] == "5":
        number = _number(arguments[1])
        return number if 0 <= number <= 255 else None
    if len(arguments) >= 4 and arguments[0] == "2":
        # With colons a colour space, usually empty, may stand before the three.
        red, green, blue = (_number(part) for part in arguments[-3:])
        return (red, green, blue) if all(0 <= part <= 255 for part in (red, green, blue)) else None
    return None
