"""What PyTorch says of itself and of the devices it sees. A script of its own, so that any Python can be asked: see `asking`.

Standard library only, Python 3.8 and newer; prints one line of JSON with the fields of `facts.Torch`.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module, metadata
from typing import Any

ANSWER = "tutor torch facts: "


def facts() -> dict[str, Any]:
    """The fields that are known. Whatever a broken build raises is a fact among them."""
    found: dict[str, Any] = {"version": _version("torch"), "torchvision": _version("torchvision")}
    if not found["version"]:
        return found
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            found.update(_of(import_module("torch")))
        except BaseException as error:  # noqa: BLE001 - a broken build may raise anything
            return {**found, "problem": _said(error)}
    about_devices = [str(one.message) for one in warned if "CUDA" in str(one.message) or "NVIDIA" in str(one.message)]
    found["problem"] = found.get("problem") or "\n".join(about_devices)
    if found["torchvision"]:
        try:
            import_module("torchvision")
        except BaseException as error:  # noqa: BLE001
            found["torchvision_problem"] = _said(error)
    return found


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _said(error: BaseException) -> str:
    return "{}: {}".format(type(error).__name__, error)  # noqa: UP032 - older Pythons may be asked


def _of(torch: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "version": torch.__version__,
        "cuda": torch.version.cuda or "",
        "hip": getattr(torch.version, "hip", None) or "",
    }
    if torch.cuda.is_available():
        count = torch.cuda.device_count()
        capabilities = [torch.cuda.get_device_capability(index) for index in range(count)]
        found.update(kind="cuda", count=count, capabilities=capabilities, architectures=torch.cuda.get_arch_list())
        try:
            found["bf16"] = torch.cuda.is_bf16_supported(including_emulation=False)
        except TypeError:  # before 2.4 it cannot be asked so
            found["bf16"] = all(capability >= (8, 0) for capability in capabilities)
        return found
    if found["cuda"]:
        try:
            torch.cuda.init()  # says why
        except (RuntimeError, AssertionError) as error:
            said = str(error).strip()
            # A CUDA build says so on every machine without an NVIDIA card: what is there is asked of the system, not of PyTorch.
            found["problem"] = "" if said.startswith("Found no NVIDIA driver") else said
    mps = getattr(torch.backends, "mps", None)
    if mps is not None and mps.is_available():
        found.update(kind="mps", count=1)
    elif hasattr(torch, "xpu") and torch.xpu.is_available():
        found.update(kind="xpu", count=torch.xpu.device_count())
    return found


if __name__ == "__main__":
    sys.stdout.write("\n" + ANSWER + json.dumps(facts()) + "\n")
