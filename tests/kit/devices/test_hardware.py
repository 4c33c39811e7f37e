"""Devices by device files, limits by control groups, names by the system's own programs: on made trees, and on the machine at hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.kit.devices import granted, hardware, nvidia
from tutor.kit.devices.facts import GIB, Accelerator


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty `/dev` on a machine that is no Mac."""
    monkeypatch.setattr(hardware, "_DEV", tmp_path)
    monkeypatch.setattr(nvidia, "WSL_LIBRARIES", tmp_path / "wsl")
    monkeypatch.setattr(hardware, "_intel_cards", lambda: iter(()))
    monkeypatch.setattr(hardware, "_amd_nodes", lambda: iter(()))
    monkeypatch.setattr("platform.system", lambda: "Linux")
    return tmp_path


@pytest.mark.parametrize(
    ("files", "kinds"),
    [
        ([], []),
        (["nvidiactl", "nvidia-uvm"], []),
        (["nvidia0", "nvidiactl"], ["nvidia"]),
        (["dxg"], []),
        (["dxg", "wsl/libcuda.so.1"], ["nvidia"]),
        (["kfd"], []),
        (["accel0"], ["tpu"]),
        (["accel/accel0"], []),
        (["vfio/0"], []),
    ],
)
def test_accelerators_are_seen_by_their_device_files(dev: Path, files: list[str], kinds: list[str]) -> None:
    for name in files:
        (dev / name).parent.mkdir(exist_ok=True)
        (dev / name).touch()
    assert hardware.kinds() == kinds


def test_a_mac_with_its_own_processor_has_an_accelerator(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(dev.iterdir()) == []
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    assert hardware.kinds() == ["apple"]
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert hardware.kinds() == []


def test_a_device_is_described_in_a_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    card = Accelerator("nvidia", "NVIDIA Tesla T4", 15 * GIB)
    assert hardware.describe([card]) == "NVIDIA Tesla T4, 15 GiB"
    assert hardware.describe([card, card]) == "2 × NVIDIA Tesla T4, 15 GiB"
    monkeypatch.setattr(hardware, "cpus", lambda: 2)
    assert hardware.describe([]) == "CPU, 2 cores"


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The control group that this process is in, below one that says nothing."""
    monkeypatch.setattr(granted, "groups", lambda _: iter([(tmp_path / "none", 2), (tmp_path, 2)]))
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    return tmp_path


def test_limits_of_a_container_count(group: Path) -> None:
    (group / "cpu.max").write_text("150000 100000\n")
    (group / "memory.max").write_text(f"{GIB}\n")
    (group / "memory.current").write_text(f"{GIB // 4}\n")
    assert granted.ram() == GIB
    assert granted.free_ram() == GIB - GIB // 4
    if sys.platform == "linux":
        assert granted.cpus() == 2
    (group / "memory.max").write_text("max\n")
    (group / "cpu.max").write_text("max 100000\n")
    assert granted.ram() > GIB
    if sys.platform == "linux":
        assert granted.cpus() == 8


def test_limits_of_an_older_container_count(group: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(granted, "groups", lambda _: iter([(group, 1)]))
    (group / "cpu.cfs_quota_us").write_text("50000\n")
    (group / "cpu.cfs_period_us").write_text("100000\n")
    (group / "memory.limit_in_bytes").write_text(f"{GIB}\n")
    (group / "memory.usage_in_bytes").write_text(f"{GIB // 2}\n")
    assert (granted.ram(), granted.free_ram()) == (GIB, GIB // 2)
    if sys.platform == "linux":
        assert granted.cpus() == 1


def smi(folder: Path, monkeypatch: pytest.MonkeyPatch, says: str, status: int = 0) -> None:
    """A machine without NVIDIA's library, whose nvidia-smi says that."""
    command = folder / "nvidia-smi"
    command.write_text(f"#!/bin/sh\ncat <<'END'\n{says}\nEND\nexit {status}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    monkeypatch.setattr(hardware, "kinds", lambda: ["nvidia"])
    monkeypatch.setattr(nvidia, "_library", lambda: None)


def test_nvidia_smi_is_asked_where_there_is_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smi(tmp_path, monkeypatch, "Tesla T4, 15360, 512, 7.5, 535.104.05\nNVIDIA L4, [N/A], [N/A], 8.9, 535.104.05")
    cards, driver = nvidia.cards()
    assert cards == [
        Accelerator("nvidia", "NVIDIA Tesla T4", 15 * GIB, GIB // 2, (7, 5)),
        Accelerator("nvidia", "NVIDIA L4", 0, 0, (8, 9)),
    ]
    assert driver.version == "535.104.05"
    assert hardware.accelerators() == cards


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        ("Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.161", "mismatch"),
        ("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", "silent"),
    ],
)
def test_a_driver_that_does_not_answer_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, problem: str
) -> None:
    smi(tmp_path, monkeypatch, says, 9)
    cards, driver = nvidia.cards()
    assert (cards, driver.problem) == ([], problem)


MODULES = {
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.171.04  Tue Mar 19\nGCC version: 12\n": "535.171.04",
    "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build": "580.65.06",
}


@pytest.mark.parametrize("says", MODULES)
def test_where_nothing_answers_the_loaded_module_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    (tmp_path / "gpus" / "0000:01:00.0").mkdir(parents=True)
    (tmp_path / "gpus" / "0000:01:00.0" / "information").write_text("Model: \t\t NVIDIA GeForce RTX 3090\nIRQ: 132\n")
    (tmp_path / "version").write_text(says)
    monkeypatch.setattr(nvidia, "_PROC", tmp_path)
    monkeypatch.setattr(nvidia, "_library", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    cards, driver = nvidia.cards()
    assert [card.name for card in cards] == ["NVIDIA GeForce RTX 3090"]
    assert driver.version == MODULES[says]


@pytest.mark.parametrize(
    ("devices", "is_there"),
    [
        ([], None),
        ([("0x8086", "0x030000")], False),
        ([("0x8086", "0x020000"), ("0x10de", "0x030200")], True),
        ([("0x10de", "0x040300")], False),  # the sound of a card that was taken away
    ],
)
def test_a_card_on_the_bus_is_seen_without_a_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, devices: list[tuple[str, str]], is_there: bool | None
) -> None:
    for number, (vendor, kind) in enumerate(devices):
        folder = tmp_path / f"0000:0{number}:00.0"
        folder.mkdir()
        (folder / "vendor").write_text(f"{vendor}\n")
        (folder / "class").write_text(f"{kind}\n")
    monkeypatch.setattr(nvidia, "_PCI", tmp_path)
    assert nvidia.is_on_the_bus() is is_there


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_the_machine_at_hand_agrees_with_proc() -> None:
    total = next(
        int(line.split()[1]) * 1024 for line in Path("/proc/meminfo").read_text().splitlines() if "MemTotal" in line
    )
    assert 0 < granted.ram() <= total
    assert 0 < granted.free_ram() <= total
    assert 1 <= granted.cpus() <= len(os.sched_getaffinity(0))


def test_the_machine_at_hand_agrees_with_nvidia_smi() -> None:
    try:
        answer = subprocess.run(
            ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except FileNotFoundError:
        assert not any(device.name == "nvidia" for device in hardware.accelerators())
        return
    if answer.returncode == 0:
        assert [card.name for card in nvidia.cards()[0]] == [nvidia.named(name) for name in answer.stdout.splitlines()]
