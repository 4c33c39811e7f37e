"""What the operating system grants and shows: processors, memory, accelerators. Cheap, and never asks PyTorch."""

from __future__ import annotations

import ctypes
import math
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GIB = 1 << 30
NVIDIA_SMI_LIMIT = 5.0
_DEV = Path("/dev")
_WSL_LIBRARIES = Path("/usr/lib/wsl/lib")


@dataclass(frozen=True)
class Accelerator:
    """One device as the operating system shows it."""

    kind: str
    """`nvidia`, `amd`, `apple`, `intel` or `tpu`."""
    name: str
    memory: int = 0
    """Bytes; 0 when not known."""


def kinds() -> list[str]:
    """The kinds of accelerators that are there; looks at device files only."""
    nodes = _names(_DEV)
    found = []
    if _has_nvidia(nodes):
        found.append("nvidia")
    if "kfd" in nodes and any(_amd_nodes()):
        found.append("amd")
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        found.append("apple")
    if any(_intel_cards()):
        found.append("intel")
    if any(re.fullmatch(r"accel\d+", node) for node in nodes) or (
        any(name.isdigit() for name in _names(_DEV / "vfio")) and any(key.startswith("TPU_") for key in os.environ)
    ):
        found.append("tpu")
    return found


def accelerators() -> list[Accelerator]:
    """The devices with names and memory."""
    found: list[Accelerator] = []
    for kind in kinds():
        if kind == "nvidia":
            found += (
                _nvidia_by_library() or _nvidia_by_command() or _nvidia_by_proc() or [Accelerator(kind, "NVIDIA GPU")]
            )
        elif kind == "amd":
            found += [Accelerator(kind, "AMD GPU", memory) for memory in _amd_nodes()]
        elif kind == "apple":
            found.append(Accelerator(kind, _apple_name(), ram()))
        elif kind == "intel":
            found += [Accelerator(kind, "Intel GPU", memory) for memory in _intel_cards()]
        else:
            found.append(Accelerator(kind, f"TPU {os.environ.get('TPU_ACCELERATOR_TYPE', '')}".strip()))
    return found


def describe(found: list[Accelerator]) -> str:
    """One short line for people."""
    if not found:
        cores = cpus()
        return f"CPU, {cores} core{'' if cores == 1 else 's'}"
    first = found[0]
    text = f"{first.name}, {round(first.memory / GIB)} GiB" if first.memory else first.name
    return f"{len(found)} × {text}" if len(found) > 1 else text


def cpus() -> int:
    """Processors granted: affinity and container quota included."""
    granted = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    for folder, version in _cgroups("cpu"):
        if version == 2:
            quota, _, period = _read(folder / "cpu.max").partition(" ")
        else:
            quota, period = _read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us")
        if quota.isdigit() and period.isdigit() and int(period) > 0:
            granted = min(granted, max(1, math.ceil(int(quota) / int(period))))
    return granted


def ram() -> int:
    """Bytes of memory granted: container limits included."""
    try:
        granted = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 0
    for folder, version in _cgroups("memory"):
        limit = _read(folder / ("memory.max" if version == 2 else "memory.limit_in_bytes"))
        if limit.isdigit() and int(limit) > 0:
            granted = min(granted, int(limit))
    return granted


def _cgroups(controller: str) -> Iterator[tuple[Path, int]]:
    """This process's control group and those above it, as far as they can be seen from here, with the version."""
    for line in _read(Path("/proc/self/cgroup")).splitlines():
        _, controllers, path = ([*line.split(":", 2), "", ""])[:3]
        if controllers == "":
            root, version = Path("/sys/fs/cgroup"), 2
        elif controller in controllers.split(","):
            root, version = Path("/sys/fs/cgroup") / controller, 1
        else:
            continue
        # In a container the path may be the host's, of which only the root is mounted.
        parts = [part for part in path.split("/") if part and part != ".."]
        for length in range(len(parts), -1, -1):
            yield root.joinpath(*parts[:length]), version


def _has_nvidia(nodes: set[str]) -> bool:
    if any(re.fullmatch(r"nvidia\d+", node) for node in nodes) or nodes & {"nvhost-gpu", "nvgpu"}:
        return True
    return "dxg" in nodes and (_WSL_LIBRARIES / "libcuda.so.1").exists()


def _nvidia_by_library() -> list[Accelerator]:
    """By NVIDIA's management library, which is what nvidia-smi asks, without starting a program."""
    for name in ("libnvidia-ml.so.1", str(_WSL_LIBRARIES / "libnvidia-ml.so.1")):
        try:
            library = ctypes.CDLL(name)
            break
        except OSError:
            continue
    else:
        return []
    try:
        if library.nvmlInit_v2() != 0:
            return []
        count = ctypes.c_uint()
        library.nvmlDeviceGetCount_v2(ctypes.byref(count))
        found = [_nvidia_device(library, index) for index in range(count.value)]
        library.nvmlShutdown()
    except AttributeError:  # a library of another age
        return []
    return [device for device in found if device is not None]


def _nvidia_device(library: ctypes.CDLL, index: int) -> Accelerator | None:
    handle = ctypes.c_void_p()
    if library.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(handle)) != 0:
        return None
    name = ctypes.create_string_buffer(96)
    library.nvmlDeviceGetName(handle, name, len(name))
    memory = (ctypes.c_ulonglong * 3)()  # total, free, used
    library.nvmlDeviceGetMemoryInfo(handle, memory)
    return Accelerator("nvidia", _nvidia_name(name.value.decode(errors="replace")), memory[0])


def _nvidia_by_command() -> list[Accelerator]:
    command = shutil.which("nvidia-smi")
    if command is None:
        return []
    arguments = [command, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(arguments, capture_output=True, text=True, timeout=NVIDIA_SMI_LIMIT, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    found = []
    for line in answer.splitlines():
        name, _, memory = line.rpartition(",")
        found.append(Accelerator("nvidia", _nvidia_name(name), int(memory) << 20 if memory.strip().isdigit() else 0))
    return found


def _nvidia_by_proc() -> list[Accelerator]:
    texts = [_read(path) for path in Path("/proc/driver/nvidia/gpus").glob("*/information")]
    models = [match[1] for text in texts if (match := re.search(r"^Model:\s*(.+)$", text, re.MULTILINE))]
    return [Accelerator("nvidia", _nvidia_name(model)) for model in models]


def _nvidia_name(name: str) -> str:
    name = name.strip()
    return name if name.startswith("NVIDIA") else f"NVIDIA {name}"


def _amd_nodes() -> Iterator[int]:
    """Memory of each AMD GPU that the compute driver knows; its processors are nodes, too, without an id."""
    for node in sorted(Path("/sys/class/kfd/kfd/topology/nodes").glob("*")):
        if _read(node / "gpu_id") not in ("", "0"):
            match = re.search(r"^size_in_bytes (\d+)$", _read(node / "mem_banks/0/properties"), re.MULTILINE)
            yield int(match[1]) if match else 0


def _intel_cards() -> Iterator[int]:
    """Memory of Intel cards for computing. Processor graphics of the older driver are not counted: PyTorch cannot use them."""
    for card in sorted(Path("/sys/class/drm").glob("card*")):
        driver = card / "device" / "driver"
        name = driver.resolve().name if driver.exists() else ""
        memory = _read(card / "lmem_total_bytes") or _read(card / "device/tile0/physical_vram_size_bytes")
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


def _names(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder))  # noqa: PTH208 (names are all that is wanted)
    except OSError:
        return set()


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
