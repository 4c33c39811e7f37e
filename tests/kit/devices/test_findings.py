"""Facts in, codes out: each kind of broken machine beside the healthy one that is most like it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.kit.devices import Accelerator, Computer, Driver, Torch, broken
from tutor.kit.devices.facts import GIB
from tutor.kit.devices.findings import runs_on

CU130 = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120", "compute_120")
CU126 = ("sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_90")


def card(name: str = "NVIDIA L4", capability: tuple[int, int] = (8, 9), used: int = 0) -> Accelerator:
    return Accelerator("nvidia", name, 24 * GIB, used, capability)


CPU_ONLY = Computer("linux", card=False, torch=Torch("2.13.0+cpu"), disk_free=50 * GIB)
WITH_CARD = Computer(
    "linux",
    accelerators=(card(),),
    card=True,
    driver=Driver("580.65.06", "13.0"),
    disk_free=50 * GIB,
    torch=Torch("2.13.0+cu130", "13.0", architectures=CU130, kind="cuda", count=1, capabilities=((8, 9),)),
)


def codes(computer: Computer) -> list[str]:
    return [finding.code for finding in broken(computer)]


def with_torch(computer: Computer, **changes: object) -> Computer:
    assert computer.torch is not None
    return replace(computer, torch=replace(computer.torch, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "computer",
    [
        CPU_ONLY,
        WITH_CARD,
        replace(CPU_ONLY, torch=None),
        replace(CPU_ONLY, torch=Torch("2.13.0", "13.0")),  # a CUDA build where there is no card is no fault
        Computer("macos", accelerators=(Accelerator("apple", "Apple M3"),), torch=Torch("2.13.0", kind="mps", count=1)),
        Computer("linux", accelerators=(Accelerator("amd", "AMD GPU"),), torch=Torch("2.9+rocm6.4", hip="6.4")),
        replace(WITH_CARD, hiding=(("CUDA_VISIBLE_DEVICES", "0"),)),
        replace(WITH_CARD, hiding=(("NVIDIA_VISIBLE_DEVICES", "void"),)),
        replace(WITH_CARD, accelerators=(card(used=20 * GIB),)),
        replace(CPU_ONLY, container=True, shared_memory=64 << 20),  # what every container gets; enough without workers
        replace(CPU_ONLY, container=True),
        replace(CPU_ONLY, python="3.9.2"),  # it has its PyTorch
        Computer("macos", architecture="x86_64", processor="Intel(R) Core(TM) i7", torch=Torch("2.2.2")),
    ],
)
def test_a_healthy_machine_has_nothing(computer: Computer) -> None:
    assert codes(computer) == []


def test_a_cpu_build_beside_a_card() -> None:
    assert codes(replace(WITH_CARD, torch=Torch("2.13.0+cpu"))) == ["torch-without-cuda"]


def test_a_build_that_cannot_be_imported_did_not_say_that_it_is_for_the_cpu() -> None:
    broken_import = Torch("2.13.0", problem="OSError: libcudart.so.13: cannot open shared object file")
    assert codes(replace(WITH_CARD, torch=broken_import)) == []
    assert codes(replace(WITH_CARD, torch=Torch("?", problem="PyTorch could not be imported: status -11"))) == []


@pytest.mark.parametrize(
    ("name", "value", "count", "is_hidden"),
    [
        ("HIP_VISIBLE_DEVICES", "-1", 0, True),
        ("ROCR_VISIBLE_DEVICES", "3", 0, True),
        ("CUDA_VISIBLE_DEVICES", "", 0, True),
        ("HIP_VISIBLE_DEVICES", "0", 1, False),
        ("NVIDIA_VISIBLE_DEVICES", "void", 0, False),
    ],
)
def test_a_variable_that_hides_all_amd_cards(name: str, value: str, count: int, is_hidden: bool) -> None:
    rocm = Torch("2.9.1+rocm6.4", hip="6.4", count=count)
    computer = Computer(
        "linux", accelerators=(Accelerator("amd", "AMD GPU"),), hiding=((name, value),), torch=rocm, card=False
    )
    assert [finding.evidence for finding in broken(computer)] == ([f"{name}={value}"] if is_hidden else [])


def test_a_python_for_another_processor_or_of_another_age() -> None:
    for name in ("Apple M2 Pro", "VirtualApple @ 2.50GHz"):
        translated = Computer("macos", architecture="x86_64", processor=name, torch=Torch("2.2.2"))
        assert codes(translated) == ["wrong-python"]
    assert codes(replace(CPU_ONLY, python="3.8.10", torch=Torch())) == ["wrong-python"]
    assert codes(replace(CPU_ONLY, python="3.12.1", torch=Torch())) == ["module-missing"]


def test_a_card_without_a_driver() -> None:
    assert codes(replace(CPU_ONLY, card=True)) == ["no-nvidia-driver"]
    assert codes(replace(CPU_ONLY, driver=Driver(problem="silent"))) == ["no-nvidia-driver"]
    assert codes(replace(CPU_ONLY, system="macos", card=True)) == []


def test_a_library_and_a_module_of_different_versions() -> None:
    unseen = with_torch(replace(WITH_CARD, driver=Driver("535.1", problem="mismatch"), accelerators=()), count=0)
    assert codes(unseen) == ["driver-library-mismatch"]


@pytest.mark.parametrize(
    ("driver", "cuda", "is_too_old"),
    [
        ("535.104.05", "13.0", True),
        ("579.99", "13.0", True),
        ("580.65", "13.0", False),
        ("470.57", "12.8", True),
        ("525.60", "12.8", False),
        ("418.1", "11.8", True),
        ("450.80", "11.8", False),
    ],
)
def test_a_driver_older_than_the_wheel(driver: str, cuda: str, is_too_old: bool) -> None:
    computer = with_torch(replace(WITH_CARD, driver=Driver(driver)), cuda=cuda, count=0 if is_too_old else 1)
    assert ("driver-too-old" in codes(computer)) is is_too_old


def test_pytorch_itself_says_that_the_driver_is_too_old() -> None:
    said = "The NVIDIA driver on your system is too old (found version 12020)."
    assert codes(with_torch(replace(WITH_CARD, driver=Driver()), count=0, problem=said)) == ["driver-too-old"]


@pytest.mark.parametrize(
    ("visible", "is_hidden"),
    [("", True), ("-1", True), ("1", True), ("1,0", True), ("NoDevFiles", True), ("0,7", False)],
)
def test_a_variable_that_hides_all_cards(visible: str, is_hidden: bool) -> None:
    computer = replace(WITH_CARD, hiding=(("CUDA_VISIBLE_DEVICES", visible),))
    assert codes(with_torch(computer, count=0 if is_hidden else 1)) == (["devices-hidden"] if is_hidden else [])


@pytest.mark.parametrize(
    ("architectures", "capability", "code"),
    [
        (CU130, (6, 0), "gpu-too-old"),  # P100 with a CUDA 13 wheel
        (CU130, (7, 0), "gpu-too-old"),  # V100
        (CU126, (3, 7), "gpu-too-old"),  # K80
        (CU126, (12, 0), "gpu-too-new"),  # RTX 50 with a CUDA 12.6 wheel
        (CU126, (10, 0), "gpu-too-new"),
        (CU126, (8, 9), ""),  # sm_86 runs there
        (CU126, (6, 1), ""),  # and sm_60
        (CU130, (12, 1), ""),
        (CU130, (10, 3), ""),
        (("sm_80", "compute_80"), (12, 0), ""),  # portable code
    ],
)
def test_a_card_and_what_the_wheel_was_built_for(
    architectures: tuple[str, ...], capability: tuple[int, int], code: str
) -> None:
    computer = replace(WITH_CARD, accelerators=(card(capability=capability),))
    found = codes(with_torch(computer, architectures=architectures, capabilities=(capability,)))
    assert found == ([code] if code else [])


def test_code_for_one_architecture_only() -> None:
    assert runs_on(["sm_90a"], (9, 0))
    assert not runs_on(["sm_90a"], (9, 1))
    assert not runs_on(["compute_120f"], (13, 0))
    assert not runs_on(["nonsense"], (9, 0))


@pytest.mark.parametrize(
    "problem",
    [
        "RuntimeError: operator torchvision::nms does not exist",
        "OSError: /x/torchvision/_C.so: undefined symbol: _ZN5torch3jit17parseSchema",
        "RuntimeError: Couldn't load custom C++ ops. This can happen if your PyTorch and torchvision versions are incompatible",
    ],
)
def test_builds_that_do_not_belong_together(problem: str) -> None:
    assert codes(with_torch(CPU_ONLY, torchvision="0.28.0", torchvision_problem=problem)) == ["torchvision-mismatch"]
    assert (
        codes(with_torch(CPU_ONLY, torchvision="0.28.0", torchvision_problem="ImportError: No module named 'PIL'"))
        == []
    )


def test_no_pytorch_at_all() -> None:
    assert codes(replace(CPU_ONLY, torch=Torch())) == ["module-missing"]


def test_a_card_that_is_full_and_a_disk_that_is() -> None:
    full = replace(WITH_CARD, accelerators=(card(used=24 * GIB - 1),), disk_free=GIB // 100)
    assert codes(full) == ["gpu-out-of-memory", "disk-full"]
    assert "24.0 of 24.0 GiB" in broken(full)[0].evidence
