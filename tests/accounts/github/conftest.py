"""A stand-in for GitHub, asked without waiting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.accounts.github import asking
from tutor.kit.services.trying import Patience
from tutor.practice import handler
from tutor.practice.github.service import GitHub


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr(asking, "PATIENCE", Patience(2, 30, 0, 0, sleep=lambda _: None, say=lambda _: None))
    name = request.node.name
    monkeypatch.setattr(asking, "READ_SECONDS", 10 if "silent" not in name else 1 if "once" in name else 0.3)
    monkeypatch.setattr(handler, "PIECE_SECONDS", 0.005)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[GitHub]:
    running = GitHub(tmp_path / "practice")
    yield running
    running.close()
