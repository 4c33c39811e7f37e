"""What this computer has for deep learning, and what is broken: read from the operating system and from PyTorch.

    from tutor.kit import devices

    computer = devices.look()
    print(computer.accelerators, computer.driver, computer.torch)
    print(devices.broken(computer))

Facts and codes only; `tutor doctor` and `tutor explain` say what a code means and what mends it.
"""

from __future__ import annotations

from tutor.kit.devices.broken import broken
from tutor.kit.devices.facts import Accelerator, Computer, Driver, Finding, Torch
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
    "look",
    "read",
    "together",
]
