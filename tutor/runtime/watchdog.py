"""Starts a kernel and ends it, with all it started, as soon as its own standard input ends: the tutor is gone, or wants the kernel gone.

A script of its own, run as `python -I -S watchdog.py FOLDER PROGRAM ARGUMENT…`, standard library only, Python 3.10 or newer. It is
the kernel's parent, so no moment is left in which the kernel runs unwatched. Says on standard output `pid N`, then `exit STATUS`
(negative for a signal), or `error ERRNO` when the program could not be started. Standard error is the kernel's stdout and stderr.
FOLDER, which holds the kernel's sockets, is removed at the end.

What is ended: every process of the kernel's session, and every descendant of it that can still be traced. A process that detached
itself into a session of its own and whose parent is gone lives on.
"""

# pathlib would double the time that this script takes to start; starting a program is what it is for.
# ruff: noqa: PTH106, PTH108, PTH110, PTH118, PTH123, PTH208, S606
from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence

SWEEP_SECONDS = 2.5
"""For how long processes are looked for that appear while others are ended."""


def main(folder: str, command: Sequence[str]) -> None:
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    try:
        pid = start(command)
        if pid:
            say(f"pid {pid}")
            watch(pid, wake)
    finally:
        remove(folder)


def start(command: Sequence[str]) -> int:
    """The kernel's process id, or 0 if it could not be started, which has then been said."""
    failed, failing = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            become(command, parent)
        except OSError as error:
            os.write(failing, str(error.errno).encode())
        finally:
            os._exit(127)
    os.close(failing)
    error_number = os.read(failed, 16)  # ends when the program takes the child's place
    os.close(failed)
    if error_number:
        os.waitpid(pid, 0)
        say(f"error {int(error_number)}")
        return 0
    return pid


def become(command: Sequence[str], parent: int) -> None:
    """Turn this child into the kernel; does not return."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    for name in ("SIGINT", "SIGHUP", "SIGTERM", "SIGCHLD", "SIGPIPE", "SIGXFSZ"):  # what is ignored stays ignored
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for ours, theirs in ((nothing, 0), (2, 1)):
        os.dup2(ours, theirs)
    os.environ["JPY_PARENT_PID"] = str(parent)  # ipykernel ends by itself if this process is killed
    os.execv(command[0], list(command))


def watch(kernel: int, wake: int) -> None:
    """Until the kernel or the tutor ends; then nothing of the kernel is left."""
    stopping = False
    while not stopping and not has_ended(kernel):
        ready, _, _ = select.select([0, wake], [], [])
        if wake in ready:
            stopping = int(signal.SIGTERM) in os.read(wake, 512)
        if 0 in ready:
            stopping = stopping or not os.read(0, 512)
    sweep(kernel)
    status = os.waitstatus_to_exitcode(os.waitpid(kernel, 0)[1])
    say(f"exit {status}")


def has_ended(pid: int) -> bool:
    """Where the system allows it without reaping: while the process is a zombie, its id can be nobody else's."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    except AttributeError:  # macOS before Python 3.13
        return zombie(pid)


def sweep(kernel: int) -> None:
    """Kill the kernel's session and its descendants, again and again until none is found."""
    limit = time.monotonic() + SWEEP_SECONDS
    doomed = {kernel}
    while True:
        found = victims(kernel, doomed)
        doomed |= found
        for pid in found | {kernel}:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue
        if not found or time.monotonic() > limit:
            return
        time.sleep(0.01)


def victims(kernel: int, doomed: set[int]) -> set[int]:
    """Live processes of the kernel's session, and children of what is doomed already."""
    own = os.getpid()
    parents = {pid: parent for pid, parent in processes() if pid != own}
    found = {pid for pid in parents if pid != kernel and session_of(pid) == kernel}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in found or parent in doomed} - found
        grown = bool(more)
        found |= more
    return found - {kernel}


def session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def processes() -> Iterator[tuple[int, int]]:
    """Pairs of process id and parent id, without zombies."""
    return from_proc() if os.path.exists("/proc/self/stat") else from_ps()


def from_proc() -> Iterator[tuple[int, int]]:
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    state, parent = file.read().rpartition(b")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state not in (b"Z", b"X"):
                yield int(name), int(parent)


def from_ps() -> Iterator[tuple[int, int]]:
    for line in ps("-axo", "pid=,ppid=,stat="):
        fields = line.split()
        if len(fields) == 3 and not fields[2].startswith("Z"):
            yield int(fields[0]), int(fields[1])


def zombie(pid: int) -> bool:
    return not any(line.strip() and not line.strip().startswith("Z") for line in ps("-o", "stat=", "-p", str(pid)))


def ps(*arguments: str) -> list[str]:
    import subprocess  # noqa: PLC0415 - only where there is no /proc

    done = subprocess.run(["ps", *arguments], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.splitlines()


def say(line: str) -> None:
    try:
        os.write(1, f"{line}\n".encode())
    except OSError:  # the tutor is gone
        return


def remove(folder: str) -> None:
    """The folder and the files in it; it has no others, and `shutil` would be the slowest import here."""
    try:
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
    except OSError:  # somebody else was here first
        return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
