"""`tutor explain`: what an error text means, what caused it here, and what mends it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tutor.commands import machine_facts
from tutor.commands.environment import Environment
from tutor.commands.explaining import fault_lines
from tutor.errors import ExitCode, UsageError
from tutor.faults.explain import explain as faults_in
from tutor.faults.model import Fault
from tutor.i18n import Words
from tutor.text.scrub import Scrubber

MOST_BYTES = 20_000_000
"""Of a longer text only the end is looked at: that is where an error stands."""
_PIECE = 1 << 20
_QUOTED_AT_MOST = 240
_SECRET_NAMES = ("TOKEN", "SECRET", "PASSWORD", "API_KEY", "ACCESS_KEY", "KAGGLE_KEY")
"""The values of variables so named must not be repeated, whatever they look like."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read."""

    text: str
    lines_before: int
    """Lines of the text that were left out because it is so long."""


def explain(options: argparse.Namespace) -> int:
    """Print the faults, nearest cause first; 1 if none is known."""
    environment = Environment.of(options)
    words = environment.words
    read = _read(options.file, words)
    scrubber = Scrubber(_secrets(os.environ))
    found = faults_in(read.text, machine_facts.look(), environment.language)
    if options.json:
        print(json.dumps([_as_json(fault, read.lines_before, scrubber) for fault in found], ensure_ascii=False))
    elif found:
        print("\n\n".join(_as_text(fault, read.lines_before, scrubber, words) for fault in found))
    else:
        print(words("faults.unknown" if read.text.strip() else "faults.empty"))
    return ExitCode.PASSED if found else ExitCode.NOT_YET


def _as_json(fault: Fault, lines_before: int, scrubber: Scrubber) -> dict[str, object]:
    return {
        "code": fault.code,
        "cause": scrubber.scrub(fault.cause),
        "mend": scrubber.scrub(fault.mend),
        "line": fault.line + lines_before,
    }


def _as_text(fault: Fault, lines_before: int, scrubber: Scrubber, words: Words) -> str:
    quoted = scrubber.scrub(fault.quoted)
    if len(quoted) > _QUOTED_AT_MOST:
        quoted = quoted[:_QUOTED_AT_MOST].rstrip() + "…"
    title = words("faults.line", line=fault.line + lines_before, code=fault.code, quoted=quoted)
    told = fault_lines(scrubber.scrub(fault.cause), scrubber.scrub(fault.mend), fault.lesson, words)
    return "\n".join([title, *told])


def _secrets(variables: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    return [
        (name, value)
        for name, value in variables.items()
        if len(value) >= 8 and any(part in name.upper() for part in _SECRET_NAMES)
    ]


def _read(name: str, words: Words) -> _Read:
    """The text of a file, or of standard input for `-`.

    Raises:
        UsageError: the file cannot be read.
    """
    if name == "-":
        if sys.stdin is None:
            return _Read("", 0)
        if sys.stdin.isatty():
            print(words("faults.paste"), file=sys.stderr, flush=True)
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).expanduser().open("rb") as file:
            data, lines_before = _end_of(file)
    except OSError as error:
        raise UsageError(words("faults.no_file", file=name, error=error.strerror or str(error))) from error
    if lines_before:
        print(words("faults.cut", megabytes=MOST_BYTES // 1_000_000), file=sys.stderr)
    return _Read(decoded(data), lines_before)


def _end_of(file: BinaryIO) -> tuple[bytes, int]:
    """The last bytes, beginning with a whole line where there is one, and how many lines stand before them."""
    kept = bytearray()
    lines_before = 0
    while piece := file.read(_PIECE):
        kept += piece
        if len(kept) > MOST_BYTES + _PIECE:
            surplus = len(kept) - MOST_BYTES
            lines_before += kept.count(b"\n", 0, surplus)
            del kept[:surplus]
    surplus = len(kept) - MOST_BYTES
    if surplus > 0:
        lines_before += kept.count(b"\n", 0, surplus)
        del kept[:surplus]
    return bytes(kept), lines_before


def decoded(data: bytes) -> str:
    """Text of bytes in whatever encoding a terminal, PowerShell or a Chinese Windows may have written."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig", errors="replace")
    beginning = data[:2000]
    for encoding, zeros in (("utf-16-le", beginning[1::2]), ("utf-16-be", beginning[::2])):
        if len(beginning) >= 4 and zeros.count(0) > len(zeros) * 0.6:
            return data.decode(encoding, errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")
