"""The kernel of the flood with nobody looking: `python drain.py FOLDER LINES` says how many seconds the lines took to be on disk."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from tutor.runtime.base import Request
from tutor.runtime.local import LocalRuntime

CODE = """for number in range({lines}):
    print("line", number)
print("over" * 2)
"""
"""Also what the step of the flood runs."""
LAST = "overover"
"""Is printed at the end, and stands nowhere in the code."""


async def drain(folder: Path, lines: int) -> float:
    runtime = LocalRuntime(
        None,
        bundles=folder / "bundles",
        output_folder=folder / "outputs",
        log_path=folder / "kernel.log",
        working_folder=folder,
    )
    await runtime.start()
    try:
        await runtime.execute([_request(1)]).wait()
        started = time.perf_counter()
        await runtime.execute([_request(lines)]).wait()
        return time.perf_counter() - started
    finally:
        await runtime.aclose()


def _request(lines: int) -> Request:
    lesson = {"key": "flood", "folder": ""}
    metadata = {"op": "attempt", "lesson": lesson, "step": "flood#flood", "fresh": True, "needs": [], "values": {}}
    return Request(CODE.format(lines=lines), metadata)


if __name__ == "__main__":
    print(asyncio.run(drain(Path(sys.argv[1]), int(sys.argv[2]))))
