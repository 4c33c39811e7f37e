"""Faults from lines of the kernel's own log, as `dmesg` and `journalctl -k` print them. Pure."""

from __future__ import annotations

import re

from tutor.kit.devices.facts import Finding

_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("host-out-of-memory", re.compile(r"\b[Oo]ut of memory: Kill(?:ed)? process|\boom-kill:constraint=")),
    ("driver-library-mismatch", re.compile(r"NVRM: API mismatch")),
    (
        "no-nvidia-driver",
        re.compile(
            r"NVRM: No NVIDIA (?:GPU|graphics|device)|NVRM: The NVIDIA probe routine (?:was not called|failed)"
            r"|[Ff]ATAL: Module nvidia\S* not found|could not insert '?nvidia\S*: (?:Key was rejected|Required key)"
            r"|nvidia\S*: .{0,40}(?:unsigned|unavailable key|signature).{0,20}(?:is )?rejected|RmInitAdapter failed"
            r"|fallen off the bus",
            re.IGNORECASE,
        ),
    ),
    # NVIDIA's numbers for what went wrong on a card (Xid): 13 and 31 are a program's wrong access, 43 that it was stopped for one. Others
    # follow from these (45), or are about the card's health, which no code speaks of. Source: BytePlus, "How to handle common Xid events",
    # which refers to NVIDIA's list, read 2026-11.
    ("illegal-access", re.compile(r"NVRM: Xid \([^)]{0,40}\): (?:13|31|43),")),
)
_LONGEST = 240
"""Characters of a line that are quoted."""


def from_kernel_log(text: str) -> tuple[Finding, ...]:
    """What such lines show, each code once with its first line, in the order of the log."""
    found: dict[str, Finding] = {}
    for line in text.splitlines():
        for code, sign in _SIGNS:
            if code not in found and sign.search(line):
                found[code] = Finding(code, " ".join(line.split())[:_LONGEST])
    return tuple(found.values())
