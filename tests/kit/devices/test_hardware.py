"""Devices by device files, limits by control groups, names by the system's own programs: on made trees, and on the machine at hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def test_what_a_container_keeps_of_files_is_free(group: Path) -> None:
    (group / "memory.max").write_text(f"{GIB}\n")
    (group / "memory.current").write_text(f"{GIB}\n")
    (group / "memory.stat").write_text(f"anon {GIB // 4}\nactive_file 4096\ninactive_file {GIB // 2}\n")
    assert granted.free_ram() == GIB // 2


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("0::/", [("", 2)]),
        ("0::/user.slice/app.scope", [("user.slice/app.scope", 2), ("user.slice", 2), ("", 2)]),
        ("4:memory:/docker/x\n3:cpu,cpuacct:/\n", [("memory/docker/x", 1), ("memory/docker", 1), ("memory", 1)]),
        ("0::/../../init", [("init", 2), ("", 2)]),  # of a group above the one that is mounted
        ("12:pids:/", []),
        ("", []),
    ],
)
def test_the_groups_of_this_process_and_those_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, expected: list[tuple[str, int]]
) -> None:
    (tmp_path / "own").write_text(says)
    monkeypatch.setattr(granted, "_OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(granted, "_GROUPS", tmp_path)
    found = [
        (folder.relative_to(tmp_path).as_posix().strip("."), version) for folder, version in granted.groups("memory")
    ]
    assert found == expected


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux without any device."""
    monkeypatch.setattr(hardware, "_DEV", tmp_path / "dev")
    monkeypatch.setattr(hardware, "_AMD", tmp_path / "nodes")
    monkeypatch.setattr(hardware, "_CARDS", tmp_path / "drm")
    monkeypatch.setattr(nvidia, "WSL_LIBRARIES", tmp_path / "wsl")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    (tmp_path / "dev").mkdir()
    return tmp_path


def test_amd_cards_by_the_nodes_of_the_compute_driver(tree: Path) -> None:
    (tree / "dev" / "kfd").touch()
    for number, (identity, size) in enumerate((("0", 0), ("51251", 16 * GIB))):  # the processor is a node, too
        bank = tree / "nodes" / str(number) / "mem_banks" / "0"
        bank.mkdir(parents=True)
        (tree / "nodes" / str(number) / "gpu_id").write_text(f"{identity}\n")
        (bank / "properties").write_text(f"heap_type 1\nsize_in_bytes {size}\nflags 0\n")
    assert hardware.kinds() == ["amd"]
    assert hardware.accelerators() == [Accelerator("amd", "AMD GPU", 16 * GIB)]


@pytest.mark.parametrize(
    ("driver", "file", "says", "found"),
    [
        ("xe", "device/tile0/physical_vram_size_bytes", "0x300000000", [12 * GIB]),
        ("xe", "", "", [0]),
        ("i915", "lmem_total_bytes", str(8 * GIB), [8 * GIB]),
        ("i915", "", "", []),  # graphics of the processor
        ("amdgpu", "", "", []),
    ],
)
def test_intel_cards_by_their_driver_and_memory(
    tree: Path, driver: str, file: str, says: str, found: list[int]
) -> None:
    card = tree / "drm" / "card0"
    (card / "device" / "tile0").mkdir(parents=True)
    (tree / "drm" / "card0-HDMI-A-1").mkdir()
    (tree / "drivers" / driver).mkdir(parents=True)
    (card / "device" / "driver").symlink_to(tree / "drivers" / driver)
    if file:
        (card / file).write_text(f"{says}\n")
    assert hardware.kinds() == (["intel"] if found else [])
    assert [device.memory for device in hardware.accelerators()] == found


class Library:
    """NVIDIA's management library, as far as it is asked."""

    def __init__(self, status: int = 0) -> None:
        self.status = status
        self.is_open = False

    def nvmlInit_v2(self) -> int:  # noqa: N802 (its names)
        self.is_open = self.status == 0
        return self.status

    def nvmlShutdown(self) -> int:  # noqa: N802
        self.is_open = False
        return 0

    def nvmlDeviceGetCount_v2(self, count: Any) -> int:  # noqa: N802
        count._obj.value = 2
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, index: int, _: Any) -> int:  # noqa: N802
        return 0 if index == 0 else 15  # the second is lost

    def nvmlDeviceGetName(self, _: Any, name: Any, __: int) -> int:  # noqa: N802
        name.value = b"Tesla T4"
        return 0

    def nvmlDeviceGetMemoryInfo(self, _: Any, memory: Any) -> int:  # noqa: N802
        memory[0], memory[1], memory[2] = 15 * GIB, 14 * GIB, GIB
        return 0

    def nvmlDeviceGetCudaComputeCapability(self, _: Any, major: Any, minor: Any) -> int:  # noqa: N802
        major._obj.value, minor._obj.value = 7, 5
        return 0

    def nvmlSystemGetDriverVersion(self, answer: Any, _: int) -> int:  # noqa: N802
        answer.value = b"580.65.06"
        return 0

    def nvmlSystemGetCudaDriverVersion_v2(self, number: Any) -> int:  # noqa: N802
        number._obj.value = 13000
        return 0


def test_the_library_is_asked_first_and_closed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    monkeypatch.setattr(nvidia, "_library", lambda: library)
    cards, driver = nvidia.cards()
    assert cards == [Accelerator("nvidia", "NVIDIA Tesla T4", 15 * GIB, GIB, (7, 5))]
    assert (driver.version, driver.cuda, driver.problem) == ("580.65.06", "13.0", "")
    assert not library.is_open


@pytest.mark.parametrize(("status", "problem"), [(18, "mismatch"), (9, "silent")])
def test_a_library_that_cannot_begin_says_why(monkeypatch: pytest.MonkeyPatch, status: int, problem: str) -> None:
    monkeypatch.setattr(nvidia, "_library", lambda: Library(status))
    cards, driver = nvidia.cards()
    assert (cards, driver.problem) == ([], problem)


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
        assert not any(device.kind == "nvidia" for device in hardware.accelerators())
        return
    if answer.returncode == 0:
        assert [card.name for card in nvidia.cards()[0]] == [nvidia.named(name) for name in answer.stdout.splitlines()]
