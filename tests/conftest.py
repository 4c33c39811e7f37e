"""Every test gets a home of its own, a known clock and language, and no network."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support import network
from tests.support.jupyter import JupyterServer

# Tests run side by side, and PyTorch's threads wait by spinning: two programs that each take all processors slow each other down many times.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# The same examples on every run: a fault that CI finds is found again at the desk.
hypothesis.settings.register_profile("tutor", deadline=None, derandomize=True, database=None, print_blob=True)
hypothesis.settings.load_profile("tutor")

NAMES_TO_CLEAR = (
    "GH_TOKEN",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "LINES",
    "CUDA_VISIBLE_DEVICES",
    # What decides where copied text and opened links go.
    "BROWSER",
    "DISPLAY",
    "SSH_CONNECTION",
    "SSH_TTY",
    "STY",
    "TMUX",
    "WAYLAND_DISPLAY",
    "WSL_DISTRO_NAME",
)
BEGINNINGS_TO_CLEAR = ("TUTOR_", "GITHUB_", "KAGGLE_", "GOOGLE_", "AWS_", "JUPYTER_", "IPYTHON", "LC_", "TEXTUAL")
"""Whatever the developer's shell has set must not decide a test."""


def is_unwanted(name: str) -> bool:
    upper = name.upper()
    return upper in NAMES_TO_CLEAR or upper.startswith(BEGINNINGS_TO_CLEAR) or upper.endswith("_PROXY")


@pytest.fixture(autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The new home; `TUTOR_HOME` is `tutor` in it. Children inherit all of it."""
    home = tmp_path_factory.mktemp("home")
    for name in filter(is_unwanted, list(os.environ)):
        monkeypatch.delenv(name)
    for name, folder in (
        ("CONFIG", ".config"),
        ("DATA", ".local/share"),
        ("STATE", ".local/state"),
        ("CACHE", ".cache"),
    ):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TUTOR_HOME", str(home / "tutor"))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    network.block(monkeypatch)
    return home


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    """One real Jupyter server for all tests that do not harm it."""
    with JupyterServer(tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture
def tutor_home(environment: Path) -> Path:
    """Where tutor writes in this test."""
    return environment / "tutor"
