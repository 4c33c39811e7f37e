"""What this kernel is: sent once, when the harness is put in."""

from __future__ import annotations

import os
import platform
import sys

from tutor.harness import machine, needs


def facts() -> dict[str, object]:
    """The `FACTS_MIME` object."""
    here = machine.here()
    found = here.accelerators()
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "pid": os.getpid(),
        "device": here.describe(found),
        "has_accelerator": bool(found),
        "accelerators": [
            {"kind": a.kind, "name": a.name, "memory_gib": round(a.memory / machine.GIB, 1)} for a in found
        ],
        "cpus": here.cpus(),
        "ram_gib": round(here.ram() / machine.GIB, 1),
        "torch": needs.has_module("torch"),
        "env": needs.environment(),
    }
