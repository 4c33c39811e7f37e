"""A practice Drive for each test, and both clients of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.drive import checked_drive
from tutor.practice.drive.service import Drive


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Drive]:
    made = Drive(tmp_path / "google")
    yield made
    made.close()


@pytest.fixture
def drive(service: Drive) -> Iterator[Any]:
    """Signed in as the application."""
    with checked_drive(service.root, service.lent().environment["TUTOR_DRIVE_TOKEN"]) as client:
        yield client


@pytest.fixture
def person(service: Drive) -> Iterator[Any]:
    """Signed in as the person."""
    with checked_drive(service.root, service.lent().by_hand["token"]) as client:
        yield client
