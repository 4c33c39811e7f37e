"""The closed vocabulary of `needs`, each judged where the step runs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tutor.harness import machine


def unmet(needs: Sequence[str]) -> list[dict[str, str]]:
    """Those that are not there, each with the bare fact that was seen instead (see `tutor.harness`); words are the session's.

    An account that is asked about here is none: the session sends only those that are not connected.
    """
    hosts = [need.partition(":")[2] for need in needs if need.startswith("network:")]
    unreached = _unreached(hosts) if hosts else {}
    found = []
    for need in needs:
        kind, _, argument = need.partition(":")
        judge = _JUDGES.get(kind)
        detail = unreached.get(argument) if kind == "network" else judge(argument) if judge else None
        if detail is not None:
            found.append({"need": need, "detail": detail})
    return found


def has_module(name: str) -> bool:
    """Whether it could be imported. Nothing is: looking up `a.b` the usual way imports `a`."""
    if name in sys.modules:
        return sys.modules[name] is not None
    if _find(name):
        return True
    importlib.invalidate_caches()  # it may have been installed a moment ago
    return _find(name)


def environment() -> str:
    """`colab`, `kaggle` or empty. Kaggle first: its images are built on Colab's."""
    if "KAGGLE_KERNEL_RUN_TYPE" in os.environ:
        return "kaggle"
    if Path("/var/colab/hostname").exists() or "COLAB_RELEASE_TAG" in os.environ:
        return "colab"
    return ""


def _find(name: str) -> bool:
    parts = name.split(".")
    path: Sequence[str] | None = None
    for count in range(1, len(parts) + 1):
        full = ".".join(parts[:count])
        spec = None
        for finder in sys.meta_path:
            find_spec = getattr(finder, "find_spec", None)
            spec = find_spec(full, path) if find_spec else None
            if spec is not None:
                break
        if spec is None:
            return False
        path = spec.submodule_search_locations
        if path is None and count < len(parts):
            return False
    return True


def _unreached(hosts: Sequence[str]) -> dict[str, str]:
    from tutor.harness import network  # urllib takes longer to import than all the rest

    return network.unreached(hosts)


def _gpu(_: str) -> str | None:
    return None if machine.here().kinds() else ""


def _cuda(_: str) -> str | None:
    kinds = machine.here().kinds()
    return None if "nvidia" in kinds else ", ".join(kinds)


def _module(name: str) -> str | None:
    return None if has_module(name) else sys.executable


def _command(name: str) -> str | None:
    return None if shutil.which(name) else ""


def _env(name: str) -> str | None:
    here = environment()
    return None if here == name else here


def _posix(_: str) -> str | None:
    return None if os.name == "posix" else sys.platform


def _ram(amount: str) -> str | None:
    granted = machine.here().ram() / machine.GIB
    return None if granted >= float(amount) else f"{granted:.1f}"


def _disk(amount: str) -> str | None:
    try:
        free = shutil.disk_usage(".").free / machine.GIB
    except OSError:
        free = 0.0
    return None if free >= float(amount) else f"{free:.1f}"


_JUDGES: dict[str, Callable[[str], str | None]] = {
    "gpu": _gpu,
    "cuda": _cuda,
    "account": lambda _: "",
    "torch": lambda _: _module("torch"),
    "module": _module,
    "command": _command,
    "env": _env,
    "posix": _posix,
    "ram": _ram,
    "disk": _disk,
}
