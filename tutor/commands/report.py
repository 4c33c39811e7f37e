"""`tutor report`: a file of diagnostics without secrets, to attach to a bug report."""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import locale
import os
import platform
import shutil
import sys
from pathlib import Path

from tutor.commands.environment import Environment
from tutor.errors import StoreError, TutorError
from tutor.progress.store import Store
from tutor.text.scrub import Scrubber
from tutor.version import __version__

PACKAGES = ("textual", "rich", "ipykernel", "jupyter_client", "pyzmq", "markdown-it-py", "torch", "torchvision")
VARIABLES = (
    "TERM",
    "COLORTERM",
    "TERM_PROGRAM",
    "NO_COLOR",
    "LANG",
    "LC_ALL",
    "SSH_TTY",
    "TMUX",
    "CUDA_VISIBLE_DEVICES",
)
"""Of the environment only these are told; of proxies only whether they are set."""
LOG_CHARACTERS = 200_000


def report(options: argparse.Namespace) -> int:
    """Write the file and say where it is."""
    environment = Environment.of(options)
    print(environment.words("commands.report_written", path=write_report(environment)))
    return 0


def write_report(environment: Environment) -> Path:
    """Write the file into the current folder; where it is.

    Raises:
        TutorError: it cannot be written there.
    """
    now = datetime.datetime.now(datetime.UTC)
    path = Path(f"tutor-report-{now:%Y%m%d-%H%M%S}.txt").absolute()
    sections = (
        ("tutor", _versions()),
        ("terminal", _terminal()),
        ("lessons", _lessons(environment)),
        ("store", _store(environment)),
        ("log", _log(environment)),
    )
    text = "\n\n".join(f"== {title}\n{body}" for title, body in sections)
    scrubbed = Scrubber().scrub(text).replace(str(Path.home()), "~")
    try:
        path.write_text(scrubbed + "\n", encoding="utf-8")
    except OSError as error:
        raise TutorError(f"{path} cannot be written: {error.strerror}", "Run it again in a folder of yours.") from error
    return path


def _versions() -> str:
    lines = [f"tutor {__version__}", f"Python {sys.version}", platform.platform()]
    for package in PACKAGES:
        try:
            lines.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            lines.append(f"{package} is not installed")
    return "\n".join(lines)


def _terminal() -> str:
    size = shutil.get_terminal_size()
    lines = [f"{size.columns}x{size.lines}", f"encoding {sys.stdout.encoding}, locale {locale.getlocale()}"]
    lines += [f"{name}={os.environ[name]}" for name in VARIABLES if name in os.environ]
    lines += [f"{name} is set" for name in sorted(os.environ) if name.lower().endswith("_proxy")]
    return "\n".join(lines)


def _lessons(environment: Environment) -> str:
    entries = environment.catalogue.entries()
    broken = [f"{entry.id}: {entry.broken}" for entry in entries if entry.broken]
    return "\n".join([f"{len(entries)} lessons", *broken])


def _store(environment: Environment) -> str:
    try:
        store = Store(environment.paths.database())
    except StoreError as error:
        return f"{error.message} {error.hint}"
    try:
        return "\n".join(f"{name}: {value}" for name, value in store.export_report().items())
    finally:
        store.close()


def _log(environment: Environment) -> str:
    try:
        with environment.paths.log_file().open(encoding="utf-8", errors="replace") as file:
            return file.read()[-LOG_CHARACTERS:]
    except OSError as error:
        return f"no log: {error.strerror}"
