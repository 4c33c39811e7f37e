"""Which fault is nearest to the cause, and which of two that look alike it is."""

from __future__ import annotations

import pytest

from tutor.faults.explain import explain

TOO_NEW = """NVIDIA GeForce RTX 5090 with CUDA capability sm_120 is not compatible with the current PyTorch installation.
The current PyTorch install supports CUDA capabilities sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90."""
TOO_OLD = """Tesla K80 with CUDA capability sm_37 is not compatible with the current PyTorch installation.
The current PyTorch install supports CUDA capabilities sm_50 sm_60 sm_70 sm_75 sm_80 sm_86 sm_90."""
NO_IMAGE = "RuntimeError: CUDA error: no kernel image is available for execution on the device"


def codes(*lines: str) -> list[str]:
    return [fault.code for fault in explain("\n".join(lines))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TOO_NEW, "gpu-too-new"),
        (TOO_OLD, "gpu-too-old"),
        (NO_IMAGE, "gpu-too-old"),
        (f"{TOO_NEW}\n{NO_IMAGE}", "gpu-too-new"),
        (f"{TOO_OLD}\n{NO_IMAGE}", "gpu-too-old"),
        (f"GPU 0: NVIDIA GeForce RTX 5080\n{NO_IMAGE}", "gpu-too-new"),
        (f"Tesla P100-PCIE-16GB\n{NO_IMAGE}", "gpu-too-old"),
        ("RuntimeError: No CUDA GPUs are available", "devices-hidden"),
        ("RuntimeError: Found no NVIDIA driver on your system.", "no-nvidia-driver"),
        ("RuntimeError: CUDA error: out of memory", "gpu-out-of-memory"),
        ("RuntimeError: [enforce fail at alloc_cpu.cpp:75] DefaultCPUAllocator: not enough memory", "host-out-of-memory"),
        ("Failed to initialize NVML: Driver/library version mismatch", "driver-library-mismatch"),
        ("RuntimeError: Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same", "device-mismatch"),
        ("RuntimeError: Input type (torch.cuda.HalfTensor) and weight type (torch.cuda.FloatTensor) should be the same", "dtype-mismatch"),
        ("RuntimeError: Input type (double) and bias type (float) should be the same", "dtype-mismatch"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data.csv'", "file-missing"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/content/drive/MyDrive/data.csv'", "drive-not-mounted"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'nvidia-smi'", "no-nvidia-driver"),
        ("ImportError: libcudart.so.11.0: cannot open shared object file: No such file or directory", "library-missing"),
        ("git@github.com: Permission denied (publickey).", "ssh-refused"),
        ("PermissionError: [Errno 13] Permission denied: '/usr/lib'", "permission"),
        ("OSError: [Errno 28] No space left on device", "disk-full"),
        ("requests.exceptions.ProxyError: HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: /", "network-proxy"),
        ("HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: / (Caused by SSLError(1, ''))", "network-tls"),
        ("HTTPSConnectionPool(host='x', port=443): Max retries exceeded (Caused by NameResolutionError(''))", "network-name"),
        ("HTTPSConnectionPool(host='x', port=443): Read timed out. (read timeout=10)", "network-timeout"),
        ("ssh: connect to host 1.2.3.4 port 22: Connection refused", "ssh-refused"),
        ("ssh: connect to host 1.2.3.4 port 22: Connection timed out", "network-timeout"),
    ],
)  # fmt: skip
def test_one_of_two_that_look_alike(text: str, code: str) -> None:
    assert codes(*text.split("\n")) == [code]


def test_memory_is_the_cause_of_a_library_that_could_not_begin() -> None:
    library, memory = "RuntimeError: cuDNN error: CUDNN_STATUS_NOT_INITIALIZED", "RuntimeError: CUDA out of memory."
    assert codes(library, memory) == codes(memory, library) == ["gpu-out-of-memory", "cuda-library"]


def test_a_worker_that_was_killed_ran_out_of_memory_first() -> None:
    assert codes(
        "RuntimeError: DataLoader worker (pid(s) 12) exited unexpectedly",
        "Out of memory: Killed process 12 (python)",
    ) == ["host-out-of-memory", "loader-worker"]


def test_a_dead_kernel_comes_last() -> None:
    assert codes("Kernel Restarting", "The kernel appears to have died.", "RuntimeError: CUDA out of memory.") == [
        "gpu-out-of-memory",
        "kernel-dead",
    ]


def test_the_first_of_a_chain_of_tracebacks_is_the_cause() -> None:
    assert codes(
        "KeyError: 'x'",
        "ModuleNotFoundError: No module named 'tensorboard'",
        "During handling of the above exception, another exception occurred:",
        "NameError: name 'writer' is not defined",
    ) == ["module-missing", "name-lost"]


def test_a_warning_comes_after_what_stopped_the_program() -> None:
    warning = "UserWarning: Failed to load image Python extension: undefined symbol"
    assert codes(warning, "RuntimeError: CUDA out of memory.") == ["gpu-out-of-memory", "torchvision-mismatch"]


def test_what_is_installed_elsewhere_is_not_missing() -> None:
    found = codes("Requirement already satisfied: torch in /usr/lib/python3/dist-packages", "No module named 'torch'")
    assert found == ["wrong-python"]
    assert codes("Requirement already satisfied: pip", "No module named 'torch'") == ["module-missing"]
