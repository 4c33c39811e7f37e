"""From facts to what is broken. Pure: each rule has its reason and its source beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tutor.kit.devices.facts import GIB, Computer, Finding, Torch

OLDEST_DRIVER = {"9.2": 396, "10.0": 410, "10.1": 418, "10.2": 440, "11": 450, "12": 525, "13": 580}
"""The driver from which on each CUDA runs (Linux); from 11 on for all of a major version. Source: NVIDIA's CUDA release notes, tables of
driver versions, read 2026-11."""
FULL = 0.95
"""From this share of a card's memory on, nothing of use fits beside what is there."""
LEAST_DISK = GIB // 4
OLDEST_PYTHON = (3, 10)
"""The first that today's PyTorch has builds for."""
HIDING_AMD = ("HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES")
"""The last is heard by ROCm builds, too."""
_NOTHING_VISIBLE = ("", "-1", "none", "nodevfiles", "void")
_NOT_A_PAIR = re.compile(r"torchvision::\w+ does not exist|undefined symbol|custom C\+\+ ops|DLL load failed|image\.so")


def broken(computer: Computer) -> tuple[Finding, ...]:
    """All that is broken, nearest to the cause first; nothing on a healthy machine, with a GPU or without."""
    return (*_of_the_driver(computer), *_of_python(computer), *_of_torch(computer), *_of_room(computer))


def _of_the_driver(computer: Computer) -> Iterator[Finding]:
    driver = computer.driver
    if driver.problem == "mismatch":
        yield Finding("driver-library-mismatch", f"loaded: {driver.version}" if driver.version else "")
    elif computer.system != "macos" and (driver.problem == "silent" or _is_without_driver(computer)):
        yield Finding("no-nvidia-driver", "an NVIDIA card is on the PCI bus" if computer.card else "")


def _is_without_driver(computer: Computer) -> bool:
    return bool(computer.card) and not computer.of_kind("nvidia") and not computer.driver.version


def _of_python(computer: Computer) -> Iterator[Finding]:
    """A Python for which there is no PyTorch of today."""
    if computer.system == "macos" and computer.architecture == "x86_64" and "Apple" in computer.processor:
        yield Finding("wrong-python", f"a Python for Intel (x86_64) on {computer.processor}")
    elif _is_too_old(computer) and computer.torch is not None and not computer.torch.version:
        yield Finding("wrong-python", f"Python {computer.python}")


def _is_too_old(computer: Computer) -> bool:
    found = re.match(r"(\d+)\.(\d+)", computer.python)
    return found is not None and (int(found[1]), int(found[2])) < OLDEST_PYTHON


def _of_torch(computer: Computer) -> Iterator[Finding]:
    torch = computer.torch
    if torch is None:
        return
    if not torch.version:
        if not _is_too_old(computer):
            yield Finding("module-missing", "torch")
        return
    cards = computer.of_kind("nvidia")
    # One that cannot be imported did not say how it was built.
    if cards and torch.build == "cpu" and not torch.problem:
        yield Finding("torch-without-cuda", f"PyTorch {torch.version}, {cards[0].name}")
    elif torch.build == "cuda" and (cards or "driver on your system is too old" in torch.problem):
        yield from _of_cuda(computer, torch)
    elif torch.build == "rocm" and torch.count == 0:
        yield from _of_rocm(computer)
    if _NOT_A_PAIR.search(torch.torchvision_problem):
        yield Finding("torchvision-mismatch", f"torch {torch.version}, torchvision {torch.torchvision}")


def _of_cuda(computer: Computer, torch: Torch) -> Iterator[Finding]:
    """A CUDA build, and an NVIDIA card in the machine."""
    cards = computer.of_kind("nvidia")
    driver = _major(computer.driver.version)
    visible = dict(computer.hiding).get("CUDA_VISIBLE_DEVICES")
    if torch.count == 0 and driver is not None and driver < _oldest_driver(torch.cuda):
        yield Finding("driver-too-old", f"driver {computer.driver.version}, PyTorch for CUDA {torch.cuda}")
    elif torch.count == 0 and visible is not None and cards and _hides_all(visible, len(cards)):
        yield Finding("devices-hidden", f"CUDA_VISIBLE_DEVICES={visible}")
    elif torch.count == 0 and "too old" in torch.problem:
        yield Finding("driver-too-old", f"PyTorch for CUDA {torch.cuda}")
    capabilities = torch.capabilities or [one.capability for one in cards if one.capability]
    for capability in dict.fromkeys(capabilities):
        if torch.architectures and not runs_on(torch.architectures, capability):
            code = "gpu-too-old" if capability < min(_numbers(torch.architectures)) else "gpu-too-new"
            shown = f"compute capability {capability[0]}.{capability[1]}"
            yield Finding(code, f"{shown}; PyTorch {torch.version} has {' '.join(torch.architectures)}")


def _of_rocm(computer: Computer) -> Iterator[Finding]:
    cards = len(computer.of_kind("amd"))
    for name, value in computer.hiding:
        if cards and name in HIDING_AMD and _hides_all(value, cards):
            yield Finding("devices-hidden", f"{name}={value}")
            return


def _of_room(computer: Computer) -> Iterator[Finding]:
    for device in computer.of_kind("nvidia"):
        if device.memory and device.memory_used > FULL * device.memory:
            used, total = device.memory_used / GIB, device.memory / GIB
            yield Finding("gpu-out-of-memory", f"{device.name}: {used:.1f} of {total:.1f} GiB in use")
    if 0 < computer.disk_free < LEAST_DISK:
        yield Finding("disk-full", f"{computer.disk_free >> 20} MiB free in the current folder")


def _hides_all(visible: str, count: int) -> bool:
    """Whether no card is left: an empty list, or one that begins with an index that is not there (CUDA stops at it)."""
    first = visible.split(",", maxsplit=1)[0].strip()
    return first.lower() in _NOTHING_VISIBLE or (first.isdigit() and int(first) >= count)


def _oldest_driver(cuda: str) -> int:
    parts = cuda.split(".")
    return OLDEST_DRIVER.get(".".join(parts[:2])) or OLDEST_DRIVER.get(parts[0], 0)


def _major(version: str) -> int | None:
    found = re.match(r"\d+", version)
    return int(found[0]) if found else None


def _numbers(architectures: Iterable[str]) -> list[tuple[int, int]]:
    return [
        (int(found[1]), int(found[2])) for one in architectures if (found := re.fullmatch(r"\w+_(\d+)(\d)[a-z]?", one))
    ]


def runs_on(architectures: Iterable[str], capability: tuple[int, int]) -> bool:
    """Whether a build has code for a card of that compute capability.

    Machine code (`sm_75`) runs on cards of the same major number from its minor number on; code for one architecture only (`sm_90a`)
    on that; portable code (`compute_90`, PTX) on every newer one. Source: NVIDIA, CUDA C++ Programming Guide, "Application
    Compatibility", read 2026-11.
    """
    for one in architectures:
        found = re.fullmatch(r"(sm|compute)_(\d+)(\d)([af]?)", one)
        if not found:
            continue
        number = (int(found[2]), int(found[3]))
        if found[4] == "a":
            fits = capability == number
        elif found[1] == "compute" and not found[4]:
            fits = capability >= number
        else:
            fits = capability[0] == number[0] and capability[1] >= number[1]
        if fits:
            return True
    return False
