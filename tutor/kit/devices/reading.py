"""Reading small files and folders of the system; what cannot be read is empty."""

from __future__ import annotations

import os
from pathlib import Path


def read(path: Path) -> str:
    """The text of the file without space around it."""
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""


def names(folder: Path) -> set[str]:
    """What is in the folder."""
    try:
        return set(os.listdir(folder))  # noqa: PTH208 (names are all that is wanted)
    except OSError:
        return set()
