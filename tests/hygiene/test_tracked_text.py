"""Words that must not stand in the project: other people's machines, package registries' hosts, another program's name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.sources import name_of, project_files

# Taken apart, so that this file does not hold what it looks for.
UNWANTED = {
    "the host of a package registry": r"\b(?:pypi|npmjs)\." + r"org|python" + r"hosted\.org|deb\.debian\." + r"org",
    "a path of one machine": r"/opt/" + r"(?:wheels|pypi)|/root/" + r"\.pyenv|/work/" + r"(?:main|shared|\.)",
    "the index's `tutor`, which is another program": r"pip install (?:-\S+ )*" + r"tutor\b(?!-)",
}
TEXT = {".cfg", ".css", ".ini", ".json", ".md", ".py", ".svg", ".tcss", ".toml", ".txt", ".yaml", ".yml", ""}


@pytest.mark.parametrize("path", [path for path in project_files() if path.suffix in TEXT], ids=name_of)
def test_file_names_no_registry_no_machine_and_no_stranger(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    assert [what for what, pattern in UNWANTED.items() if re.search(pattern, text)] == []
