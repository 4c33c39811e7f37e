"""The learner's own editor: which one it is, and one round trip of the code through it. Draws nothing.

It runs in the foreground and the tutor waits, event loop and all: Textual cannot draw while it has given the terminal away. What a kernel
prints meanwhile waits in its socket, whose limit is lifted.
"""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tutor.text.plain import strip

USUAL = ("nano", "vi")
"""Looked for where no editor is named; a learner gets out of the first more easily."""


class EditorFailed(Exception):
    """It did not start, or ended badly and left the code as it was."""


def editor_command(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The editor with its arguments; empty where there is none."""
    for name in ("VISUAL", "EDITOR"):
        try:
            named = shlex.split(environment.get(name, ""))
        except ValueError:  # quotes that do not close
            named = environment[name].split()
        if named:
            return tuple(named)
    return next(((name,) for name in USUAL if shutil.which(name)), ())


def edited_outside(command: Sequence[str], code: str, suffix: str) -> str:
    """The code as the editor left it. Whatever was saved counts, also when the editor ended badly afterwards.

    Raises:
        EditorFailed: nothing was saved, and something went wrong.
    """
    # A folder of its own, which only the learner may enter: swap files and backups of the editor go with it.
    with tempfile.TemporaryDirectory(prefix="tutor-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / f"step{suffix}"
        file.touch(mode=0o600)
        file.write_text(code, encoding="utf-8")
        try:
            status = _run([*command, str(file)])
            saved = strip(file.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n"))
        except OSError as error:
            raise EditorFailed(error.strerror or str(error)) from error
    if not code.endswith("\n"):
        saved = saved.removesuffix("\n")  # editors add one
    if status and saved == code:
        raise EditorFailed(f"exit status {status}")
    return saved


def _run(command: Sequence[str]) -> int:
    # Ctrl+C is for the editor. A handler, since an ignored signal would be ignored by the editor as well.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(command, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
