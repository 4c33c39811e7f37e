"""The processor's name and its vector instructions, which decide how fast a CPU trains."""

from __future__ import annotations

import platform
import re
import subprocess
from pathlib import Path

from tutor.kit.devices.reading import read

WANTED = (
    *("avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_tile", "amx_bf16"),
    *("asimd", "asimddp", "bf16", "i8mm", "sve", "sve2"),
)
"""What PyTorch's and oneDNN's kernels ask for, by the names of Linux."""
_CPUINFO = Path("/proc/cpuinfo")


def processor() -> tuple[str, tuple[str, ...]]:
    """Name and extensions; empty where the system does not say."""
    if platform.system() == "Darwin":
        return _asked("machdep.cpu.brand_string"), _extensions(
            _asked("machdep.cpu.features", "machdep.cpu.leaf7_features")
        )
    return from_cpuinfo(read(_CPUINFO)) if _CPUINFO.exists() else (platform.processor(), ())


def from_cpuinfo(text: str) -> tuple[str, tuple[str, ...]]:
    """The same from the text of /proc/cpuinfo, or of `lscpu`."""
    name = re.search(r"^(?:model name|Model name|Hardware|Model)\s*:\s*(.+)$", text, re.MULTILINE)
    flags = re.search(r"^(?:flags|Flags|Features)\s*:\s*(.+)$", text, re.MULTILINE)
    return name[1].strip() if name else "", _extensions(flags[1] if flags else "")


def _extensions(flags: str) -> tuple[str, ...]:
    there = set(flags.lower().split())
    return tuple(name for name in WANTED if name in there)


def _asked(*names: str) -> str:
    try:
        answer = subprocess.run(["sysctl", "-n", *names], capture_output=True, text=True, timeout=2, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return " ".join(answer.stdout.split())
