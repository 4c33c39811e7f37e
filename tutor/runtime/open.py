"""Opens a runtime by the name it has in `--runtime`."""

from __future__ import annotations

from pathlib import Path

from tutor.errors import UsageError
from tutor.runtime.base import Runtime

LOCAL = "local"
_OTHERS = ("colab", "kaggle", "http", "https")
"""What later versions know."""


def open_runtime(name: str, *, bundles: Path, output_folder: Path, log_path: Path, working_folder: Path) -> Runtime:
    """A runtime of that name, not started. The kernel library is loaded here, and not before.

    Raises:
        UsageError: no runtime has that name.
    """
    kind, separator, python = name.partition(":")
    if kind in _OTHERS:
        raise UsageError(
            f"The runtime {kind} is not available yet.",
            "This version runs lessons on this computer: use local or local:PYTHON.",
        )
    if kind != LOCAL or bool(separator) != bool(python):
        raise UsageError(f"There is no runtime {name!r}.", "Use local, or local:PYTHON with the path of a Python.")
    from tutor.runtime.local import LocalRuntime  # noqa: PLC0415 - zmq takes 15 ms, and only a kernel needs it

    return LocalRuntime(
        python or None,
        bundles=bundles,
        output_folder=output_folder,
        log_path=log_path,
        working_folder=working_folder,
    )
