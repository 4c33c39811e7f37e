"""Harness and kit as one zip that is the same wherever it is made: the way they reach every kernel."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import tutor

TRAVELS = ("harness", "kit")
"""The packages of tutor that lesson code meets in its kernel."""

_SETUP = """\
def _tutor_set_up(bundle):
    import os, sys
    sys.path[:] = [bundle] + [entry for entry in sys.path if entry != bundle]
    for name in [name for name in sys.modules if name == "tutor" or name.startswith("tutor.")]:
        origin = getattr(sys.modules[name], "__file__", None) or ""
        if not origin.startswith(bundle + os.sep):
            del sys.modules[name]
    def bound(stream):
        # Output is gathered for a fifth of a second, which can be 100 MB: so much in one message is held three times by who reads it.
        # Not by `write`: IPython puts that back at the end of the cell.
        schedule = stream._schedule_flush
        def schedule_or_flush():
            schedule()
            try:
                for buffer in list(stream._buffers.values()):
                    if buffer.tell() >= {chunk}:
                        stream.flush()
            except ValueError:  # it is being sent, and closed
                pass
        stream._schedule_flush = schedule_or_flush
    for stream in (sys.stdout, sys.stderr):
        if all(hasattr(stream, name) for name in ("_schedule_flush", "_buffers")):
            bound(stream)
        # What programs write to descriptors 1 and 2 is shown to the learner; a copy of it has no place in the log.
        if isinstance(getattr(stream, "_original_stdstream_copy", None), int):
            stream._original_stdstream_copy = os.open(os.devnull, os.O_WRONLY | getattr(os, "O_CLOEXEC", 0))
    import tutor.harness
    tutor.harness.install()
try:
    _tutor_set_up({bundle!r})
finally:
    del _tutor_set_up
"""
_CHUNK = 1 << 20
"""Characters of output after which the kernel sends them."""


def make_bundle(cache_folder: Path) -> Path:
    """The zip in that folder, named by the hash of what is in it; made if it is not there yet.

    Raises:
        OSError: it cannot be read or written.
    """
    files = list(_files())
    digest = hashlib.sha256()
    for name, source in files:
        digest.update(f"{name}\0{len(source)}\0".encode())
        digest.update(source)
    path = cache_folder / f"tutor-{digest.hexdigest()[:20]}.zip"
    if not path.exists():
        cache_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_whole(path, _zip(files))
    return path


def setup_code(bundle: Path) -> str:
    """What a kernel runs once: the bundle goes first on its path, and the harness hooks in."""
    return _SETUP.format(bundle=str(bundle), chunk=_CHUNK)


def _files() -> Iterator[tuple[str, bytes]]:
    root = Path(tutor.__file__).parent
    found = [root / "__init__.py", *(path for package in TRAVELS for path in (root / package).rglob("*.py"))]
    for name, path in sorted((path.relative_to(root.parent).as_posix(), path) for path in found):
        yield name, path.read_bytes()


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    # Stored: builds of zlib differ in how they compress.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, source in files:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, source)
    return buffer.getvalue()


def _write_whole(path: Path, data: bytes) -> None:
    """Nobody ever sees half of it: another tutor may make or read the same file at this moment."""
    descriptor, name = tempfile.mkstemp(prefix=".bundle-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
