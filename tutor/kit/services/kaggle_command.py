"""Kaggle's own program at the address in force: for the terminal, where nothing else can tell it where to go."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from pathlib import Path

from tutor.kit.loopback import straight
from tutor.kit.services.kaggle_client import KAGGLE, address, send_to

_PROGRAM = "import sys; sys.path.append({root!r}); from tutor.kit.services.kaggle_command import main; main()"


def main() -> None:
    """Run the official program with what stands in `sys.argv`; it ends this process, with its own exit code."""
    # By this name it knows that it was called as the program, which it must know for `--help` without a token.
    sys.argv[0] = "kaggle"
    root = address()
    send_to(root)
    if root != KAGGLE:
        # Its downloads use the variables, whatever we set elsewhere; what is meant for this computer goes to no proxy.
        os.environ.update(straight(os.environ))
    from kaggle.cli import main as official

    sys.exit(official())


def launcher(folder: Path, python: str = sys.executable) -> Path:
    """Write the program `kaggle` into that folder, which is to be first on `PATH`; it knows no secret.

    Raises:
        OSError: it cannot be written.
    """
    root = str(Path(__file__).parents[3])
    program = _PROGRAM.format(root=root)
    # -P: a file `kaggle.py` in the learner's folder must not be taken for Kaggle's.
    text = f'#!/bin/sh\nexec {shlex.quote(python)} -P -c {shlex.quote(program)} "$@"\n'
    target = folder / "kaggle"
    if target.is_file() and os.access(target, os.X_OK) and target.read_text(encoding="utf-8") == text:
        return target
    # In one step: another tutor's step may be running it at this moment.
    descriptor, name = tempfile.mkstemp(prefix=".kaggle.", dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        os.fchmod(descriptor, 0o700)
    Path(name).replace(target)
    return target
