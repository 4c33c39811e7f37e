"""The Python of a local kernel: which one, its environment, and why its kernel did not start."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
from collections.abc import Collection
from pathlib import Path

from tutor.errors import RuntimeStartError
from tutor.runtime.pythons import MADE_ENVIRONMENT, ask

OLDEST = (3, 10)
LOG_TAIL = 4000
"""Bytes of a kernel's own output that are looked at and shown."""
PROBE_SECONDS = 10.0


def find_python(python: str | None) -> str:
    """The program for `local:PYTHON`: a path, a name on the PATH, or the folder of an environment; tutor's own for None.

    Raises:
        RuntimeStartError: there is none.
    """
    if python is None:
        return sys.executable
    path = Path(python).expanduser()
    if path.is_dir():
        path = path / "bin" / "python"
    found = shutil.which(str(path))
    if found is None:
        reason = "is not a program that can be run" if path.exists() else "is not there"
        raise RuntimeStartError(f"{python} {reason}.", "Name a Python: local:/path/to/python, or local:python3.")
    return os.path.abspath(found)  # noqa: PTH100 - the link in an environment says which environment it is


WIDTHS = {"COLUMNS": "68", "TQDM_NCOLS": "68"}
"""As wide as output is in a conversation of 80 columns: a kernel has no terminal that could say it, and progress bars without a width leave
their ends behind. The same whatever the screen, since output is kept and read again on others.
"""

FOLDERS = ("TUTOR_HOME", "TUTOR_DATA")
"""Variables that name a folder for the kit."""


def environment() -> dict[str, str]:
    """The learner's own environment with a width for progress bars and tables; tokens that are tutor's business stay out of it."""
    own = {name: value for name, value in os.environ.items() if not _is_secret_of_tutor(name)}
    # A kernel works in the lesson's folder: what was meant from here must not be looked for there.
    folders = {name: os.path.abspath(os.path.expanduser(own[name])) for name in FOLDERS if own.get(name)}  # noqa: PTH100, PTH111 - links stay
    return WIDTHS | own | folders


CREDENTIALS = frozenset(
    {
        *("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"),
        *("JUPYTER_TOKEN", "KAGGLE_API_TOKEN", "KAGGLE_KEY", "KAGGLE_USERNAME"),
    }
)
"""Variables that sign in: only the steps that need an account get theirs, while they run."""


def _is_secret_of_tutor(name: str) -> bool:
    return name in CREDENTIALS or (name.startswith("TUTOR_") and name.endswith("_TOKEN"))


def log_tail(log_path: Path, start: int) -> str:
    """What was added to the log since it had that size, or the end of it."""
    try:
        with log_path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(start if start <= size else 0, size - LOG_TAIL))
            return file.read().decode("utf-8", "replace").strip()
    except OSError:
        return ""


async def start_failure(python: str, tail: str, exit_status: int | None, error: OSError | None) -> RuntimeStartError:
    """Why a kernel of that Python ended before it was ready."""
    if error is not None:
        return RuntimeStartError(f"{python} could not be started: {error.strerror}.")
    found = await ask(python, environment(), seconds=PROBE_SECONDS)
    if found is not None:
        if found.minor < OLDEST:
            return too_old(python, "{}.{}".format(*found.minor))
        if "No module named ipykernel" in tail or "No module named 'ipykernel" in tail:
            return RuntimeStartError(
                f"{python} has no ipykernel, which lessons need to run in it.", how_to_add_ipykernel(python, found.has)
            )
    ended = "" if exit_status is None else f" ({describe_exit(exit_status)})"
    last = "\n".join(tail.splitlines()[-12:])
    return RuntimeStartError(f"The kernel of {python} ended while it started{ended}." + (f"\n{last}" if last else ""))


def too_old(python: str, version: str) -> RuntimeStartError:
    """The harness runs on Python 3.10 and newer."""
    return RuntimeStartError(
        f"{python} is Python {version}; lessons need 3.10 or newer.", "Choose another one: local:PYTHON."
    )


def how_to_add_ipykernel(python: str, has: Collection[str]) -> str:
    """What to do; `has` as in `FoundPython`."""
    command = command_for_ipykernel(python, has)
    if "managed" in has:
        return f"Make an environment of it: {command} — then use local:{MADE_ENVIRONMENT}"
    return f"Add it: {command}"


def command_for_ipykernel(python: str, has: Collection[str]) -> str:
    """The command that adds ipykernel, to an environment of its own where the system forbids pip to add to this Python."""
    quoted = shlex.quote(python)
    if "managed" in has:
        new = MADE_ENVIRONMENT
        return f"{quoted} -m venv --system-site-packages {new} && {new}/bin/python -m pip install ipykernel"
    if "pip" in has:
        return f"{quoted} -m pip install ipykernel"
    if "ensurepip" in has:
        return f"{quoted} -m ensurepip && {quoted} -m pip install ipykernel"
    return f"uv pip install --python {quoted} ipykernel"


def describe_exit(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"ended by signal {-status}"
