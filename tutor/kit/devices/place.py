"""Where this runs: whose machine, and in what wrapping."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from tutor.kit.devices.reading import read

SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}
_ROOT = Path("/")


def system() -> str:
    """`linux`, `macos`, `windows`, or the name as Python has it."""
    return SYSTEMS.get(platform.system(), platform.system().lower())


def place() -> str:
    """`kaggle` (first: its images are built on Colab's), `colab`, `sagemaker`, `ec2` or empty."""
    if "KAGGLE_KERNEL_RUN_TYPE" in os.environ:
        return "kaggle"
    if "COLAB_RELEASE_TAG" in os.environ or (_ROOT / "var/colab/hostname").exists():
        return "colab"
    sagemaker = ("opt/ml/metadata/resource-metadata.json", "home/ec2-user/SageMaker")
    if "SAGEMAKER_INTERNAL_IMAGE_URI" in os.environ or any((_ROOT / path).exists() for path in sagemaker):
        return "sagemaker"
    return "ec2" if "Amazon EC2" in read(_ROOT / "sys/devices/virtual/dmi/id/sys_vendor") else ""


def in_wsl() -> bool:
    """Whether this Linux is Windows' own."""
    return platform.system() == "Linux" and "microsoft" in platform.release().lower()


def in_container() -> bool:
    """Docker, Podman or Kubernetes."""
    marks = (_ROOT / ".dockerenv", _ROOT / "run/.containerenv")
    return any(mark.exists() for mark in marks) or "KUBERNETES_SERVICE_HOST" in os.environ
