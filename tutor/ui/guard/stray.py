"""Descriptor 2 while the screen is shown: whatever writes there goes to a file, and only the screen writes to the terminal.

Textual draws through `sys.__stderr__` and catches what Python code prints, but C code, a library's warning or Python's own fault handler
write to descriptor 2 itself and would paint over the screen. So the screen gets a descriptor of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tutor.paths import make_private

MOST_BYTES = 1 << 20
"""A file that is larger begins afresh."""
STDOUT, STDERR = 1, 2


@contextmanager
def kept_out(path: Path) -> Iterator[None]:
    """Until the end of the block descriptor 2 is that file. Where it leads to no terminal already it is left alone.

    The screen is drawn on the terminal in either case: `tutor 2>errors.txt` shows it on the one that stdout leads to.
    """
    is_terminal = os.isatty(STDERR)
    screen = os.dup(STDERR if is_terminal else STDOUT)
    python = sys.__stderr__, sys.stderr
    drawn = open(screen, "w", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123, SIM115 - a descriptor
    try:
        if is_terminal:
            _lead_to(path)
        sys.__stderr__ = sys.stderr = drawn  # type: ignore[misc] # the only way to tell Textual where to draw
        try:
            yield
        finally:
            sys.__stderr__, sys.stderr = python  # type: ignore[misc]
            if is_terminal:
                os.dup2(screen, STDERR)
    finally:
        # The terminal may be gone by now, with what was still to be drawn.
        with suppress(OSError):
            drawn.close()


@contextmanager
def let_through() -> Iterator[None]:
    """For another program that has the terminal meanwhile: descriptor 2 is what the screen is drawn on."""
    drawn = sys.__stderr__
    if drawn is None or drawn.fileno() == STDERR:
        yield
        return
    log = os.dup(STDERR)
    try:
        os.dup2(drawn.fileno(), STDERR)
        yield
    finally:
        os.dup2(log, STDERR)
        os.close(log)


def _lead_to(path: Path) -> None:
    """Descriptor 2 is that file from now on, or nothing at all where it cannot be written."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        make_private(path.parent)
        with suppress(FileNotFoundError):
            if path.stat().st_size > MOST_BYTES:
                flags |= os.O_TRUNC
        file = os.open(path, flags, 0o600)
    except OSError:
        file = os.open(os.devnull, os.O_WRONLY)
    os.dup2(file, STDERR)
    os.close(file)
