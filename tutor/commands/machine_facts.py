"""What this machine is, as far as a glance tells: files, names and the metadata of packages. Starts no program and imports no PyTorch."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sys
from pathlib import Path

from tutor.faults.model import Machine

_SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
_NVIDIA = "0x10de"
_DISPLAY = "0x03"
"""How the class of a graphics card begins."""


def look() -> Machine:
    """The facts of the machine that tutor runs on."""
    system = _SYSTEMS.get(platform.system(), "")
    torch = _torch()
    return Machine(
        system=system,
        place=_place(),
        wsl="microsoft" in platform.release().lower() if system == "linux" else None,
        container=_in_container() if system == "linux" else None,
        card=_has_card() if system == "linux" else (False if system == "macos" else None),
        driver=_driver(_read(Path("/proc/driver/nvidia/version"))),
        torch=torch,
        torch_cuda=_cuda_of(torch),
        python=sys.executable or "",
    )


def _place() -> str:
    if os.environ.get("KAGGLE_KERNEL_RUN_TYPE"):
        return "kaggle"
    return "colab" if os.environ.get("COLAB_RELEASE_TAG") or Path("/var/colab/hostname").exists() else ""


def _in_container() -> bool:
    return Path("/.dockerenv").exists() or Path("/run/.containerenv").exists()


def _has_card() -> bool | None:
    """Whether an NVIDIA card is there, with or without a driver; None where devices cannot be listed."""
    if Path("/dev/nvidiactl").exists() or Path("/usr/lib/wsl/lib/libcuda.so.1").exists():
        return True
    devices = list(Path("/sys/bus/pci/devices").glob("*/vendor"))
    if not devices:
        return None if _in_container() else False
    return any(
        _read(vendor).strip() == _NVIDIA and _read(vendor.with_name("class")).startswith(_DISPLAY) for vendor in devices
    )


def _driver(text: str) -> str:
    """The version in the line that begins with `NVRM version:`."""
    found = re.search(r"NVRM version:.*?\s(\d{3,4}\.\d+(?:\.\d+)?)", text)
    return found[1] if found else ""


def _torch() -> str:
    try:
        return importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return ""


def _cuda_of(torch: str) -> str | None:
    """For which CUDA it was built, where its version says so: `+cpu` or `+cu130`."""
    if "+cpu" in torch:
        return ""
    found = re.search(r"\+cu(\d{2,3})(\d)", torch)
    return f"{found[1]}.{found[2]}" if found else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
