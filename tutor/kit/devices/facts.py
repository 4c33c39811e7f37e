"""What is known of a computer, as plain data that travels as JSON. Facts only: what they mean for a learner is said elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

GIB = 1 << 30


@dataclass(frozen=True)
class Accelerator:
    """One device as the operating system shows it."""

    kind: str
    """`nvidia`, `amd`, `apple`, `intel` or `tpu`."""
    name: str
    memory: int = 0
    """Bytes; 0 when not known."""
    memory_used: int = 0
    """Bytes, by whatever program; 0 when not known."""
    capability: tuple[int, int] | None = None
    """NVIDIA's compute capability, such as `(7, 5)`."""


@dataclass(frozen=True)
class Driver:
    """NVIDIA's driver."""

    version: str = ""
    """Such as `535.104.05`; empty if none answers."""
    cuda: str = ""
    """The newest CUDA that it can run, such as `12.2`; not what is installed."""
    problem: str = ""
    """`mismatch` (its library and the loaded module differ), `silent` (installed in part, and does not answer) or empty."""


@dataclass(frozen=True)
class Torch:
    """The PyTorch of one Python, as it says itself when it is imported."""

    version: str = ""
    """Empty: it is not installed."""
    cuda: str = ""
    """For which CUDA it was built, such as `13.0`; empty for none."""
    hip: str = ""
    """The same for AMD's ROCm."""
    architectures: tuple[str, ...] = ()
    """What it has code for: `sm_75`, `compute_90` and so on."""
    kind: str = "cpu"
    """The device that it can use: `cuda` (ROCm builds call theirs so too), `mps`, `xpu` or `cpu`."""
    count: int = 0
    """How many of those it sees."""
    capabilities: tuple[tuple[int, int], ...] = ()
    """Compute capability of each."""
    bf16: bool | None = None
    """bfloat16 in hardware, not emulated; None when nobody can say."""
    problem: str = ""
    """What was raised or warned of when it was imported and asked for devices; text from outside."""
    torchvision: str = ""
    """Its version; empty: not installed."""
    torchvision_problem: str = ""
    """What was raised when it was imported."""

    @property
    def build(self) -> str:
        """`cuda`, `rocm` or `cpu`."""
        return "cuda" if self.cuda else "rocm" if self.hip else "cpu"


@dataclass(frozen=True)
class Computer:
    """One computer, and the Python that was asked."""

    system: str = ""
    """`linux`, `macos` or `windows`."""
    release: str = ""
    architecture: str = ""
    place: str = ""
    """`colab`, `kaggle`, `sagemaker`, `ec2`, or empty for any other."""
    wsl: bool = False
    container: bool = False
    processor: str = ""
    cores: int = 0
    """Granted to this process: affinity and container limits included."""
    cores_here: int = 0
    """Of the whole machine."""
    extensions: tuple[str, ...] = ()
    """Vector instructions that deep learning uses, such as `avx2`."""
    memory: int = 0
    """Bytes granted: container limits included."""
    memory_free: int = 0
    """Bytes that programs can still have."""
    disk_free: int = 0
    """Bytes, in the current folder."""
    shared_memory: int = 0
    """Bytes of /dev/shm, through which DataLoader workers hand batches over; 0 where there is none."""
    accelerators: tuple[Accelerator, ...] = ()
    card: bool | None = None
    """An NVIDIA card is in the machine, usable or not; None when nobody can say."""
    driver: Driver = Driver()
    hiding: tuple[tuple[str, str], ...] = ()
    """Variables that are set and decide which devices programs see, with their values."""
    executable: str = ""
    python: str = ""
    torch: Torch | None = None
    """None: nobody looked."""

    def of_kind(self, kind: str) -> tuple[Accelerator, ...]:
        """The accelerators of that kind."""
        return tuple(device for device in self.accelerators if device.kind == kind)

    def as_json(self) -> dict[str, Any]:
        """As `json` can write it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Computer:
        """The inverse; fields that are not known are left out, since another version may have written it.

        Raises:
            TypeError: it is nothing of that kind.
        """
        known = _known(cls, value)
        known["accelerators"] = tuple(
            Accelerator(**_known(Accelerator, one)) for one in value.get("accelerators") or ()
        )
        known["driver"] = Driver(**_known(Driver, value.get("driver") or {}))
        if value.get("torch") is not None:
            known["torch"] = torch_from_json(value["torch"])
        return cls(**known)


def torch_from_json(value: dict[str, Any]) -> Torch:
    """What was asked of another Python."""
    return Torch(**_known(Torch, value))


@dataclass(frozen=True)
class Finding:
    """Something that is broken: the code that names it, and what was seen."""

    code: str
    """As `tutor explain` has it, such as `driver-too-old`."""
    evidence: str = ""
    """A bare fact: versions, a variable with its value."""


def _known(kind: Any, value: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: _tuples(found) for name, found in value.items() if name in names}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, (list, tuple)) else value
