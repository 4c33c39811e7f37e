"""The environment in which learners see what pip breaks: pip's own words, and nothing outside it touched."""

from __future__ import annotations

import importlib.metadata
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tutor.kit.packages import PipError, PracticeImage


@pytest.fixture
def image(tmp_path: Path) -> PracticeImage:
    return PracticeImage(str(tmp_path / "an image"))


def pip(image: PracticeImage, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*shlex.split(image.pip), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
        check=False,
    )


def test_it_starts_with_a_pair_that_belongs_together(image: PracticeImage) -> None:
    assert image.versions() == {"toytorch": "2.0", "toyvision": "2.0"}
    assert image.run("import toyvision; print('imported')") == "imported"
    assert pip(image, "check").returncode == 0


def test_an_old_pin_breaks_the_pair_and_pip_calls_it_a_success(image: PracticeImage) -> None:
    done = pip(image, "install", "toymetrics==1.0")
    assert done.returncode == 0
    assert "toyvision 2.0 requires toytorch<3,>=2, but you have toytorch 1.0" in done.stderr
    assert image.versions()["toytorch"] == "1.0"
    assert image.run("import toyvision").startswith("ImportError")
    assert image.changed_outside() == []


def test_constraints_keep_the_pair_and_find_the_version_that_fits(image: PracticeImage, tmp_path: Path) -> None:
    kept = tmp_path / "keep.txt"
    kept.write_text(pip(image, "list", "--format=freeze").stdout, encoding="utf-8")
    assert "conflict" in pip(image, "install", "-c", str(kept), "toymetrics==1.0").stdout
    # What the machine says about indexes, constraints and targets does not count here.
    other = {"PIP_CONSTRAINT": str(tmp_path / "none.txt"), "PIP_TARGET": str(tmp_path), "PIP_NO_DEPS": "1"}
    assert pip(image, "install", "-c", str(kept), "toymetrics", **other).returncode == 0
    assert image.versions() == {"toymetrics": "2.0", "toytorch": "2.0", "toyvision": "2.0"}
    assert image.run("import toymetrics as t; print(t.accuracy([1, 0], [1, 1]))") == "0.5"


@pytest.mark.parametrize("wanted", ["toymetrics==1.0", "toymetrics==3.0"])
def test_without_what_it_needs_it_does_not_compute(wanted: str, image: PracticeImage) -> None:
    assert pip(image, "install", "--no-deps", wanted).returncode == 0
    assert image.versions()["toytorch"] == "2.0"
    said = image.run("import toymetrics as t; print(t.accuracy([1], [1]))")
    assert said.startswith("AttributeError: module 'toytorch' has no attribute")


def test_it_is_made_anew_each_time(tmp_path: Path) -> None:
    folder = str(tmp_path / "image")
    pip(PracticeImage(folder), "uninstall", "--yes", "toytorch")
    assert PracticeImage(folder).versions() == {"toytorch": "2.0", "toyvision": "2.0"}


def test_what_changes_outside_is_named(image: PracticeImage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "elsewhere" / "stray-1.0.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: Stray\nVersion: 1.0\n", encoding="utf-8")
    (tmp_path / "elsewhere" / "left_behind-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    assert image.changed_outside() == ["stray"]


@pytest.mark.parametrize(("language", "said"), [("en", "too old"), ("zh", "太旧")])
def test_an_old_pip_is_named_with_what_mends_it(
    language: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_LANG", language)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "22.2.1")
    with pytest.raises(PipError, match=f"pip 22.2.1 .*{said}") as raised:
        PracticeImage(str(tmp_path / "image"))
    assert "-m pip install --upgrade pip" in str(raised.value)


def test_a_python_without_pip_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", absent)
    with pytest.raises(PipError, match="-m ensurepip"):
        PracticeImage(str(tmp_path / "image"))
