"""What runs, written down: a file for each kernel, so that another tutor, or this one after a crash, finds it.

Whoever uses a kernel holds a lock that ends with its process. No token is ever in these files.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import logging
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tutor import atomic
from tutor.runtime.base import Json

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pending:
    """An attempt whose verdict nobody has heard yet."""

    request_ids: tuple[str, ...]
    step: str
    """As `LESSON#STEP`."""
    code: str
    has_secret: bool = False
    """Secret values of forms were known to it."""


@dataclass(frozen=True, slots=True)
class Life:
    """One kernel."""

    key: str
    """Names it among all that are written down."""
    runtime: str
    """As in `--runtime`, without a token."""
    started: datetime
    kernel_id: str = ""
    """On a server."""
    session: str = ""
    """Under this name the server keeps what the kernel says."""
    bundle: str = ""
    """The name of the zip of harness and kit that was put in."""
    pid: int = 0
    """The kernel's process, on this computer."""
    lasts: bool = True
    """It outlives its tutor on purpose, and the next one goes on with it."""
    facts: Mapping[str, Json] = field(default_factory=dict)
    pending: Pending | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """From JSON. Raises: KeyError, TypeError, ValueError: it is none."""
        if not isinstance(data, Mapping):
            raise TypeError("not an object")
        known = {one.name for one in dataclasses.fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        pending = values.get("pending")
        values["started"] = datetime.fromisoformat(values["started"])
        if pending is not None:
            values["pending"] = Pending(
                tuple(pending["request_ids"]), pending["step"], pending["code"], bool(pending.get("has_secret"))
            )
        return cls(**values)


class Entry:
    """A kernel that this process uses."""

    def __init__(self, folder: Path, life: Life, lock: int | None) -> None:
        """Use `Register`."""
        self._folder = folder
        self._lock = lock
        self.life = life

    def change(self, **values: Any) -> None:
        """Write something new down; failures are logged, since the kernel works without."""
        self.life = dataclasses.replace(self.life, **values)
        data = dataclasses.asdict(self.life) | {"started": self.life.started.isoformat()}
        try:
            atomic.write(self._file, json.dumps(data).encode())
        except OSError as error:
            log.warning("the kernel is not written down: %s", error)

    def release(self) -> None:
        """Somebody else may use it; what was never started is forgotten."""
        if not self._file.exists():
            _lock_file(self._folder, self.life.key).unlink(missing_ok=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def remove(self) -> None:
        """It is gone."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
            _lock_file(self._folder, self.life.key).unlink(missing_ok=True)
        self.release()

    @property
    def _file(self) -> Path:
        return self._folder / f"{self.life.key}.json"


class Register:
    """All kernels that tutors of this home have started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self, runtime: str) -> Entry:
        """A kernel that is about to be started by this process."""
        life = Life(uuid.uuid4().hex[:12], runtime, datetime.now(UTC))
        return Entry(self._folder, life, _locked(self._folder, life.key))

    def left(self, runtime: str) -> Entry | None:
        """The newest kernel of that runtime that was left to be found, for this process from now on."""
        lives = [life for life in self._lives() if life.runtime == runtime and life.lasts]
        for life in sorted(lives, key=lambda life: life.started, reverse=True):
            if entry := self.claim(life):
                return entry
        return None

    def claim(self, life: Life) -> Entry | None:
        """Use it from now on; None when somebody does already."""
        lock = _locked(self._folder, life.key)
        if lock is None:
            return None
        # Until it was locked somebody else may have ended it, or gone on with it.
        now = next((one for one in self._lives() if one.key == life.key), None)
        entry = Entry(self._folder, now or life, lock)
        if now is None:
            entry.release()
            return None
        return entry

    def all(self) -> list[tuple[Life, bool]]:
        """Each kernel, oldest first, and whether a tutor uses it now; what ended with its tutor on this computer is forgotten."""
        found = []
        for life in sorted(self._lives(), key=lambda life: life.started):
            entry = self.claim(life)
            if entry is not None and not life.kernel_id:
                entry.remove()  # its watchdog has ended it
                continue
            if entry is not None:
                entry.release()
            found.append((life, entry is None))
        return found

    def _lives(self) -> Iterator[Life]:
        for file in self._folder.glob("*.json"):
            try:
                yield Life.of(json.loads(file.read_bytes()))
            except FileNotFoundError:
                continue
            except (OSError, ValueError, TypeError, KeyError) as error:
                log.warning("%s cannot be read: %s", file, error)


def _lock_file(folder: Path, key: str) -> Path:
    return folder / f".{key}.lock"


def _locked(folder: Path, key: str) -> int | None:
    """The lock's descriptor, or None when somebody holds it."""
    try:
        descriptor = os.open(_lock_file(folder, key), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        log.warning("no lock can be made: %s", error)
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError as error:
        # Some network file systems have no locks; two tutors at once are rarer than those.
        log.warning("%s is used without a lock: %s", key, error)
    return descriptor
