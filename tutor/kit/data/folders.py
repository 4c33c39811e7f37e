"""Where sets are kept between lessons: in tutor's cache, which can be deleted at any time."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def kept() -> Path:
    """torchvision's `root` of what was downloaded; made sets are below it. Made by whoever writes there."""
    return _cache() / "data"


def given() -> Path | None:
    """The folder that `TUTOR_DATA` names, absolute; None if it is not set."""
    named = os.environ.get("TUTOR_DATA", "")
    return Path(named).expanduser().absolute() if named else None


def _cache() -> Path:
    # The same folder that `tutor.paths` names, which the kit cannot ask: a test compares them.
    home = os.environ.get("TUTOR_HOME", "")
    if home:
        return Path(home).expanduser().absolute() / "cache"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/gpu-tutor").expanduser()
    caches = os.environ.get("XDG_CACHE_HOME", "").strip()
    return Path(caches or "~/.cache").expanduser() / "gpu-tutor"
