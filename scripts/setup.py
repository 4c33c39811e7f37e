#!/usr/bin/env python3
"""Prepare `.venv` for `make run` and `make test`: find a Python, pick the torch build, install, and say so in plain words.

Standard library only, and written so that an old `python3` can read it, look for a newer one and say what is missing.
pip's own words go to `.venv/setup.log`; people see one line, and on failure the end of that log with what mends it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "setup.json"
LOG = VENV / "setup.log"

OLDEST, NEWEST = (3, 11), (3, 14)
"""torch 2.13.0, which constraints.txt pins, has wheels for these."""

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
CPU_INDEX_LIMIT = 5.0

# Megabytes of wheels to fetch, measured on 2026-11-21 with the versions of constraints.txt.
TORCH_CPU = 192
TORCH_CUDA = 2770
TORCH_MACOS = 111
EVERYTHING_ELSE = 95  # with the clients of GitHub and practice's own repositories, measured on 2026-11-29
DEVELOPMENT = 33

MENDS = (
    (
        r"No matching distribution found for torch",
        "No torch for this Python and platform; Python 3.11 to 3.14 on 64-bit Linux or Apple silicon has one.",
    ),
    (
        r"No space left|Disk quota",
        "The disk is full. Make room, then run the same command again: it goes on where it stopped.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "TLS failed: check the clock; behind a company proxy set PIP_CERT to its certificate file.",
    ),
    (
        r"ProxyError|Tunnel connection failed",
        "The proxy refused. Check HTTPS_PROXY (or unset it), then run the same command again.",
    ),
    (
        r"from versions: none|NewConnectionError|NameResolution|Temporary failure|timed out|ConnectionReset|IncompleteRead|Connection refused",
        "The package index could not be reached. Check the network (a mirror goes into PIP_INDEX_URL), then run the same command again.",
    ),
    (
        r"Permission denied|PermissionError",
        "A file belongs to somebody else: remove .venv (perhaps with sudo) and run the same command again.",
    ),
    (
        r"Failed building wheel|error: command '.*(cc|clang)",
        "A package had to be compiled and could not. On 64-bit Linux and Apple silicon all come ready-made.",
    ),
)


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what mends it."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fingerprint() -> str:
    """Changes when anything that decides the contents of `.venv` does; its scripts know their absolute path, so that counts too."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in ("pyproject.toml", "constraints.txt", "scripts/setup.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_ready(dev: bool) -> bool:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    # `exists` follows the link: after the system's Python was replaced it dangles.
    return VENV_PYTHON.exists() and stamp.get("fingerprint") == fingerprint() and (stamp.get("dev") or not dev)


def refuse_hopeless_platforms() -> None:
    """Fail at once where no install can succeed."""
    if os.name == "nt":
        raise SetupError(
            "Windows runs tutor inside WSL 2: in PowerShell `wsl --install`, then open Ubuntu and run this there."
        )
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        query = subprocess.run(
            ["sysctl", "-n", "sysctl.proc_translated"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
        if query.stdout.strip() == b"1":
            raise SetupError(
                "This is an Intel Python on Apple silicon. Install a native one (`brew install python@3.13`) and run this again."
            )
        raise SetupError(
            "PyTorch has had no release for Macs with Intel processors since 2.2.2. Use a Linux machine, or a terminal in Colab."
        )


def version_of(python: str) -> tuple[int, int] | None:
    """(major, minor), or None where it does not run (a pyenv shim without that version, a broken link)."""
    try:
        done = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=True,
        )
        major, minor = done.stdout.split()
        return int(major), int(minor)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def fits(python: str) -> bool:
    version = version_of(python)
    return version is not None and OLDEST <= version <= NEWEST


def find_python() -> str:
    """The Python to make `.venv` from: `$PYTHON` if set, else the one on the PATH that fits."""
    wanted = os.environ.get("PYTHON")
    if wanted:
        if not fits(wanted):
            raise SetupError(f"PYTHON={wanted} is not a Python 3.11 to 3.14.")
        return wanted
    for name in (sys.executable, "python3", "python3.13", "python3.12", "python3.11", "python3.14", "python"):
        path = shutil.which(name) if name else None
        if path and fits(path):
            return path
    found = ".".join(map(str, sys.version_info[:2]))
    raise SetupError(
        f"tutor needs Python 3.11 to 3.14; `python3` here is {found}.\n{how_to_get('python3', 'python3-venv')}"
    )


def how_to_get(*debian: str) -> str:
    if sys.platform == "darwin":
        return "Get it with `brew install python@3.13` (or from python.org), then run the same command again."
    if shutil.which("apt-get"):
        return f"Get it with `sudo apt install {' '.join(debian)}` (Debian 12, Ubuntu 24.04 or newer), then run the same command again."
    return "Get it from your distribution (Fedora: `sudo dnf install python3.13`) or python.org, then run the same command again."


def make_venv() -> None:
    if VENV_PYTHON.exists() and fits(str(VENV_PYTHON)):
        return
    python = find_python()
    if subprocess.run([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL, check=False).returncode:
        major, minor = version_of(python) or OLDEST
        package = f"python{major}.{minor}-venv"
        raise SetupError(
            f"{python} has no venv module, which Debian and Ubuntu keep in a package of its own.\n{how_to_get(package)}"
        )
    say(f"Making .venv with {python}")
    done = subprocess.run(
        [python, "-m", "venv", "--clear", str(VENV)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode:
        raise SetupError("Python could not make .venv:\n" + done.stdout.decode(errors="replace"))


def has_nvidia_gpu() -> bool:
    if Path("/proc/driver/nvidia/version").exists():
        return True
    # WSL keeps the program off the PATH of some shells.
    return any(runs(program, "-L") for program in ("nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi"))


def runs(*command: str) -> bool:
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def cpu_index_answers() -> bool:
    """Whether PyTorch's CPU index can be reached soon; in a thread, since a name lookup knows no time limit."""
    answers: list[bool] = []

    def ask() -> None:
        request = urllib.request.Request(CPU_INDEX + "/torch/", method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=CPU_INDEX_LIMIT) as reply:
                answers.append(reply.status == 200)
        except (OSError, urllib.error.URLError, ValueError):
            answers.append(False)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(CPU_INDEX_LIMIT)
    return answers == [True]


def torch_pin() -> str:
    pin = re.search(r"^torch==(\S+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    if not pin:
        raise SetupError("constraints.txt has no line `torch==…`.")
    return pin.group(1)


def has_torch() -> bool:
    """Whether `.venv` has a build of the pinned torch already, whichever: then it stays."""
    pin = torch_pin()
    return any(any(VENV.glob(f"lib/python*/site-packages/torch-{pin}{build}.dist-info")) for build in ("", "+*"))


def pip_offers_cpu_build() -> bool:
    """Whether pip, as it is configured here, has a `+cpu` build of the pinned torch (which it then prefers)."""
    done = subprocess.run(
        [str(VENV_PYTHON), "-m", "pip", "index", "versions", "torch", "--disable-pip-version-check"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return f"{torch_pin()}+cpu" in done.stdout.decode(errors="replace")


def choose_torch() -> tuple[str, int, list[str]]:
    """The build in words, its megabytes, and pip's extra arguments for it."""
    if sys.platform == "darwin":
        return "PyTorch for Apple silicon", TORCH_MACOS, []
    if has_nvidia_gpu():
        return "PyTorch with CUDA for your NVIDIA GPU", TORCH_CUDA, []
    if cpu_index_answers():
        return "the CPU build of PyTorch (no NVIDIA GPU here)", TORCH_CPU, ["--extra-index-url", CPU_INDEX]
    if pip_offers_cpu_build():
        return "the CPU build of PyTorch (no NVIDIA GPU here)", TORCH_CPU, []
    return "PyTorch with CUDA, although no NVIDIA GPU is here: PyTorch's CPU index cannot be reached", TORCH_CUDA, []


def announce(torch: str, torch_size: int, dev: bool) -> None:
    """Say what will be fetched; in a terminal ask before gigabytes that are of no use here."""
    size = torch_size + EVERYTHING_ELSE + (DEVELOPMENT if dev else 0)
    say(f"Fetching about {in_words(size)}, once: {torch}, and everything else.")
    if torch_size == TORCH_CUDA and "no NVIDIA GPU" in torch and sys.stdin.isatty():
        smaller = in_words(size - TORCH_CUDA + TORCH_CPU)
        say(f"With a mirror of {CPU_INDEX} in PIP_EXTRA_INDEX_URL it would be {smaller}.")
        if input(f"Fetch {in_words(size)} now? [y/N] ").strip().lower() not in {"y", "yes", "是"}:
            raise SetupError("Nothing was fetched.")


def in_words(megabytes: int) -> str:
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes} MB"


def install(arguments: list[str]) -> None:
    """Run pip with its words in the log; in a terminal one line says what it is at."""
    command = [
        str(VENV_PYTHON),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--progress-bar=off",
    ]
    doing = [""]
    done = threading.Event()
    line = threading.Thread(target=show, args=(doing, done), daemon=True)
    if sys.stderr.isatty():
        line.start()
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command + arguments, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert process.stdout is not None
        for raw in process.stdout:
            text = raw.decode(errors="replace")
            log.write(text)
            if re.match(r"\s*(Collecting|Downloading|Installing|Preparing|Building)", text):
                doing[0] = re.sub(r" \(from .*|: started|collected packages:.*|: finished.*", "", text.strip())
        failed = process.wait() != 0
    done.set()
    if line.is_alive():
        line.join()
    if failed:
        raise SetupError(explain(LOG.read_text(encoding="utf-8")))


def show(doing: list[str], done: threading.Event) -> None:
    """Keep one line of the terminal at what pip does and for how long, until it is done; then clear it."""
    started = time.monotonic()
    while not done.wait(0.2):
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r\x1b[K" + f"{time.monotonic() - started:4.0f} s  {doing[0]}"[:width])
        sys.stderr.flush()
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()


def explain(log: str) -> str:
    tail = "\n".join("    " + line for line in log.rstrip().splitlines()[-12:])
    mend = next((mend for pattern, mend in MENDS if re.search(pattern, log)), f"The whole log: {LOG}")
    return f"pip failed. The end of its log:\n{tail}\n{mend}"


def set_up(dev: bool) -> None:
    started = time.monotonic()
    refuse_hopeless_platforms()
    make_venv()
    extra: list[str] = []
    if has_torch():
        size = in_words(DEVELOPMENT if dev else EVERYTHING_ELSE)
        say(f"Bringing .venv up to date: {size} at most.")
    else:
        torch, megabytes, extra = choose_torch()
        announce(torch, megabytes, dev)
    install(["-c", "constraints.txt", "-e", ".[dev]" if dev else ".", *extra])
    STAMP.write_text(json.dumps({"fingerprint": fingerprint(), "dev": dev}), encoding="utf-8")
    say(f"Ready after {time.monotonic() - started:.0f} s. In this folder the command is .venv/bin/tutor.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    dev = parser.parse_args().dev
    if is_ready(dev):
        return 0
    try:
        set_up(dev)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nStopped; the same command goes on from here.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
