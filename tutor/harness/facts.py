"""What this kernel is: sent once, when the harness is put in."""

from __future__ import annotations

import os
import platform
import sys

from tutor.harness import machine, needs


def facts() -> dict[str, object]:
    """The `FACTS_MIME` object."""
    found = machine.accelerators()
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "pid": os.getpid(),
        "device": machine.describe(found),
        "has_accelerator": bool(found),
        "accelerators": [
            {"kind": a.kind, "name": a.name, "memory_gib": round(a.memory / machine.GIB, 1)} for a in found
        ],
        "cpus": machine.cpus(),
        "ram_gib": round(machine.ram() / machine.GIB, 1),
        "torch": needs.has_module("torch"),
        "env": needs.environment(),
    }
