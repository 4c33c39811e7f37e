"""What is known of a fault in a text, and of the machine where that decides between causes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that a text shows."""

    code: str
    """As in the list of faults: a contract."""
    cause: str
    """What it means, and what caused it here where that is known."""
    mend: str
    """What to do; lines that begin with four spaces are commands or code, to be copied as they are."""
    line: int
    """Where the text shows it: the number of the line, from 1; 0 where it was seen on the machine and not in a text. (Design section 6 says "`line` (of the text)": a number it is.)"""
    quoted: str
    """That line, clean of control characters; secrets are still in it."""
    lesson: str = ""
    """The lesson step that teaches it, as `lesson#step`; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the caller knows of the machine; `None` and empty mean not known, and then no cause is chosen by it."""

    system: str = ""
    """`linux`, `macos` or `windows`."""
    place: str = ""
    """`colab` or `kaggle`, where the machine is one of theirs."""
    wsl: bool | None = None
    container: bool | None = None
    card: bool | None = None
    """An NVIDIA card is there, whether or not it can be used."""
    driver: str = ""
    """Version of the NVIDIA driver that runs, such as `535.104.05`."""
    torch: str = ""
    """Version of PyTorch, such as `2.13.0+cpu`."""
    torch_cuda: str | None = None
    """For which CUDA that PyTorch was built, such as `13.0`; empty for none."""
    capability: tuple[int, int] | None = None
    """Compute capability of the card."""
    architectures: tuple[str, ...] = ()
    """What that PyTorch was built for: `sm_75` and so on."""
    python: str = ""
    """The Python to install into."""

    @property
    def driver_major(self) -> int | None:
        """The first number of the driver's version."""
        found = re.match(r"\d+", self.driver)
        return int(found[0]) if found else None

    @property
    def build(self) -> str:
        """`cpu` or `cuda`: how the PyTorch here was built; empty if not known."""
        if self.torch_cuda is not None:
            return "cuda" if self.torch_cuda else "cpu"
        if "+cpu" in self.torch:
            return "cpu"
        return "cuda" if "+cu" in self.torch else ""

    def only_where(self, system: str, place: str) -> Machine:
        """What may be said of the machine that a text comes from: nothing of this one, if the text names another."""
        is_another = (place and place != self.place) or (system and self.system and system != self.system)
        if is_another:
            return Machine(system=system, place=place)
        return replace(self, system=self.system or system)
