"""An examination in words: parts with lines, for the terminal and for the screen alike. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tutor.commands.doctor import examine
from tutor.commands.doctor.examine import Examination
from tutor.commands.pythons import short
from tutor.faults.model import Fault
from tutor.i18n import Words
from tutor.kit.devices.facts import GIB, Accelerator, Computer, Torch
from tutor.network.probe import Reach
from tutor.runtime import interpreter
from tutor.runtime.pythons import FoundPython, Where
from tutor.text.plain import strip
from tutor.text.scrub import Scrubber
from tutor.ui.host import DoctorLine, DoctorPart

GOOD, BAD, OPEN = "passed", "not_yet", "could_not_check"
MOST_DETAIL = 160
ELSEWHERE = (Where.PATH, Where.PYENV, Where.CONDA)


def part_of(key: str, found: Examination, words: Words, *, is_complete: bool, offline: str = "") -> DoctorPart:
    """One part. Args: `offline`: what remains without the network, in words."""
    lines = {
        examine.MACHINE: lambda: _machine(found.computer, words),
        examine.PYTHONS: lambda: _pythons(found, words),
        examine.TUTOR: lambda: _tutor(found, words),
        examine.NETWORK: lambda: _network(found.reaches or (), words, offline if is_complete else ""),
        examine.FAULTS: lambda: _faults(found.faults, words),
    }[key]()
    return DoctorPart(key, words(f"doctor.{key}"), tuple(lines), is_complete)


# -- the machine


def _machine(computer: Computer, words: Words) -> Iterator[DoctorLine]:
    yield DoctorLine(words("doctor.system"), _joined(_system(computer, words)))
    yield DoctorLine(words("doctor.processor"), _joined(_processor(computer, words)))
    memory = words("doctor.memory_is", total=_gib(computer.memory), free=_gib(computer.memory_free))
    yield DoctorLine(words("doctor.memory"), memory)
    yield DoctorLine(words("doctor.disk"), words("doctor.disk_is", free=_gib(computer.disk_free)))
    for device in computer.accelerators:
        yield DoctorLine(words("doctor.gpu"), _joined(_device(device, computer, words)), GOOD)
    if not computer.accelerators:
        yield DoctorLine(words("doctor.gpu"), words("doctor.gpu_driverless" if computer.card else "doctor.gpu_none"))
    for name, value in computer.hiding:
        yield DoctorLine(name, words("doctor.hiding", value=strip(value) or "''"), OPEN)


def _system(computer: Computer, words: Words) -> Iterator[str]:
    yield f"{computer.system.capitalize() if computer.system != 'macos' else 'macOS'} {computer.release}".strip()
    yield computer.architecture
    if computer.place:
        yield words(f"doctor.place_{computer.place}")
    if computer.wsl:
        yield "WSL"
    if computer.container:
        yield words("doctor.container")


def _processor(computer: Computer, words: Words) -> Iterator[str]:
    yield computer.processor
    granted, all_of_them = computer.cores, computer.cores_here
    key = "doctor.cores_of" if granted < all_of_them else "doctor.cores"
    yield words(key, granted=granted, total=all_of_them)
    yield " ".join(computer.extensions[-3:])


def _device(device: Accelerator, computer: Computer, words: Words) -> Iterator[str]:
    yield strip(device.name)
    if device.memory:
        key = "doctor.vram_used" if device.memory_used else "doctor.vram"
        yield words(key, total=_gib(device.memory), used=_gib(device.memory_used))
    if device.capability:
        yield words("doctor.capability", number="{}.{}".format(*device.capability))
    if device.kind == "nvidia" and computer.driver.version:
        key = "doctor.driver_cuda" if computer.driver.cuda else "doctor.driver"
        yield words(key, version=computer.driver.version, cuda=computer.driver.cuda)


# -- the Pythons


def _pythons(found: Examination, words: Words) -> Iterator[DoctorLine]:
    if found.unusable:
        yield DoctorLine(words("doctor.set_python"), strip(found.unusable), BAD)
    if found.server:
        yield DoctorLine(words("doctor.server"), words("doctor.server_about", name=strip(found.server)))
    for python in found.pythons:
        chosen = found.is_chosen(python)
        torch = found.computer.torch if chosen else None
        yield _python(python, torch, words, chosen=chosen and not found.server)


def _python(python: FoundPython, torch: Torch | None, words: Words, *, chosen: bool) -> DoctorLine:
    label = words("welcome.own") if python.where is Where.OWN else strip(short(python.name, Path.home()))
    parts = [f"Python {python.version}", *_torch(python, torch, words)]
    more: list[str] = []
    if python.minor < interpreter.OLDEST:
        mark = ""
        parts.append(words("doctor.too_old"))
    elif not python.has_ipykernel and (python.torch is None and python.where in ELSEWHERE):
        # One of many that happen to be there: how to add what it lacks would only be in the way.
        mark = ""
        parts.append(words("doctor.without_ipykernel"))
    elif not python.has_ipykernel:
        mark = OPEN
        more = [words("doctor.no_ipykernel"), f"    {interpreter.command_for_ipykernel(python.executable, python.has)}"]
    else:
        mark = GOOD if python.torch is not None else OPEN
    if chosen:
        parts.append(words("doctor.chosen"))
    if torch is not None and torch.problem:
        more.append(_cut(torch.problem))
        mark = BAD
    return DoctorLine(label, _joined(parts), mark, tuple(more))


def _torch(python: FoundPython, torch: Torch | None, words: Words) -> Iterator[str]:
    if python.torch is None:
        yield words("doctor.no_torch")
        return
    yield f"PyTorch {python.torch}".strip()
    if torch is not None and torch.version not in ("", "?"):
        key = {"cuda": "doctor.built_cuda", "rocm": "doctor.built_rocm"}.get(torch.build, "doctor.built_cpu")
        yield words(key, cuda=torch.cuda, hip=torch.hip)
        yield words("doctor.sees", device=torch.kind, count=torch.count) if torch.count else words("doctor.sees_none")
        if torch.torchvision:
            yield f"torchvision {torch.torchvision}"


# -- tutor itself


def _tutor(found: Examination, words: Words) -> Iterator[DoctorLine]:
    here = found.installation
    if here is None:
        return
    home = Path.home()
    yield DoctorLine("tutor", _joined([here.version, strip(short(here.place, home))]), GOOD)
    yield DoctorLine(words("doctor.progress"), strip(short(here.home, home)), "" if here.problems else GOOD)
    for problem in here.problems:
        yield DoctorLine(
            "", strip(problem.message), BAD if problem.is_fault else OPEN, tuple(problem.mend.splitlines())
        )


# -- the network


def _network(reaches: Iterable[Reach], words: Words, offline: str) -> Iterator[DoctorLine]:
    reaches = list(reaches)
    for reach in reaches:
        label = words(f"doctor.service_{reach.target.service}")
        where = [reach.target.host] + ([words("doctor.by_proxy", proxy=reach.proxy)] if reach.proxy else [])
        if reach.is_reached:
            seconds = words("doctor.seconds", seconds=f"{reach.seconds:.1f}")
            yield DoctorLine(label, _joined([*where, seconds]), GOOD)
        else:
            why = words(f"doctor.stopped_{reach.stage}")
            yield DoctorLine(label, _joined([*where, why]), OPEN, (_cut(reach.detail),))
    if offline and not all(reach.is_reached for reach in reaches):
        yield DoctorLine("", offline)


# -- what is broken


def _faults(faults: Iterable[Fault], words: Words) -> Iterator[DoctorLine]:
    scrub = Scrubber().scrub
    is_any = False
    for fault in faults:
        is_any = True
        more = [words("faults.cause", cause=scrub(fault.cause)), words("faults.mend"), *scrub(fault.mend).splitlines()]
        if fault.lesson:
            more.append(words("faults.lesson", lesson=fault.lesson))
        yield DoctorLine(fault.code, _cut(scrub(fault.quoted)), BAD, tuple(more))
    if not is_any:
        yield DoctorLine("", words("doctor.healthy"), GOOD)


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _gib(size: int) -> str:
    return f"{size / GIB:.1f}"


def _cut(text: str) -> str:
    line = " ".join(strip(text).split())
    return line if len(line) <= MOST_DETAIL else f"{line[:MOST_DETAIL]}…"
