"""README says what is: its lesson is a lesson, its tables are complete, its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import ROOT, python_files

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
SET_BY_TUTOR = {"TUTOR_ASKS"}
"""In its kernels, for the kit."""
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_lesson_in_the_readme_has_no_fault(tmp_path: Path) -> None:
    found = re.search(r"^````markdown\n(.*?)^````$", README, re.MULTILINE | re.DOTALL)
    assert found is not None
    lesson = tmp_path / "adding-up" / "en.md"
    lesson.parent.mkdir()
    lesson.write_text(found[1], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "check", str(lesson)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


def test_every_variable_that_tutor_reads_is_in_the_readme() -> None:
    read = {
        name
        for path in python_files("tutor")
        for name in re.findall(r'"(TUTOR_[A-Z]+(?:_MIRROR)?)"', path.read_text(encoding="utf-8"))
    }
    assert sorted(name for name in read - SET_BY_TUTOR if f"`{name}`" not in README) == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("lessons/*/en.md")), ids=lambda path: path.parent.name)
def test_every_lesson_is_in_the_readme_with_its_minutes(path: Path) -> None:
    minutes = re.search(r"^minutes: (\d+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert minutes is not None
    assert re.search(rf"^\| `{path.parent.name}` \| {minutes[1]} \|", README, re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_to_files_of_the_project_lead_somewhere(document: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / document).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
