from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tutor.harness import facts, machine, needs


def missing(*wanted: str) -> list[str]:
    return [need["need"] for need in needs.unmet(wanted)]


def test_what_is_here_is_met_and_what_is_not_says_why() -> None:
    assert missing("posix", "module:json", "module:email.mime.text", "command:sh", "ram:0.1", "disk:0") == []
    found = needs.unmet(["module:no_such", "command:no-such", "ram:100000", "disk:10000000"])
    assert [need["need"] for need in found] == ["module:no_such", "command:no-such", "ram:100000", "disk:10000000"]
    assert sys.executable in found[0]["detail"]
    assert float(found[2]["detail"]) > 0


def test_an_account_that_is_asked_about_is_not_connected() -> None:
    assert needs.unmet(["account:github"]) == [{"need": "account:github", "detail": ""}]


def test_looking_for_a_module_imports_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "heavy_package"
    (package / "part").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "part" / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "part" / "leaf.py").touch()
    (tmp_path / "plain_module.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert missing("module:heavy_package", "module:heavy_package.part.leaf", "module:plain_module") == []
    assert missing("module:heavy_package.none", "module:plain_module.sub") == [
        "module:heavy_package.none",
        "module:plain_module.sub",
    ]
    assert "heavy_package" not in sys.modules


def test_a_module_that_was_blocked_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "blocked_module", None)
    assert missing("module:blocked_module") == ["module:blocked_module"]


def test_torch_is_short_for_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert missing("torch") == ["torch"]


def test_colab_and_kaggle_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAGGLE_KERNEL_RUN_TYPE", raising=False)
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    assert missing("env:colab", "env:kaggle") == ["env:colab", "env:kaggle"]
    monkeypatch.setenv("COLAB_RELEASE_TAG", "r1")
    assert missing("env:colab", "env:kaggle") == ["env:kaggle"]
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    assert missing("env:colab", "env:kaggle") == ["env:colab"]


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty `/dev` on a machine that is no Mac."""
    monkeypatch.setattr(machine, "_DEV", tmp_path)
    monkeypatch.setattr(machine, "_WSL_LIBRARIES", tmp_path / "wsl")
    monkeypatch.setattr(machine, "_intel_cards", lambda: iter(()))
    monkeypatch.setattr(machine, "_amd_nodes", lambda: iter(()))
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
    assert machine.kinds() == kinds
    assert ("gpu" in missing("gpu")) is not bool(kinds)
    assert ("cuda" in missing("cuda")) is ("nvidia" not in kinds)


def test_a_mac_with_its_own_processor_has_an_accelerator_but_no_cuda(
    dev: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(dev.iterdir()) == []
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    assert missing("gpu", "cuda") == ["cuda"]


def test_a_device_is_described_in_a_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    card = machine.Accelerator("nvidia", "NVIDIA Tesla T4", 15 * machine.GIB)
    assert machine.describe([card]) == "NVIDIA Tesla T4, 15 GiB"
    assert machine.describe([card, card]) == "2 × NVIDIA Tesla T4, 15 GiB"
    monkeypatch.setattr(machine, "cpus", lambda: 2)
    assert machine.describe([]) == "CPU, 2 cores"


def test_container_limits_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    (tmp_path / "memory.max").write_text(f"{machine.GIB}\n")
    monkeypatch.setattr(machine, "_cgroups", lambda _: iter([(tmp_path / "none", 2), (tmp_path, 2)]))
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert machine.ram() == machine.GIB
    if sys.platform == "linux":
        assert machine.cpus() == 2
    assert missing("ram:1", "ram:2") == ["ram:2"]
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.ram() > machine.GIB


def test_nvidia_smi_is_asked_where_there_is_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "nvidia-smi"
    command.write_text("#!/bin/sh\necho 'Tesla T4, 15360'\necho 'NVIDIA L4, [N/A]'\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(machine, "kinds", lambda: ["nvidia"])
    monkeypatch.setattr(machine, "_nvidia_by_library", list)
    assert machine.accelerators() == [
        machine.Accelerator("nvidia", "NVIDIA Tesla T4", 15 * machine.GIB),
        machine.Accelerator("nvidia", "NVIDIA L4", 0),
    ]


def test_the_facts_are_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "accelerators", lambda: [machine.Accelerator("tpu", "TPU v5e")])
    found = SimpleNamespace(**facts.facts())
    assert found.executable == sys.executable
    assert found.python.startswith("3.")
    assert found.has_accelerator is True
    assert found.device == "TPU v5e"
    assert found.cpus >= 1
