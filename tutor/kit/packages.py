"""A small environment of its own in which pip really installs, so that what an installation breaks is never the learner's own.

    from tutor.kit.packages import PracticeImage

    image = PracticeImage()
    !{image.pip} install toymetrics
    print(image.versions())

It stands for the image that a cloud service starts: `toytorch` and `toyvision` are in it and belong together, as torch and torchvision do.
A shelf beside it has further wheels, so nothing is downloaded and every message is pip's own.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from tutor.kit.words import speak

_TORCH = "def total(numbers):\n    return sum(numbers)\n"
_OLD_TORCH = "def add_up(numbers):\n    return sum(numbers)\n"
_NEW_TORCH = _TORCH + "\ndef mean(numbers):\n    numbers = list(numbers)\n    return sum(numbers) / len(numbers)\n"
_VISION = """\
import toytorch

if not toytorch.__version__.startswith("2."):
    raise ImportError("toyvision is built for toytorch 2, here is " + toytorch.__version__)
"""
_METRICS = """\
import toytorch

def accuracy(answers, labels):
    return toytorch.{add}(a == b for a, b in zip(answers, labels)) / len(labels)
"""
_NEW_METRICS = """\
import toytorch

def accuracy(answers, labels):
    return toytorch.mean(a == b for a, b in zip(answers, labels))
"""

_LAUNCHER = """\
import os, sys

for name in [name for name in os.environ if name.startswith("PIP_")]:
    del os.environ[name]
os.environ.update({settings!r})
command = [{python!r}, "-m", "pip", "--python", {inside!r}, *sys.argv[1:]]
os.execv(command[0], command)
"""
_SETTINGS = {
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_NO_INDEX": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_NO_COLOR": "1",
    "PIP_PROGRESS_BAR": "off",
}
"""What the machine's own settings say about indexes would be downloads, and other messages."""

_NO_PIP = {
    "en": "This Python ({python}) has no pip. To add it: {python} -m ensurepip",
    "zh": "这个 Python（{python}）没有 pip。可以这样装上：{python} -m ensurepip",
}
_OLD_PIP = {
    "en": "pip {version} is too old for this step, it takes 22.3. To update it: {python} -m pip install --upgrade pip",
    "zh": "pip {version} 太旧，这一步要用 22.3 以上的版本。可以这样更新：{python} -m pip install --upgrade pip",
}


class PipError(RuntimeError):
    """There is no pip here that can look after another environment; the message says what mends it."""


@dataclass(frozen=True)
class _Wheel:
    name: str
    version: str
    code: str
    needs: tuple[str, ...] = ()

    def write(self, shelf: Path) -> Path:
        stem = f"{self.name}-{self.version}"
        needs = "".join(f"Requires-Dist: {need}\n" for need in self.needs)
        files = {
            f"{self.name}.py": f'__version__ = "{self.version}"\n\n{self.code}',
            f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {self.name}\nVersion: {self.version}\n{needs}",
            f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: tutor\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = f"{stem}.dist-info/RECORD"
        files[record] = "".join(f"{name},,\n" for name in (*files, record))
        path = shelf / f"{stem}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return path


_INSIDE = (_Wheel("toytorch", "2.0", _TORCH), _Wheel("toyvision", "2.0", _VISION, ("toytorch<3,>=2",)))
_BESIDE = (
    _Wheel("toytorch", "1.0", _OLD_TORCH),
    _Wheel("toytorch", "3.0", _NEW_TORCH),
    _Wheel("toymetrics", "1.0", _METRICS.format(add="add_up"), ("toytorch<2",)),
    _Wheel("toymetrics", "2.0", _METRICS.format(add="total"), ("toytorch>=2",)),
    _Wheel("toymetrics", "3.0", _NEW_METRICS, ("toytorch>=3",)),
)
"""Each toymetrics computes only with the toytorch that it needs, so that `--no-deps` is no way round."""


class PracticeImage:
    """As the image is when a machine starts: made anew each time, whatever was installed in it before.

    Args:
        folder: where it is made; what is there is replaced.

    Raises:
        PipError: this Python has no pip, or one from before 22.3.
    """

    def __init__(self, folder: str = "image") -> None:
        _check_pip()
        self._outside = _installed()
        home = Path(folder).resolve()
        venv.create(home, clear=True, symlinks=True, with_pip=False)
        self._python = home / "bin" / "python"
        self._packages = next(home.glob("lib/python*/site-packages"))
        shelf = home / "wheels"
        shelf.mkdir()
        for wheel in (*_INSIDE, *_BESIDE):
            path = wheel.write(shelf)
            if wheel in _INSIDE:
                with zipfile.ZipFile(path) as archive:
                    archive.extractall(self._packages)
        launcher = home / "pip.py"
        settings = {**_SETTINGS, "PIP_FIND_LINKS": shelf.as_uri()}
        text = _LAUNCHER.format(settings=settings, python=sys.executable, inside=str(self._python))
        launcher.write_text(text, encoding="utf-8")
        self.pip = shlex.join([sys.executable, str(launcher)])
        """The command, for a `!` line: it stands where `%pip` stands in a notebook of one's own."""

    def versions(self) -> dict[str, str]:
        """What is installed in it, by name."""
        return _installed([str(self._packages)])

    def run(self, code: str) -> str:
        """What the code prints when the image's own Python runs it; the last line of the error when it stops."""
        done = subprocess.run(
            [str(self._python), "-I", "-c", code], capture_output=True, text=True, timeout=60, check=False
        )
        return (done.stderr if done.returncode else done.stdout).strip().rpartition("\n")[2]

    def changed_outside(self) -> list[str]:
        """The packages of this very Python that came, went or changed since the image was made; there should be none."""
        now = _installed()
        return sorted(name for name in {*now, *self._outside} if now.get(name) != self._outside.get(name))


def _installed(path: list[str] | None = None) -> dict[str, str]:
    found = metadata.distributions() if path is None else metadata.distributions(path=path)
    versions: dict[str, str] = {}
    for one in found:
        if "Name" in one.metadata:  # folders that a broken installation left behind have none
            name = one.metadata["Name"].lower()
            versions.setdefault(name, one.version)  # the first on the path is the one that is imported
    return dict(sorted(versions.items()))


def _check_pip() -> None:
    try:
        version = metadata.version("pip")
    except metadata.PackageNotFoundError:
        raise PipError(speak(_NO_PIP, python=sys.executable)) from None
    major, minor = (int(part) for part in f"{version}.0".split(".")[:2])
    if (major, minor) < (22, 3):
        raise PipError(speak(_OLD_PIP, version=version, python=sys.executable))
