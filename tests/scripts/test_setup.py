"""What scripts/setup.py decides and says; that it installs is proved by every run of these tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.sources import ROOT


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The script as a module, on a project folder of its own."""
    spec = importlib.util.spec_from_file_location("setup_script", ROOT / "scripts" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "scripts").mkdir()
    for name in ("pyproject.toml", "constraints.txt", "scripts/setup.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "VENV_PYTHON": venv / "bin" / "python",
        "STAMP": venv / "setup.json",
        "LOG": venv / "setup.log",
    }.items():
        monkeypatch.setattr(module, name, value)
    return module


def install_nothing(setup: Any, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    calls: list[list[str]] = []
    monkeypatch.setattr(setup, "install", calls.append)
    return calls


def choose(setup: Any, monkeypatch: pytest.MonkeyPatch, **answers: bool) -> Any:
    for name, answer in answers.items():
        monkeypatch.setattr(setup, name, lambda answer=answer: answer)
    return setup.choose_torch()


def test_second_run_does_nothing_until_a_pin_changes(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "choose_torch", lambda: ("torch", 1, []))
    calls = install_nothing(setup, monkeypatch)
    assert not setup.is_ready(dev=False)
    setup.set_up(dev=False)
    assert setup.is_ready(dev=False)
    assert not setup.is_ready(dev=True)
    setup.set_up(dev=True)
    assert setup.is_ready(dev=True)
    assert setup.is_ready(dev=False)
    assert [call[3] for call in calls] == [".", ".[dev]"]
    (setup.ROOT / "constraints.txt").write_text("torch==2.13.0\n", encoding="utf-8")
    assert not setup.is_ready(dev=False)


def test_a_python_that_is_gone_asks_for_a_new_environment(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "choose_torch", lambda: ("torch", 1, []))
    install_nothing(setup, monkeypatch)
    setup.set_up(dev=False)
    setup.VENV_PYTHON.unlink()
    setup.VENV_PYTHON.symlink_to(setup.ROOT / "gone")
    assert not setup.is_ready(dev=False)


@pytest.mark.skipif(sys.platform == "darwin", reason="there is one build for macOS")
@pytest.mark.parametrize(
    ("gpu", "index", "offered", "size", "arguments"),
    [
        (True, True, True, "TORCH_CUDA", 0),
        (False, True, False, "TORCH_CPU", 2),
        (False, False, True, "TORCH_CPU", 0),
        (False, False, False, "TORCH_CUDA", 0),
    ],
)
def test_the_cpu_build_is_taken_where_there_is_no_gpu_and_one_is_offered(
    setup: Any, monkeypatch: pytest.MonkeyPatch, gpu: bool, index: bool, offered: bool, size: str, arguments: int
) -> None:
    _, megabytes, extra = choose(
        setup, monkeypatch, has_nvidia_gpu=gpu, cpu_index_answers=index, pip_offers_cpu_build=offered
    )
    assert megabytes == getattr(setup, size)
    assert len(extra) == arguments


def test_the_size_is_said_before_anything_is_fetched(
    setup: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "choose_torch", lambda: ("the CPU build", setup.TORCH_CPU, []))
    monkeypatch.setattr(setup, "install", lambda _: setup.say("installing"))
    setup.set_up(dev=False)
    assert capsys.readouterr().err.splitlines()[:2] == [
        "Fetching about 287 MB, once: the CPU build, and everything else.",
        "installing",
    ]


def test_gigabytes_of_no_use_are_asked_about_in_a_terminal(setup: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    with pytest.raises(setup.SetupError, match="Nothing was fetched"):
        setup.announce("PyTorch with CUDA, although no NVIDIA GPU is here", setup.TORCH_CUDA, False)


def test_an_old_python_is_passed_over(setup: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\necho 3 9\n", encoding="utf-8")
    old.chmod(0o755)
    assert setup.version_of(str(old)) == (3, 9)
    assert not setup.fits(str(old))
    assert setup.version_of(str(tmp_path / "none")) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(old))
    with pytest.raises(setup.SetupError, match=r"tutor needs Python 3\.11 to 3\.14"):
        setup.find_python()


@pytest.mark.parametrize(
    ("log", "mend"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("Max retries exceeded: NewConnectionError", "could not be reached"),
        ("ERROR: No matching distribution found for torch==2.13.0", "No torch for this Python"),
        ("something else", "The whole log"),
    ],
)
def test_a_failure_shows_the_end_of_the_log_and_what_mends_it(setup: Any, log: str, mend: str) -> None:
    text = setup.explain(f"{log}\n")
    assert f"    {log}" in text
    assert mend in text
