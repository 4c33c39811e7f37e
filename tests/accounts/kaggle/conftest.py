"""A stand-in for Kaggle, a home without credentials, and the account between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.kaggle import serving
from tests.support.kaggle_accounts import Make, made_at
from tutor.practice.kaggle.service import Kaggle


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    with serving(tmp_path / "practice", monkeypatch) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def make(service: Kaggle, home: Path, tmp_path: Path) -> Make:
    return made_at(service, tmp_path / "accounts", home)
