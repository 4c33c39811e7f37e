"""Looks at the machine at hand."""

from __future__ import annotations

import os
import platform
import shutil
import sys

from tutor.kit.devices import granted, hardware, nvidia, place
from tutor.kit.devices.facts import Computer, Driver, Torch
from tutor.kit.devices.processor import processor

HIDING = ("CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")


def look(*, torch: bool = True, python: str = sys.executable) -> Computer:
    """This computer.

    Args:
        torch: also ask PyTorch, in a process of its own, which takes as long as importing it does.
        python: whose PyTorch is asked.
    """
    name, extensions = processor()
    here = hardware.kinds()
    card = nvidia.is_on_the_bus()
    found, driver = nvidia.cards() if "nvidia" in here or card else ([], Driver())
    return Computer(
        system=place.system(),
        release=platform.release(),
        architecture=platform.machine(),
        place=place.place(),
        wsl=place.in_wsl(),
        container=place.in_container(),
        processor=name,
        cores=granted.cpus(),
        cores_here=os.cpu_count() or 0,
        extensions=extensions,
        memory=granted.ram(),
        memory_free=granted.free_ram(),
        disk_free=_free("."),
        shared_memory=_size("/dev/shm"),  # noqa: S108 - its size is what is asked
        accelerators=(*found, *hardware.others(here)),
        card=True if found else card,
        driver=driver,
        hiding=tuple((name, os.environ[name]) for name in HIDING if name in os.environ),
        executable=python,
        python=platform.python_version() if python == sys.executable else "",
        torch=_torch(python) if torch else None,
    )


def _torch(python: str) -> Torch:
    from tutor.kit.devices.asking import ask  # with what it needs it takes as long to import as all the rest

    try:
        return ask(python)
    except OSError as error:
        return Torch("?", problem=f"{python}: {error.strerror}")


def _free(folder: str) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _size(folder: str) -> int:
    try:
        return shutil.disk_usage(folder).total
    except OSError:
        return 0
