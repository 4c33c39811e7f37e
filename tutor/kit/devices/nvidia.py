"""NVIDIA's cards and driver: by NVIDIA's own library, by nvidia-smi, by what the loaded module says of itself."""

from __future__ import annotations

import ctypes
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tutor.kit.devices.facts import Accelerator, Driver
from tutor.kit.devices.reading import read

SMI_LIMIT = 5.0
"""Seconds; a broken driver can keep nvidia-smi for minutes."""
WSL_LIBRARIES = Path("/usr/lib/wsl/lib")
_PROC = Path("/proc/driver/nvidia")
_PCI = Path("/sys/bus/pci/devices")
_MISMATCH = 18
"""NVML_ERROR_LIB_RM_VERSION_MISMATCH: the library is of another version than the loaded module."""


def cards() -> tuple[list[Accelerator], Driver]:
    """All cards that the driver shows, and the driver."""
    return _by_library() or _by_command() or _by_module()


def is_on_the_bus() -> bool | None:
    """Whether a card is in the machine, with or without a driver; None where devices cannot be listed."""
    vendors = list(_PCI.glob("*/vendor"))
    if not vendors:
        return None
    displays = (vendor for vendor in vendors if read(vendor) == "0x10de")
    return any(read(vendor.with_name("class")).startswith("0x03") for vendor in displays)


# -- by the library, which is what nvidia-smi asks, without starting a program


def _by_library() -> tuple[list[Accelerator], Driver] | None:
    """None where there is no library, or one that does not know the questions."""
    library = _library()
    if library is None:
        return None
    try:
        status = library.nvmlInit_v2()
        if status != 0:
            return [], Driver(_module_version(), problem="mismatch" if status == _MISMATCH else "silent")
        count = ctypes.c_uint()
        library.nvmlDeviceGetCount_v2(ctypes.byref(count))
        found = [_device(library, index) for index in range(count.value)]
        driver = Driver(_text(library.nvmlSystemGetDriverVersion), _cuda(library))
        library.nvmlShutdown()
    except AttributeError:  # a library of another age
        return None
    return [device for device in found if device is not None], driver


def _library() -> Any:
    names = ("libnvidia-ml.so.1", str(WSL_LIBRARIES / "libnvidia-ml.so.1"))
    return next((library for library in map(_loaded, names) if library is not None), None)


def _loaded(name: str) -> Any:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _device(library: Any, index: int) -> Accelerator | None:
    handle = ctypes.c_void_p()
    if library.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(handle)) != 0:
        return None
    name = ctypes.create_string_buffer(96)
    library.nvmlDeviceGetName(handle, name, len(name))
    memory = (ctypes.c_ulonglong * 3)()  # total, free, used
    library.nvmlDeviceGetMemoryInfo(handle, memory)
    major, minor = ctypes.c_int(), ctypes.c_int()
    known = library.nvmlDeviceGetCudaComputeCapability(handle, ctypes.byref(major), ctypes.byref(minor)) == 0
    capability = (major.value, minor.value) if known else None
    return Accelerator("nvidia", named(name.value.decode(errors="replace")), memory[0], memory[2], capability)


def _text(question: Any) -> str:
    answer = ctypes.create_string_buffer(96)
    return answer.value.decode(errors="replace") if question(answer, len(answer)) == 0 else ""


def _cuda(library: Any) -> str:
    number = ctypes.c_int()
    if library.nvmlSystemGetCudaDriverVersion_v2(ctypes.byref(number)) != 0:
        return ""
    return f"{number.value // 1000}.{number.value % 1000 // 10}"


# -- by the command


def _by_command() -> tuple[list[Accelerator], Driver] | None:
    """None where there is no command, or it does not answer."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return None
    wanted = "name,memory.total,memory.used,compute_cap,driver_version"
    arguments = [command, f"--query-gpu={wanted}", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(arguments, capture_output=True, text=True, timeout=SMI_LIMIT, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    if answer.returncode != 0:
        said = answer.stdout + answer.stderr
        problem = "mismatch" if "version mismatch" in said else "silent" if "NVIDIA" in said or "NVML" in said else ""
        return ([], Driver(_module_version(), problem=problem)) if problem else None
    found, version = [], ""
    for line in answer.stdout.splitlines():
        parts = [part.strip() for part in line.split(",")]
        name, total, used, capability, version = (*parts, "", "", "", "", "")[:5]
        found.append(Accelerator("nvidia", named(name), _bytes(total), _bytes(used), _pair(capability)))
    return found, Driver(version)


def _bytes(mebibytes: str) -> int:
    return int(mebibytes) << 20 if mebibytes.isdigit() else 0


def _pair(capability: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d+)\.(\d+)", capability)
    return (int(found[1]), int(found[2])) if found else None


# -- by the loaded module


def _by_module() -> tuple[list[Accelerator], Driver]:
    texts = [read(path) for path in sorted((_PROC / "gpus").glob("*/information"))]
    models = [match[1] for text in texts if (match := re.search(r"^Model:\s*(.+)$", text, re.MULTILINE))]
    return [Accelerator("nvidia", named(model)) for model in models], Driver(_module_version())


def _module_version() -> str:
    found = re.search(r"NVRM version:.*?\s(\d{3,4}\.\d+(?:\.\d+)?)", read(_PROC / "version"))
    return found[1] if found else ""


def named(name: str) -> str:
    """With its maker in front, as newer drivers write it."""
    name = name.strip()
    return name if name.startswith("NVIDIA") else f"NVIDIA {name}"
