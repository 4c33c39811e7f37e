"""Processors and memory that the operating system grants, container limits included. Cheap, and never asks PyTorch."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tutor.kit.devices.reading import read

_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")


def cpus() -> int:
    """Processors: affinity and container quota included."""
    granted = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    for folder, version in groups("cpu"):
        if version == 2:
            quota, _, period = read(folder / "cpu.max").partition(" ")
        else:
            quota, period = read(folder / "cpu.cfs_quota_us"), read(folder / "cpu.cfs_period_us")
        if quota.isdigit() and period.isdigit() and int(period) > 0:
            granted = min(granted, max(1, math.ceil(int(quota) / int(period))))
    return granted


def ram() -> int:
    """Bytes of memory."""
    granted = _of_the_machine()
    for folder, version in groups("memory"):
        limit = read(folder / ("memory.max" if version == 2 else "memory.limit_in_bytes"))
        if limit.isdigit() and int(limit) > 0:
            granted = min(granted, int(limit))
    return granted


def free_ram() -> int:
    """Bytes of memory that programs can still have; 0 when nobody says. What a group keeps of files is given up first, so it counts as free."""
    free = _available()
    for folder, version in groups("memory"):
        limit = read(folder / ("memory.max" if version == 2 else "memory.limit_in_bytes"))
        used = read(folder / ("memory.current" if version == 2 else "memory.usage_in_bytes"))
        if limit.isdigit() and used.isdigit():
            free = min(free, max(0, int(limit) - int(used) + _kept_of_files(folder, version)))
    return free


def groups(controller: str) -> Iterator[tuple[Path, int]]:
    """This process's control group and those above it, as far as they can be seen from here, with the version."""
    for line in read(_OWN_GROUPS).splitlines():
        _, controllers, path = ([*line.split(":", 2), "", ""])[:3]
        if controllers == "":
            root, version = _GROUPS, 2
        elif controller in controllers.split(","):
            root, version = _GROUPS / controller, 1
        else:
            continue
        # In a container the path may be the host's, of which only the root is mounted.
        parts = [part for part in path.split("/") if part and part != ".."]
        for length in range(len(parts), -1, -1):
            yield root.joinpath(*parts[:length]), version


def _kept_of_files(folder: Path, version: int) -> int:
    name = "inactive_file" if version == 2 else "total_inactive_file"
    for line in read(folder / "memory.stat").splitlines():
        key, _, value = line.partition(" ")
        if key == name and value.isdigit():
            return int(value)
    return 0


def _of_the_machine() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 0


def _available() -> int:
    for line in read(Path("/proc/meminfo")).splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 0
