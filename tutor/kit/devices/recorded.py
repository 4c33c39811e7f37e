"""The same facts from text: `python -m torch.utils.collect_env`, PyTorch's warnings about a card, and what `nvidia-smi` prints, failing or
not. Pure."""

from __future__ import annotations

import re

from tutor.kit.devices.facts import Accelerator, Computer, Driver, Torch
from tutor.kit.devices.nvidia import named
from tutor.kit.devices.processor import from_cpuinfo

_SYSTEMS = (("Windows", "windows"), ("macOS", "macos"), ("Mac OS", "macos"))
_NONE = ("None", "N/A", "Could not collect", "No CUDA", "")
_ROW = re.compile(r"^\|\s+\d+\s+(?P<name>\S.*?)\s+(?:On|Off|WDDM|TCC|N/A)\s+\|", re.MULTILINE)
_USE = re.compile(r"\|\s*(\d+)MiB\s*/\s*(\d+)MiB\s*\|")
_HEAD = re.compile(r"(?:Driver|KMD) Version:\s*([\d.]+)\s+CUDA (?:UMD )?Version:\s*([\d.]+|N/A|ERR!)")
_WARNED = (
    re.compile(
        r"^(?P<name>\S.{2,60}?) with CUDA capability sm_(?P<major>\d{1,2})(?P<minor>\d)[af]? is not compatible",
        re.MULTILINE,
    ),
    re.compile(
        r"Found GPU\d+ (?P<name>.{3,60}?) which is of compute capability \(CC\) (?P<major>\d{1,2})\.(?P<minor>\d)"
    ),
)
"""How PyTorch names a card that it has no code for: up to 2.9, and after."""
_BUILT_FOR = re.compile(r"supports CUDA capabilities ((?:(?:sm|compute)_\d{2,3}[af]? ?)+)")
_BUILT_FOR_CC = re.compile(r"^- (\d{1,2})\.(\d) which supports hardware CC", re.MULTILINE)


def read(text: str) -> Computer:
    """What the text says; what it does not say is left as not known."""
    text = text.replace("\r\n", "\n").replace("：", ":")
    if re.search(r"^(?:PyTorch version\b|Is CUDA available:)", text, re.MULTILINE):
        return _environment(text)
    return _warning(text) if _capabilities(text) else _smi(text)


def _environment(text: str) -> Computer:
    """The text of `collect_env`."""
    version = _line(text, "PyTorch version") if "PyTorch version" in text else "?"
    cards = _cards(text)
    driver = _line(text, "Nvidia driver version").split("\n")[0].strip()
    system = _line(text, "OS") or _line(text, "Python platform")
    available = _line(text, "Is CUDA available") in ("True", "Yes")
    hip = _known(_line(text, "ROCM used to build PyTorch"))
    cuda = "" if hip else _known(_line(text, "CUDA used to build PyTorch"))
    if available and not (cuda or hip):  # a text without its beginning, or a build that does not say it
        cuda = "?"
    name, extensions = from_cpuinfo(text)
    hidden = re.search(r"^CUDA_VISIBLE_DEVICES(?: set to)?:\s*(.*)$", text, re.MULTILINE)
    return Computer(
        system=next((known for begin, known in _SYSTEMS if begin in system), "linux" if system else ""),
        release=system,
        architecture=(re.findall(r"\((\w+)\)$", system) or [""])[0],
        wsl="microsoft" in _line(text, "Python platform").lower(),
        processor=name or _processor(text),
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
            architectures=_architectures(text),
            count=len(cards) if available else 0,
            problem=_problem(text),
            torchvision=_package(text, "torchvision"),
        ),
    )


def _warning(text: str) -> Computer:
    """A warning alone: it is of a CUDA build, and says neither which nor of which PyTorch."""
    known = _capabilities(text)
    cards = tuple(Accelerator("nvidia", named(name), capability=capability) for name, capability in known.items())
    torch = Torch("?", "?", architectures=_architectures(text), kind="cuda", count=len(cards))
    return Computer(accelerators=cards, card=True, torch=torch)


def _capabilities(text: str) -> dict[str, tuple[int, int]]:
    """Of the cards that a warning names."""
    found = (match for pattern in _WARNED for match in pattern.finditer(text))
    return {match["name"].strip(): (int(match["major"]), int(match["minor"])) for match in found}


def _architectures(text: str) -> tuple[str, ...]:
    """What PyTorch was built for, where a warning lists it."""
    listed = _BUILT_FOR.search(text)
    if listed:
        return tuple(listed[1].split())
    return tuple(dict.fromkeys(f"sm_{major}{minor}" for major, minor in _BUILT_FOR_CC.findall(text)))


def _problem(text: str) -> str:
    """What PyTorch warned of when it was asked for devices."""
    found = re.search(r"CUDA initialization: (.{1,400}?)(?: \(Triggered internally|$)", text, re.MULTILINE)
    return found[1] if found else ""


def _processor(text: str) -> str:
    """On a Mac it stands alone below its heading, on Windows behind `Name=`."""
    found = re.search(r"^CPU:\n(Apple .*|Intel.*)$", text, re.MULTILINE) or re.search(
        r"^Name=(.+)$", text, re.MULTILINE
    )
    return found[1].strip() if found else ""


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
    capabilities = _capabilities(text)
    return [
        Accelerator(
            "amd" if _is_amd(name) else "nvidia",
            name if _is_amd(name) else named(name),
            capability=capabilities.get(name),
        )
        for name in names
    ]


def _is_amd(name: str) -> bool:
    return name.startswith(("AMD", "Radeon"))


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
        cuda = "" if head[2] in ("N/A", "ERR!") else head[2]
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
