"""The machine at hand, the question to other Pythons, and facts that travel as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import torch

from tutor.kit import devices
from tutor.kit.devices import asking, place, processor
from tutor.kit.devices.facts import Accelerator, Computer, Torch


def test_a_look_at_this_machine_imports_no_torch_and_starts_no_program() -> None:
    code = (
        "import subprocess, sys\n"
        "subprocess.run = subprocess.Popen = None\n"
        "from tutor.kit import devices\n"
        "computer = devices.look(torch=False)\n"
        "print('torch' in sys.modules, computer.cores > 0, computer.memory > 0, computer.torch)"
    )
    if any(device.kind == "nvidia" for device in devices.look(torch=False).accelerators) or sys.platform == "darwin":
        pytest.skip("nvidia-smi or sysctl may be asked here")
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False True True None\n"


def test_this_python_says_what_its_pytorch_is() -> None:
    found = asking.ask()
    assert found.version == torch.__version__
    assert found.cuda == (torch.version.cuda or "")
    assert found.count == (torch.cuda.device_count() if found.kind == "cuda" else found.count)
    assert found.problem == "" or found.cuda


def test_a_python_without_pytorch_says_so(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    assert asking.ask(str(tmp_path / "bare" / "bin" / "python")) == Torch()


def package(folder: Path, name: str, code: str, version: str = "9.9") -> None:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(code)
    (folder / f"{name}-{version}.dist-info").mkdir()
    (folder / f"{name}-{version}.dist-info" / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    )


WORKING = """
__version__ = "9.9+cu130"
class version: cuda, hip = "13.0", None
class cuda:
    @staticmethod
    def is_available():
        import warnings
        warnings.warn("CUDA initialization: The NVIDIA driver on your system is too old")
        return False
    @staticmethod
    def init(): raise RuntimeError("The NVIDIA driver on your system is too old")
class backends: mps = None
"""


@pytest.mark.parametrize(
    ("torch_code", "torchvision_code", "expected"),
    [
        (
            "raise OSError('libcudart.so.13: cannot open shared object file')",
            "",
            {"problem": "OSError: libcudart.so.13: "},
        ),
        ("import os; os._exit(3)", "", {"version": "?", "problem": "status 3"}),
        ("import os; os.kill(os.getpid(), 11)", "", {"version": "?", "problem": "status -11"}),
        (
            WORKING,
            "raise RuntimeError('operator torchvision::nms does not exist')",
            {"torchvision_problem": "nms", "problem": "too old"},
        ),
        (WORKING, "", {"version": "9.9+cu130", "cuda": "13.0", "torchvision": "9.9", "torchvision_problem": ""}),
    ],
)
def test_whatever_a_broken_build_does_is_a_fact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torch_code: str, torchvision_code: str, expected: dict[str, str]
) -> None:
    package(tmp_path, "torch", torch_code)
    package(tmp_path, "torchvision", torchvision_code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = asking.ask()
    for name, part in expected.items():
        assert part in getattr(found, name) if part else getattr(found, name) == "", (name, found)


def test_a_cuda_build_without_any_card_has_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = WORKING.replace("            import warnings\n", "").replace(
        "The NVIDIA driver on your system is too old", "Found no NVIDIA driver on your system. Please check"
    )
    package(tmp_path, "torch", "\n".join(line for line in code.split("\n") if "warn" not in line))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = asking.ask()
    assert (found.cuda, found.count, found.problem) == ("13.0", 0, "")
    assert devices.broken(Computer("linux", card=False, torch=found)) == ()


def test_a_pytorch_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, "torch", "import threading; threading.Event().wait()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "did not end" in asking.ask(limit=0.5).problem


def test_facts_travel_as_json_also_from_another_version() -> None:
    computer = Computer(
        "linux",
        accelerators=(Accelerator("nvidia", "NVIDIA T4", 15, 1, (7, 5)),),
        driver=devices.Driver("535.1"),
        hiding=(("CUDA_VISIBLE_DEVICES", ""),),
        torch=Torch("2.13.0", "13.0", capabilities=((7, 5),), architectures=("sm_75",)),
    )
    value = json.loads(json.dumps(computer.as_json()))
    assert Computer.from_json(value) == computer
    assert Computer.from_json({**value, "of_tomorrow": 1}) == computer
    here = devices.look(torch=False)
    assert Computer.from_json(json.loads(json.dumps(here.as_json()))) == here


@pytest.mark.parametrize(
    ("variables", "files", "expected"),
    [
        ({"KAGGLE_KERNEL_RUN_TYPE": "Interactive", "COLAB_RELEASE_TAG": "r1"}, [], "kaggle"),
        ({"COLAB_RELEASE_TAG": "r1"}, [], "colab"),
        ({}, ["var/colab/hostname"], "colab"),
        ({}, ["opt/ml/metadata/resource-metadata.json"], "sagemaker"),
        ({}, [], ""),
    ],
)
def test_whose_machine_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], files: list[str], expected: str
) -> None:
    monkeypatch.setattr(place, "_ROOT", tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    assert place.place() == expected


def test_an_instance_of_ec2_and_a_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_ROOT", tmp_path)
    assert not place.in_container()
    (tmp_path / "sys/devices/virtual/dmi/id").mkdir(parents=True)
    (tmp_path / "sys/devices/virtual/dmi/id/sys_vendor").write_text("Amazon EC2\n")
    (tmp_path / ".dockerenv").touch()
    assert place.place() == "ec2"
    assert place.in_container()


@pytest.mark.parametrize(
    ("text", "name", "some"),
    [
        (
            "model name\t: Intel(R) Xeon(R) CPU @ 2.20GHz\nflags\t\t: fpu avx avx2 avx512f\n",
            "Intel(R) Xeon(R) CPU @ 2.20GHz",
            "avx512f",
        ),
        ("Model name:    Neoverse-N1\nFlags:     fp asimd asimddp\n", "Neoverse-N1", "asimddp"),
        ("", "", ""),
    ],
)
def test_a_processor_by_what_linux_says_of_it(text: str, name: str, some: str) -> None:
    found, extensions = processor.from_cpuinfo(text)
    assert found == name
    assert (some in extensions) is bool(some)


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="no /proc here")
def test_the_processor_at_hand_agrees_with_lscpu() -> None:
    try:
        told = subprocess.check_output(["lscpu"], text=True, env={**os.environ, "LC_ALL": "C"})
    except FileNotFoundError:
        pytest.skip("no lscpu here")
    assert processor.from_cpuinfo(told)[1] == processor.processor()[1]


def test_where_things_are() -> None:
    model = torch.nn.Linear(2, 1)
    on_meta = torch.nn.Linear(2, 1, device="meta")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    batch = {"x": [torch.ones(2)], "y": torch.ones(1, device="meta"), "n": 3}
    assert devices.devices_of(model) == devices.devices_of(optimizer) == ("cpu",)
    assert devices.devices_of(batch) == ("cpu", "meta")
    assert devices.devices_of("nothing") == ()
    assert devices.together(model, torch.ones(2)) is None
    finding = devices.together(on_meta, torch.ones(2))
    assert finding == devices.Finding("device-mismatch", "meta; cpu")


def test_what_every_kernel_gets_loads_only_what_it_needs() -> None:
    code = (
        "import sys, tutor.kit.devices.hardware; print(*sorted(name for name in sys.modules if 'kit.devices.' in name))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert {name.rpartition(".")[2] for name in loaded} == {"facts", "granted", "hardware", "nvidia", "reading"}


def test_whatever_is_named_is_there_and_nothing_else() -> None:
    code = "import tutor.kit.devices.findings as module; from tutor.kit import devices; print(callable(devices.broken))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "True\n"
    assert all(getattr(devices, name) is not None for name in devices.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        devices.nonsense  # noqa: B018
