"""Is a card older or newer than what a program was built for? By the numbers in the text, then by the card's name."""

from __future__ import annotations

import re
from collections.abc import Iterable

OLDER, NEWER = "older", "newer"

_LIST = re.compile(
    r"supports? CUDA capabilities|supported by this version|minimum (?:required )?[cC]uda capability|[mM]inimum and|compatible with|built for|arch_list|no longer supports"
)
_SM = re.compile(r"(?:sm|compute)_(\d{2,3})")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.(\d)(?![\d.])")
_CARD = re.compile(
    r"capability (?:sm_(\d{2,3})|(\d{1,2})\.(\d))|(?:sm|compute)_(\d{2,3})\w? is not compatible|[Vv]alue 'sm_(\d{2,3})|architecture 'compute_(\d{2,3})|compute capability:? (\d{1,2})\.(\d)|GPUs? with (?:compute capability )?(\d{1,2})\.(\d)"
)
_NAMES: tuple[tuple[str, int], ...] = (
    (r"RTX (?:PRO )?50\d\d|RTX PRO \d000|RTX 5090|\bGB20[2-7]\b", 120),
    (r"\bB[23]00\b|\bGB[23]00\b", 100),
    (r"\bGB10\b|DGX Spark", 121),
    (r"\bH[12]00\b|\bGH200\b", 90),
    (r"RTX 40\d\d|\bL40S?\b|\bL4\b", 89),
    (r"RTX 30\d\d|RTX A\d000|\bA10G?\b|\bA40\b", 86),
    (r"\bA100\b", 80),
    (r"RTX 20\d\d|GTX 16\d\d|\bT4\b|Quadro RTX|TITAN RTX", 75),
    (r"\bV100\b|TITAN V\b", 70),
    (r"GTX 10\d\d|\bGT 1030\b|\bP40\b|\bP4\b|TITAN X|MX[123]\d0|Quadro P\d+", 61),
    (r"\bP100\b", 60),
    (r"GTX 9\d\d|\bM40\b|\bM60\b|Quadro M\d+|9[0-9]0M", 52),
    (r"GTX 75\d|GTX 8\d\dM|\bMX1\b", 50),
    (r"\bK80\b", 37),
    (r"\bK40\w?\b|\bK20\w?\b|GTX 7[678]\d|GT 7[1-4]\d|GTX TITAN|Quadro K\d+", 35),
    (r"GTX 6\d\d|\bK10\b", 30),
)  # fmt: skip
_NO_WHEEL_BELOW = 80
"""Cards from here on have never been dropped from a wheel: where one does not fit, the wheel is the older."""


def age(lines: Iterable[str], *, known: int | None = None, built_for: Iterable[int] = ()) -> str:
    """`older` or `newer`.

    Args:
        lines: the one that says that they do not fit, and those around it.
        known: what the caller knows of the card, used where the text does not say it: 75 for 7.5.
        built_for: and of the program, likewise.
    """
    lines = list(lines)
    card = _card(lines)
    supported = _supported(lines)
    if card is None and known is not None:
        card, supported = known, supported or sorted(built_for)
    if any("too old" in line or "no longer supports this GPU" in line for line in lines):
        return OLDER
    if card is None:
        return OLDER
    if supported:
        if card > supported[-1]:
            return NEWER
        if card < supported[0]:
            return OLDER
    return NEWER if card >= _NO_WHEEL_BELOW else OLDER


def _card(lines: list[str]) -> int | None:
    for line in lines:
        if found := _CARD.search(line):
            numbers = [one for one in found.groups() if one is not None]
            return int(numbers[0]) if len(numbers) == 1 else int(numbers[0]) * 10 + int(numbers[1])
    for line in lines:
        for pattern, number in _NAMES:
            if re.search(pattern, line):
                return number
    return None


def _supported(lines: list[str]) -> list[int]:
    """The numbers of the list, lowest first."""
    found: set[int] = set()
    for at, line in enumerate(lines):
        listed = _LIST.search(line)
        if listed and "is not compatible with the current" not in line:
            for part in (line[listed.start() :], *lines[at + 1 : at + 2]):
                found |= {int(one) for one in _SM.findall(part)}
                found |= {int(major) * 10 + int(minor) for major, minor in _DOTTED.findall(part)}
    return sorted(one for one in found if 20 <= one <= 150)
