"""Lines of kernels' logs from public reports, and those that say nothing is wrong."""

from __future__ import annotations

import pytest

from tutor.kit import devices

# Each with where it was published; quoted as short as they can be.
FAULTS = {
    # github.com/pcyin/tranX/issues/41
    "[2059991.491542] Out of memory: Killed process 25315 (python3) total-vm:53312244kB, anon-rss:31451456kB": (
        "host-out-of-memory"
    ),
    # github.com/NervanaSystems/deepspeech/issues/48
    "[3017506.733819] Out of memory: Kill process 25635 (python) score 974 or sacrifice child": "host-out-of-memory",
    # github.com/docker/for-linux/issues/1001
    "May 15 23:09:27 ubuntu kernel: [  514.682838] Memory cgroup out of memory: Killed process 15617 (python3)": (
        "host-out-of-memory"
    ),
    # github.com/ShengcaiLiao/QAConv/issues/19
    "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task=python": (
        "host-out-of-memory"
    ),
    # github.com/saharmor/dalle-playground/issues/104
    "[ 7386.259769] NVRM: API mismatch: the client has the version 515.48.07, but": "driver-library-mismatch",
    # github.com/Frogging-Family/nvidia-all/issues/394
    "[    9.424670] NVRM: API mismatch: the client 'kwin_wayland' (pid 1005)": "driver-library-mismatch",
    # github.com/tinygrad/tinygrad/issues/6947
    "[22859.081860] NVRM: Xid (PCI:0000:01:00): 31, pid=14292, name=python, Ch 00000030, intr 00000000. MMU Fault": (
        "illegal-access"
    ),
    # github.com/pytorch/pytorch/issues/51382
    "[Wed Jan 27 23:04:35 2021] NVRM: Xid (PCI:0000:3d:00): 43, pid=35521, Ch 00000008": "illegal-access",
    # github.com/leptonai/gpud/pull/46
    "[Fri Aug 30 11:43:09 2024] NVRM: Xid (PCI:0000:cb:00): 13, pid='<unknown>', name=<unknown>, Graphics SM Warp": (
        "illegal-access"
    ),
    # github.com/mattshma/bigdata/issues/133
    "[188549.976351] NVRM: The NVIDIA probe routine was not called for 3 device(s).": "no-nvidia-driver",
    # github.com/ValveSoftware/SteamOS/issues/209
    "[  441.170986] NVRM: No NVIDIA graphics adapter found!": "no-nvidia-driver",
    # github.com/NVIDIA/nvidia-docker/issues/365
    "modprobe: FATAL: Module nvidia not found.": "no-nvidia-driver",
    # github.com/acidanthera/bugtracker/issues/2237
    "mar 06 15:10:43 host gdm3[7055]: modprobe: ERROR: could not insert 'nvidia': Key was rejected by service": (
        "no-nvidia-driver"
    ),
    # github.com/NVIDIA/open-gpu-kernel-modules/issues/789
    "[  903.610907] NVRM: GPU 0000:98:00.0: RmInitAdapter failed! (0x62:0x65:1792)": "no-nvidia-driver",
    # github.com/Bumblebee-Project/Bumblebee/issues/554
    "[   49.261458] NVRM: GPU at 0000:01:00.0 has fallen off the bus.": "no-nvidia-driver",
}
HARMLESS = [
    # github.com/NVIDIA/k8s-device-plugin/issues/480: the module is loaded all the same
    "[    2.846803] nvidia: module verification failed: signature and/or required key missing - tainting kernel",
    "[    3.011519] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  525.147.05  Wed Oct 25 20:27:35 UTC 2023",
    # github.com/NVIDIA/open-gpu-kernel-modules/issues/1150: it follows from another
    "kernel: NVRM: Xid (PCI:0000:dc:00): 45, pid=1818990, name=python3, Ch 00000001 caused by previous Xid 149",
    "[Fri Jan 29 23:42:34 2021] NVRM: GPU Board Serial Number:",
    "[370.106496] Request for unknown module key 'The ELRepo Project' err -11",
]


@pytest.mark.parametrize("line", FAULTS)
def test_a_line_of_the_kernel_names_the_fault(line: str) -> None:
    (finding,) = devices.from_kernel_log(line)
    assert finding.code == FAULTS[line]
    assert finding.evidence == " ".join(line.split())


@pytest.mark.parametrize("line", HARMLESS)
def test_what_every_kernel_says_is_no_fault(line: str) -> None:
    assert devices.from_kernel_log(line) == ()


def test_a_whole_log_names_each_fault_once_in_its_order() -> None:
    found = devices.from_kernel_log("\n".join([*HARMLESS, *FAULTS, *FAULTS]))
    assert [finding.code for finding in found] == list(dict.fromkeys(FAULTS.values()))
    assert devices.from_kernel_log("") == ()
