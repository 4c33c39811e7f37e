from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from tutor.harness import facts, machine, needs
from tutor.kit.devices.facts import Accelerator


class Made:
    """A machine that has what a test gives it."""

    def __init__(self, kinds: Sequence[str] = (), gib: float = 1.0) -> None:
        self._kinds = kinds
        self._gib = gib

    def kinds(self) -> Sequence[str]:
        return self._kinds

    def accelerators(self) -> Sequence[Accelerator]:
        return [Accelerator(kind, f"{kind} device") for kind in self._kinds]

    def describe(self, found: Sequence[Accelerator]) -> str:
        return ", ".join(one.name for one in found) or "CPU"

    def cpus(self) -> int:
        return 2

    def ram(self) -> int:
        return int(self._gib * machine.GIB)


@pytest.fixture(autouse=True)
def no_accelerator() -> None:
    machine.hand_in(Made())


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


@pytest.mark.parametrize("kinds", [[], ["nvidia"], ["tpu"], ["apple"], ["amd", "nvidia"]])
def test_any_accelerator_is_a_gpu_and_nvidias_alone_are_cuda(kinds: list[str]) -> None:
    machine.hand_in(Made(kinds))
    assert ("gpu" in missing("gpu")) is not bool(kinds)
    assert ("cuda" in missing("cuda")) is ("nvidia" not in kinds)


def test_what_else_is_there_is_said_where_cuda_is_wanted() -> None:
    machine.hand_in(Made(["apple"]))
    assert needs.unmet(["cuda"]) == [{"need": "cuda", "detail": "apple"}]


def test_memory_is_what_is_granted() -> None:
    machine.hand_in(Made(gib=1.5))
    assert missing("ram:1", "ram:2") == ["ram:2"]


def test_the_facts_are_complete() -> None:
    machine.hand_in(Made(["tpu"]))
    found = SimpleNamespace(**facts.facts())
    assert found.executable == sys.executable
    assert found.python.startswith("3.")
    assert found.has_accelerator is True
    assert found.device == "tpu device"
    assert found.cpus >= 1
