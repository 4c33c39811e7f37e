"""One practice Drive for many tests of the kit: each has names of its own, so that nobody disturbs anybody."""

from __future__ import annotations

import logging
import random
import stat
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tutor.kit.services.clients import drive_at
from tutor.kit.services.trying import Patience
from tutor.practice.drive.service import Drive
from tutor.practice.faults import Fault, Kind

GRAIN = 256 * 1024
SIZE = 2 * GRAIN + 1000
"""Three pieces."""

FAULTS = {
    "401": Fault(Kind.STATUS, 401),
    "403-rights": Fault(Kind.STATUS, 403, "insufficientFilePermissions"),
    "403-full": Fault(Kind.STATUS, 403, "storageQuotaExceeded"),
    "403-off": Fault(Kind.STATUS, 403, "accessNotConfigured"),
    "403-box": Fault(Kind.STATUS, 403, "insufficientPermissions"),
    "403-quota": Fault(Kind.STATUS, 403, "rateLimitExceeded"),
    "403-rate": Fault(Kind.STATUS, 403, "userRateLimitExceeded"),
    "404": Fault(Kind.STATUS, 404),
    "409": Fault(Kind.STATUS, 409),
    "410": Fault(Kind.STATUS, 410),
    "429": Fault(Kind.STATUS, 429, "", {"Retry-After": "7"}),
    "500": Fault(Kind.STATUS, 500),
    "502": Fault(Kind.STATUS, 502),
    "reset": Fault(Kind.RESET),
    "lost": Fault(Kind.LOST),
    "cut": Fault(Kind.CUT),
    "slow": Fault(Kind.SLOW),
    "page": Fault(Kind.PAGE),
}
PASSING = ("403-quota", "403-rate", "429", "500", "502", "reset", "lost", "cut", "slow")
"""What is gone at the next try, and so is none of the learner's business."""


@dataclass
class World:
    """A Drive, a client of it, and somebody who waits for nothing."""

    service: Drive
    drive: Any
    slept: list[float] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The address of each request."""

    attempts: int = 4

    @property
    def patience(self) -> Patience:
        return Patience(attempts=self.attempts, first_wait=0.01, sleep=self.slept.append, say=print)

    def plan(self, fault: str, *, after: int = 0, times: int = 1) -> None:
        self.service.faults.clear()
        self.service.faults.plan(FAULTS[fault], after=after, times=times)

    def names(self, name: str) -> list[str]:
        """Ids of all files of that name, those in the trash too."""
        found = self.drive.files().list(q=f"name = '{name}'", fields="files(id)").execute()["files"]
        return [each["id"] for each in found]

    def content(self, file_id: str) -> bytes:
        got: bytes = self.drive.files().get_media(fileId=file_id).execute()
        return got

    @property
    def tokens(self) -> list[str]:
        lent = self.service.lent()
        return [lent.environment["TUTOR_DRIVE_TOKEN"], lent.by_hand["token"], self.service.grants.secret]

    def check_secrets(self, folder: Path, *texts: str) -> None:
        """No token in what was printed, raised, logged or asked for, nor in a file that others can read."""
        for token in self.tokens:
            for text in [*texts, *self.logged, *self.asked]:
                assert token not in text
            for path in folder.rglob("*"):
                if path.is_file() and token.encode() in path.read_bytes():
                    assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def made(seed: str, size: int = SIZE) -> bytes:
    """Content that no other test has."""
    return random.Random(seed).randbytes(size)


def whole_story(error: BaseException) -> str:
    """All that a log or a screen could show of it."""
    return "".join([repr(error), str(error), *traceback.format_exception(error)])


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Pieces are small, and a slow answer is not that slow."""
    service = Drive(folder / "google")
    with (
        pytest.MonkeyPatch.context() as patch,
        drive_at(service.root, service.lent().environment["TUTOR_DRIVE_TOKEN"]) as drive,
    ):
        patch.setattr("tutor.kit.services.uploading.PIECE", GRAIN)
        patch.setattr("tutor.kit.services.downloading.PIECE", GRAIN)
        patch.setattr("tutor.practice.handler.PIECE_SECONDS", 0.001)
        for name in ("about", "files", "permissions"):
            # Google's client makes all of a resource's methods each time, which takes longer than a request to the practice.
            setattr(drive, name, cache(getattr(drive, name)))
        one = World(service, drive)
        watch(service, one.asked)
        handler = _Keeping(one.logged)
        logging.getLogger().addHandler(handler)
        yield one
        logging.getLogger().removeHandler(handler)
    service.close()


def watch(service: Drive, asked: list[str]) -> None:
    """Write down the address of each request to the service."""
    service._server._application.settings["log_function"] = lambda handler: asked.append(handler.request.uri)


class _Keeping(logging.Handler):
    def __init__(self, logged: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._logged = logged

    def emit(self, record: logging.LogRecord) -> None:
        self._logged.append(self.format(record))
