"""The same facts from text: `python -m torch.utils.collect_env`, and what `nvidia-smi` prints, failing or not. Pure."""

from __future__ import annotations

import re

from tutor.kit.devices.facts import Accelerator, Computer, Driver, Torch
from tutor.kit.devices.nvidia import named
from tutor.kit.devices.processor import from_cpuinfo

_SYSTEMS = (("Windows", "windows"), ("macOS", "macos"), ("Mac OS", "macos"))
_NONE = ("None", "N/A", "Could not collect", "No CUDA", "")
_ROW = re.compile(r"^\|\s+\d+\s+(?P<name>\S.*?)\s+(?:On|Off|WDDM|TCC|N/A)\s+\|", re.MULTILINE)
_USE = re.compile(r"\|\s*(\d+)MiB\s*/\s*(\d+)MiB\s*\|")
_HEAD = re.compile(r"(?:Driver|KMD) Version:\s*([\d.]+)\s+CUDA (?:UMD )?Version:\s*([\d.]+|N/A)")


def read(text: str) -> Computer:
    """What the text says; what it does not say is left as not known."""
    text = text.replace("\r\n", "\n").replace("：", ":")
    if re.search(r"^(?:PyTorch version\b|Is CUDA available:)", text, re.MULTILINE):
        return _environment(text)
    return _smi(text)


def _environment(text: str) -> Computer:
    """The text of `collect_env`."""
    version = _line(text, "PyTorch version")
    cards = _cards(text)
    driver = _line(text, "Nvidia driver version").split("\n")[0].strip()
    system = _line(text, "OS")
    available = _line(text, "Is CUDA available") in ("True", "Yes")
    hip = _known(_line(text, "ROCM used to build PyTorch"))
    cuda = "" if hip else _known(_line(text, "CUDA used to build PyTorch"))
    name, extensions = from_cpuinfo(text)
    hidden = re.search(r"^CUDA_VISIBLE_DEVICES(?: set to)?:\s*(.*)$", text, re.MULTILINE)
    return Computer(
        system=next((known for begin, known in _SYSTEMS if begin in system), "linux" if system else ""),
        release=system,
        wsl="microsoft" in _line(text, "Python platform").lower(),
        processor=name,
        extensions=extensions,
        accelerators=tuple(cards),
        card=any(card.kind == "nvidia" for card in cards) or None,
        driver=Driver(_known(driver)),
        hiding=(("CUDA_VISIBLE_DEVICES", hidden[1].strip()),) if hidden else (),
        python=_line(text, "Python version").split(" ")[0],
        torch=Torch(
            _known(version),
            cuda,
            hip,
            kind="cuda" if available else "cpu",
            count=len(cards) if available else 0,
            torchvision=_package(text, "torchvision"),
        ),
    )


def _line(text: str, label: str) -> str:
    found = re.search(rf"^{re.escape(label)}:?[ \t]+(.*)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _known(value: str) -> str:
    return "" if value in _NONE else value


def _cards(text: str) -> list[Accelerator]:
    """Of the line `GPU models and configuration`, and the lines below it that begin with `GPU`."""
    found = re.search(r"^GPU models and configuration:[ \t]*(.*(?:\n[ \t]*GPU \d+:.*)*)", text, re.MULTILINE)
    names = re.findall(r"GPU \d+: (.+?)(?:\s+\(UUID.*)?$", found[1], re.MULTILINE) if found else []
    if found and not names and _known(found[1].strip()):
        names = [found[1].strip()]
    return [Accelerator("amd" if name.startswith(("AMD", "Radeon")) else "nvidia", _maker(name)) for name in names]


def _maker(name: str) -> str:
    return name if name.startswith(("AMD", "Radeon")) else named(name)


def _package(text: str, name: str) -> str:
    found = re.search(rf"^\[\w+\]\s+{name}(?:==|\s+)(\S+)", text, re.MULTILINE)
    return found[1] if found else ""


def _smi(text: str) -> Computer:
    """The table of `nvidia-smi`, or what it says instead."""
    head = _HEAD.search(text)
    if head:
        uses = _USE.findall(text)
        names = [match["name"] for match in _ROW.finditer(text)]
        rooms = [(int(total) << 20, int(used) << 20) for used, total in uses] + [(0, 0)] * len(names)
        cards = [Accelerator("nvidia", named(name), *room) for name, room in zip(names, rooms, strict=False)]
        cuda = "" if head[2] == "N/A" else head[2]
        return Computer(accelerators=tuple(cards), card=bool(cards) or None, driver=Driver(head[1], cuda))
    if "version mismatch" in text:
        library = re.search(r"NVML library version:\s*([\d.]+)", text)
        return Computer(card=True, driver=Driver(problem="mismatch", version=library[1] if library else ""))
    silent = (
        "couldn't communicate with the NVIDIA driver",
        "couldn’t communicate",
        "Failed to initialize NVML",
        "No devices were found",
    )
    if any(sign in text for sign in silent):
        return Computer(driver=Driver(problem="silent"))
    return Computer()
