"""What this machine is, as the explanations of faults want it: the kit's facts, and the metadata of packages."""

from __future__ import annotations

import importlib.metadata
import re
import sys

from tutor.faults.model import Machine
from tutor.kit.devices.facts import Computer
from tutor.kit.devices.looking import look as look_around


def look() -> Machine:
    """The facts of the machine that tutor runs on. Imports no PyTorch; starts no program but nvidia-smi, and that only where its library is missing."""
    return machine_of(look_around(torch=False), _torch_of_tutor())


def machine_of(computer: Computer, torch: str = "") -> Machine:
    """The same of what was seen. Args: `torch`: its version by its metadata, where PyTorch itself was not asked."""
    cards = computer.of_kind("nvidia")
    asked = computer.torch
    capabilities = (*(asked.capabilities if asked else ()), *(card.capability for card in cards if card.capability))
    return Machine(
        system=computer.system,
        place=computer.place if computer.place in ("colab", "kaggle") else "",
        wsl=computer.wsl if computer.system == "linux" else None,
        container=computer.container if computer.system == "linux" else None,
        card=_has_card(computer),
        driver=computer.driver.version,
        torch=asked.version if asked else torch,
        torch_cuda=asked.cuda if asked and asked.version else _cuda_of(torch),
        capability=capabilities[0] if capabilities else None,
        architectures=asked.architectures if asked else (),
        python=computer.executable or sys.executable or "",
    )


def _has_card(computer: Computer) -> bool | None:
    if computer.card or computer.system == "macos":
        return bool(computer.card)
    # A container may be shown no devices at all.
    return None if computer.container and computer.card is None else computer.card


def _torch_of_tutor() -> str:
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
