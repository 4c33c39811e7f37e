"""`tutor receipt FILE|-`: record what passed in a notebook elsewhere."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from tutor.commands.environment import Environment
from tutor.commands.receiving import Receiver
from tutor.errors import UsageError
from tutor.i18n import Words

MOST = 256 << 20
"""Bytes of a file: a notebook with many pictures is large, and nothing else is looked for."""


def receipt(options: argparse.Namespace) -> int:
    """Print what became of each step; the exit code is 0 when all of them are passed now."""
    environment = Environment.of(options)
    words = environment.words
    text = _pasted(words) if options.file == "-" else _read(Path(options.file).expanduser(), words)
    received = Receiver(environment)(text, environment.language)
    print(received.told)
    return received.exit_code


def _read(file: Path, words: Words) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST + 1)
    except OSError as error:
        hint = words("receipt.unreadable_hint")
        raise UsageError(words("receipt.unreadable", file=file, error=error.strerror), hint) from error
    if len(data) > MOST:
        raise UsageError(words("receipt.too_large", file=file), words("receipt.too_large_hint"))
    return data.decode("utf-8-sig", "replace")


def _pasted(words: Words) -> str:
    """What is piped in, or the line that is pasted into a terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.buffer.read(MOST).decode("utf-8-sig", "replace")
    with contextlib.suppress(ImportError):
        # With it `input` takes long lines: a terminal by itself cuts them at 4096 characters.
        import readline  # noqa: F401
    print(words("receipt.paste"), file=sys.stderr)
    lines: list[str] = []
    with contextlib.suppress(EOFError):
        while (line := input()).strip():
            lines.append(line)
    return "\n".join(lines)
