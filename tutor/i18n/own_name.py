"""How the learner calls tutor: what sentences tell them to type must work where they type it."""

from __future__ import annotations

import os
import sys
from functools import cache


@cache
def program() -> str:
    """`tutor` where the shell finds this one by that name; else the path with which it was started, as `make run` does."""
    return called(sys.argv[0] if sys.argv else "", os.environ.get("PATH", ""))


def called(started: str, path: str) -> str:
    """The same for that first argument and that `PATH`."""
    if os.path.basename(started) != "tutor":  # `python -m tutor`, or a test  # noqa: PTH119 - the path is shown as it was typed
        return "tutor"
    import shutil  # noqa: PLC0415 - rarely needed, and the first paint loads this module

    found = shutil.which("tutor", path=path)
    if found is not None and os.path.realpath(found) == os.path.realpath(started):
        return "tutor"
    return started
