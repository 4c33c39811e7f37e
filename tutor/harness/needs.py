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
    """Those that are not there, each with what was seen instead. Accounts are judged by the session and count as met here."""
    hosts = [need.partition(":")[2] for need in needs if need.startswith("network:")]
    unreached = _unreached(hosts) if hosts else {}
    found = []
    for need in needs:
        kind, _, argument = need.partition(":")
        detail = (
            unreached.get(argument, "") if kind == "network" else _JUDGES[kind](argument) if kind in _JUDGES else ""
        )
        if detail:
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


def _gpu(_: str) -> str:
    if machine.kinds():
        return ""
    return "this computer shows no accelerator (no NVIDIA, AMD, Apple, Intel or TPU device)"


def _cuda(_: str) -> str:
    kinds = machine.kinds()
    if "nvidia" in kinds:
        return ""
    return f"no NVIDIA device here (there is: {', '.join(kinds)})" if kinds else "no NVIDIA device here"


def _module(name: str) -> str:
    return "" if has_module(name) else f"{name} is not installed in {sys.executable}"


def _command(name: str) -> str:
    return "" if shutil.which(name) else f"there is no command {name} on the PATH"


def _env(name: str) -> str:
    here = environment()
    return "" if here == name else f"this is {here or 'neither Colab nor Kaggle'}, not {name}"


def _posix(_: str) -> str:
    return "" if os.name == "posix" else f"this system is {sys.platform}"


def _ram(amount: str) -> str:
    granted = machine.ram() / machine.GIB
    return "" if granted >= float(amount) else f"{granted:.1f} GiB of memory are granted here, {amount} GiB are needed"


def _disk(amount: str) -> str:
    try:
        free = shutil.disk_usage(".").free / machine.GIB
    except OSError as error:
        return f"the working folder cannot be looked at: {error.strerror}"
    return "" if free >= float(amount) else f"{free:.1f} GiB are free in the working folder, {amount} GiB are needed"


_JUDGES: dict[str, Callable[[str], str]] = {
    "gpu": _gpu,
    "cuda": _cuda,
    "torch": lambda _: _module("torch"),
    "module": _module,
    "command": _command,
    "env": _env,
    "posix": _posix,
    "ram": _ram,
    "disk": _disk,
}
