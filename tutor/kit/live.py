"""Shows how far a training is while it runs: a bar, the time left and a curve of each number, wherever the code runs.

    with Progress(10, unit="epoch") as live:
        for epoch in range(1, 11):
            ...
            live.update(epoch, loss=loss, accuracy=accuracy)

In a Jupyter kernel it is one output that is replaced as the training goes on: `application/vnd.tutor.live+json` for tutor, which
draws it, and one line of plain text for every other notebook. Elsewhere that line is printed now and then.
"""

from __future__ import annotations

import math
import os
import sys
import time
import uuid
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

MIME = "application/vnd.tutor.live+json"
DISPLAY_PAUSE = 0.1
"""Seconds between two updates of the output in a notebook."""
PRINT_PAUSE = 1.0
"""Seconds between two printed lines where there is no notebook."""
BYTES = ("kB", "MB", "GB")
"""Units that stand behind their number."""
MOST_POINTS = 200
"""Of each curve, its first and its newest one among them."""


class Progress:
    """Work under way, from entering `with` to leaving it; an exception or an interrupt ends it as stopped."""

    def __init__(
        self,
        total: float | None = None,
        *,
        unit: str = "step",
        title: str = "",
        device: object = "",
        past: float = 0,
    ) -> None:
        """Say what will be counted.

        Args:
            total: how many units there will be; None if nobody knows, and then no time left is told.
            unit: what is counted, in the singular: "epoch", "batch"; or one of `BYTES`.
            title: stands in front of it all.
            device: where it is computed, for example `torch.device("cuda")`. If it is not said, the CUDA device that holds memory
                of this process is told, if there is one.
            past: units that were done before this program began; they say nothing about the time that the rest takes.
        """
        self._total = total
        self._unit = unit
        self._title = title
        self._device = str(device)
        self._done = self._past = past
        self._values: dict[str, float] = {}
        self._curves: dict[str, _Curve] = {}
        self._state = "running"
        self._started = self._told = time.monotonic()
        self._elapsed = 0.0
        self._display_id = ""
        """Empty where no notebook shows it."""

    def __enter__(self) -> Self:
        self._started = self._told = time.monotonic()
        if _in_notebook():
            self._display_id = f"tutor-live-{uuid.uuid4().hex}"
            self._show(update=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._state = "finished" if kind is None else "stopped"
        self._elapsed = time.monotonic() - self._started
        if self._display_id:
            self._show(update=True)
        else:
            print(self, flush=True)

    def update(self, done: float, /, **values: Any) -> None:
        """Tell how many units are done, and numbers to draw over them.

        Args:
            done: units done so far; the first is 1.
            values: numbers as they are, without a unit: `loss=0.31`. Tensors of one element too; one on a GPU is waited for.
        """
        self._done = done
        for name, value in values.items():
            number = float(value.item() if hasattr(value, "item") else value)
            self._values[name] = number
            if name not in self._curves:
                self._curves[name] = _Curve()
            self._curves[name].add(done, number)
        now = time.monotonic()
        self._elapsed = now - self._started
        if now - self._told < (DISPLAY_PAUSE if self._display_id else PRINT_PAUSE):
            return
        self._told = now
        if self._display_id:
            self._show(update=True)
        else:
            print(self, flush=True)

    @property
    def left(self) -> float | None:
        """Seconds that the rest takes if it goes on as it went; None if that cannot be told, or nothing is left to run."""
        done = self._done - self._past
        if self._total is None or done <= 0 or self._state != "running":
            return None
        return self._elapsed / done * max(self._total - self._done, 0)

    def __str__(self) -> str:
        """One line, for example `epoch 3/10 · loss 0.312 · accuracy 0.87 · 1.2 s, about 3 s left`."""
        count = f"{self._done}" if self._total is None else f"{self._done}/{self._total}"
        numbers = [f"{name} {_number(value)}" for name, value in self._values.items()]
        clock = _duration(self._elapsed)
        if self.left is not None:
            clock += f", about {_duration(self.left, whole=True)} left"
        elif self._state == "stopped":
            clock += ", stopped"
        told = f"{count} {self._unit}" if self._unit in BYTES else f"{self._unit} {count}"
        line = " · ".join([told, *numbers, clock])
        return f"{self._title}: {line}" if self._title else line

    def as_json(self) -> dict[str, Any]:
        """What is sent as `MIME`: seconds and bytes; null for what is not known or not finite."""
        return {
            "format": 1,
            "title": self._title,
            "unit": self._unit,
            "done": self._done,
            "total": self._total,
            "state": self._state,
            "elapsed": self._elapsed,
            "left": self.left,
            "series": [{"name": name, "points": curve.points()} for name, curve in self._curves.items()],
            "values": {name: value if math.isfinite(value) else None for name, value in self._values.items()},
            "device": self._device or _device_in_use(),
            "memory": {"process": _process_memory(), **_device_memory(self._device)},
        }

    def _show(self, *, update: bool) -> None:
        """Make the output, or replace it."""
        from IPython.display import display, update_display

        show: Any = update_display if update else display
        show({MIME: self.as_json(), "text/plain": str(self)}, raw=True, display_id=self._display_id)


class _Curve:
    """Points in the order they came; of very many, evenly spread ones and the newest."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, float]] = []
        self._newest: tuple[float, float] | None = None
        self._stride = 1
        self._count = 0

    def add(self, x: float, y: float) -> None:
        if not math.isfinite(y):
            return  # JSON has no such number, and nobody can draw it
        self._newest = (x, y)
        if self._count % self._stride == 0:
            if len(self._kept) == MOST_POINTS - 1:
                # Every second one, the first among them, from now on.
                self._kept = self._kept[::2]
                self._stride *= 2
            if self._count % self._stride == 0:
                self._kept.append(self._newest)
        self._count += 1

    def points(self) -> list[list[float]]:
        ends = [self._newest] if self._newest is not None and self._newest is not self._kept[-1] else []
        return [list(point) for point in (*self._kept, *ends)]


def _in_notebook() -> bool:
    """Whether a Jupyter kernel takes outputs; it has IPython loaded, so nothing is imported to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return getattr(shell, "kernel", None) is not None


def _number(value: float) -> str:
    return f"{value:.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


def _duration(seconds: float, *, whole: bool = False) -> str:
    """Args: `whole` is for a guess, which has no tenths of a second."""
    if seconds < 10 and not whole:
        return f"{seconds:.1f} s"
    rounded = math.ceil(seconds) if whole else round(seconds)
    minutes, seconds_left = divmod(rounded, 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes_left} min"
    return f"{minutes} min {seconds_left} s" if minutes else f"{rounded} s"


def _process_memory() -> int | None:
    """Bytes of main memory that this process has now, or had at most where the system tells no more; None if it tells nothing."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib takes longer to import than this takes to run
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        pass
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _cuda() -> Any:
    """torch's CUDA module if this process uses it; torch is never imported, and CUDA never begun, only to look."""
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    return cuda if cuda is not None and cuda.is_initialized() else None


def _device_in_use() -> str:
    cuda = _cuda()
    if cuda is None:
        return ""
    busy = next((index for index in range(cuda.device_count()) if cuda.memory_allocated(index)), None)
    return "" if busy is None else f"cuda:{busy}"


def _device_memory(device: str) -> dict[str, int | None]:
    """Bytes that tensors of this process take on its CUDA device, and that the device has."""
    cuda = _cuda()
    name = device or _device_in_use()
    if cuda is None or not name.startswith("cuda"):
        return {"device": None, "device_total": None}
    index = int(name.partition(":")[2] or cuda.current_device())
    return {
        "device": cuda.memory_allocated(index),
        "device_total": cuda.get_device_properties(index).total_memory,
    }
