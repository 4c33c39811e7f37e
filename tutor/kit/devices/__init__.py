"""What this computer has for deep learning, and what is broken: read from the operating system and from PyTorch.

    from tutor.kit import devices

    computer = devices.look()
    print(computer.accelerators, computer.driver, computer.torch)
    print(devices.broken(computer))

Facts and codes only; `tutor doctor` and `tutor explain` say what a code means and what mends it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutor.kit.devices.facts import Accelerator, Computer, Driver, Finding, Torch
    from tutor.kit.devices.findings import broken
    from tutor.kit.devices.kernel_log import from_kernel_log
    from tutor.kit.devices.looking import look
    from tutor.kit.devices.placement import devices_of, together
    from tutor.kit.devices.recorded import read

__all__ = [
    "Accelerator",
    "Computer",
    "Driver",
    "Finding",
    "Torch",
    "broken",
    "devices_of",
    "from_kernel_log",
    "look",
    "read",
    "together",
]

_HOMES = {
    "facts": ("Accelerator", "Computer", "Driver", "Finding", "Torch"),
    "findings": ("broken",),
    "kernel_log": ("from_kernel_log",),
    "looking": ("look",),
    "placement": ("devices_of", "together"),
    "recorded": ("read",),
}


def __getattr__(name: str) -> Any:
    """Loads what is asked for: the harness takes `hardware` alone into every kernel, from a zip, where nothing is compiled beforehand."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found
