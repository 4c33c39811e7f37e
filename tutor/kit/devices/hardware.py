"""The hardware as the operating system shows and grants it, whatever PyTorch thinks of it: what the harness judges `needs` by."""

from __future__ import annotations

import ctypes
import os
import platform
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tutor.kit.devices import nvidia
from tutor.kit.devices.facts import GIB, Accelerator
from tutor.kit.devices.granted import cpus, ram
from tutor.kit.devices.reading import names, read

__all__ = ["accelerators", "cpus", "describe", "kinds", "others", "ram"]

_DEV = Path("/dev")
_AMD = Path("/sys/class/kfd/kfd/topology/nodes")
_CARDS = Path("/sys/class/drm")


def kinds() -> list[str]:
    """The kinds that are there; looks at device files only."""
    nodes = names(_DEV)
    found = []
    if _has_nvidia(nodes):
        found.append("nvidia")
    if "kfd" in nodes and any(_amd_nodes()):
        found.append("amd")
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        found.append("apple")
    if any(True for _ in _intel_cards()):  # one whose memory is not known is there all the same
        found.append("intel")
    if any(re.fullmatch(r"accel\d+", node) for node in nodes) or (
        any(name.isdigit() for name in names(_DEV / "vfio")) and any(key.startswith("TPU_") for key in os.environ)
    ):
        found.append("tpu")
    return found


def accelerators() -> list[Accelerator]:
    """The devices with names and memory."""
    here = kinds()
    found = (nvidia.cards()[0] or [Accelerator("nvidia", "NVIDIA GPU")]) if "nvidia" in here else []
    return [*found, *others(here)]


def others(here: Sequence[str]) -> list[Accelerator]:
    """Those that are not NVIDIA's. Args: `here`: what `kinds` has found."""
    found: list[Accelerator] = []
    for kind in here:
        if kind == "amd":
            found += [Accelerator(kind, "AMD GPU", memory) for memory in _amd_nodes()]
        elif kind == "apple":
            found.append(Accelerator(kind, _apple_name(), ram()))
        elif kind == "intel":
            found += [Accelerator(kind, "Intel GPU", memory) for memory in _intel_cards()]
        elif kind == "tpu":
            found.append(Accelerator(kind, f"TPU {os.environ.get('TPU_ACCELERATOR_TYPE', '')}".strip()))
    return found


def describe(found: Sequence[Accelerator]) -> str:
    """One short line for people."""
    if not found:
        cores = cpus()
        return f"CPU, {cores} core{'' if cores == 1 else 's'}"
    first = found[0]
    text = f"{first.name}, {round(first.memory / GIB)} GiB" if first.memory else first.name
    return f"{len(found)} × {text}" if len(found) > 1 else text


def _has_nvidia(nodes: set[str]) -> bool:
    if any(re.fullmatch(r"nvidia\d+", node) for node in nodes) or nodes & {"nvhost-gpu", "nvgpu"}:
        return True
    return "dxg" in nodes and (nvidia.WSL_LIBRARIES / "libcuda.so.1").exists()


def _amd_nodes() -> Iterator[int]:
    """Memory of each AMD GPU that the compute driver knows; its processors are nodes, too, without an id."""
    for node in sorted(_AMD.glob("*")):
        if read(node / "gpu_id") not in ("", "0"):
            match = re.search(r"^size_in_bytes (\d+)$", read(node / "mem_banks/0/properties"), re.MULTILINE)
            yield int(match[1]) if match else 0


def _intel_cards() -> Iterator[int]:
    """Memory of Intel cards for computing. Processor graphics of the older driver are not counted: PyTorch cannot use them."""
    for card in sorted(_CARDS.glob("card*")):
        driver = card / "device" / "driver"
        name = driver.resolve().name if driver.exists() else ""
        memory = read(card / "lmem_total_bytes") or read(card / "device/tile0/physical_vram_size_bytes")
        size = int(memory, 0) if re.fullmatch(r"\d+|0x[0-9a-fA-F]+", memory) else 0
        if "-" not in card.name and (name == "xe" or (name == "i915" and size > 0)):
            yield size


def _apple_name() -> str:
    size = ctypes.c_size_t(128)
    text = ctypes.create_string_buffer(size.value)
    try:
        ctypes.CDLL(None).sysctlbyname(b"machdep.cpu.brand_string", text, ctypes.byref(size), None, ctypes.c_size_t(0))
    except (OSError, AttributeError):
        return "Apple GPU"
    return text.value.decode(errors="replace") or "Apple GPU"
