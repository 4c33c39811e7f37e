"""The wheel is complete: with nothing but what it holds, tutor finds its lessons from any folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.sources import ROOT


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """What an installer would put into site-packages."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = (tmp_path / "dist").glob("gpu_tutor-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    return tmp_path / "site"


def test_wheel_holds_the_lessons_the_styles_and_the_licence(unpacked: Path) -> None:
    shipped = {path.relative_to(ROOT / "lessons") for path in (ROOT / "lessons").rglob("*") if path.is_file()}
    assert {
        path.relative_to(unpacked / "tutor/lessons")
        for path in (unpacked / "tutor/lessons").rglob("*")
        if path.is_file()
    } == shipped
    styles = {path.relative_to(ROOT) for path in (ROOT / "tutor").rglob("*.tcss")}
    assert {path.relative_to(unpacked) for path in unpacked.rglob("*.tcss")} == styles
    assert list(unpacked.glob("*.dist-info/licenses/LICENSE"))


def test_installed_tutor_lists_its_lessons_from_any_folder(unpacked: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tutor", "list", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ids = {lesson["id"] for lesson in json.loads(done.stdout)}
    assert ids == {path.parent.name for path in (ROOT / "lessons").glob("*/en.md")}
