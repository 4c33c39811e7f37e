from __future__ import annotations

import json
import math
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.runtime.test_pythons import find
from tests.support.sources import ROOT
from tutor.kit import live
from tutor.kit.live import MIME, MOST_POINTS, Progress


class Clock:
    """Time that passes only when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


class Notebook:
    """Takes what a kernel is asked to show."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        """The function and the display's id."""
        self.data: list[dict[str, Any]] = []
        self.texts: list[str] = []

    def display(self, data: dict[str, Any], *, raw: bool, display_id: str) -> None:
        self._take("display", data, display_id, raw=raw)

    def update_display(self, data: dict[str, Any], *, raw: bool, display_id: str) -> None:
        self._take("update", data, display_id, raw=raw)

    def _take(self, name: str, data: dict[str, Any], display_id: str, *, raw: bool) -> None:
        assert raw
        assert set(data) == {MIME, "text/plain"}
        self.calls.append((name, display_id))
        # It travels as JSON, which has no NaN.
        self.data.append(json.loads(json.dumps(data[MIME], allow_nan=False)))
        self.texts.append(data["text/plain"])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(live, "time", clock)
    return clock


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    notebook = Notebook()
    ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
    vars(ipython)["get_ipython"] = lambda: SimpleNamespace(kernel=object())
    vars(display).update(display=notebook.display, update_display=notebook.update_display)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    return notebook


@pytest.fixture
def no_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.delitem(sys.modules, "torch", raising=False)


def test_one_output_is_made_and_then_replaced(clock: Clock, notebook: Notebook) -> None:
    with Progress(10, unit="epoch", title="rings") as progress:
        clock.now += 1.2
        progress.update(3, loss=0.3121, accuracy=0.87)
    assert [name for name, _ in notebook.calls] == ["display", "update", "update"]
    assert len({display_id for _, display_id in notebook.calls}) == 1
    assert notebook.texts[1] == "rings: epoch 3/10 · loss 0.312 · accuracy 0.87 · 1.2 s, about 3 s left"
    memory = notebook.data[1].pop("memory")
    assert notebook.data[1] == {
        "format": 1,
        "title": "rings",
        "unit": "epoch",
        "done": 3,
        "total": 10,
        "state": "running",
        "elapsed": pytest.approx(1.2),
        "left": pytest.approx(2.8),
        "series": [
            {"name": "loss", "points": [[3, 0.3121]]},
            {"name": "accuracy", "points": [[3, 0.87]]},
        ],
        "values": {"loss": 0.3121, "accuracy": 0.87},
        "device": "",
    }
    assert memory["process"] > 1_000_000
    assert (memory["device"], memory["device_total"]) == (None, None)


def test_each_run_is_an_output_of_its_own(clock: Clock, notebook: Notebook) -> None:
    for _ in range(2):
        with Progress(1):
            pass
    assert len({display_id for _, display_id in notebook.calls}) == 2


def test_ten_updates_a_second_at_most_and_always_the_last_one(clock: Clock, notebook: Notebook) -> None:
    with Progress(1000) as progress:
        for done in range(1, 1001):
            clock.now += 0.001
            progress.update(done, loss=1 / done)
    assert len(notebook.calls) <= 12
    assert notebook.data[-1]["state"] == "finished"
    assert notebook.data[-1]["done"] == 1000
    assert notebook.data[-1]["left"] is None
    assert notebook.texts[-1] == "step 1000/1000 · loss 0.001 · 1.0 s"


@pytest.mark.parametrize("count", [1, 2, 199, 200, 201, 5000])
def test_a_curve_keeps_its_first_and_its_newest_point_in_order(clock: Clock, notebook: Notebook, count: int) -> None:
    with Progress() as progress:
        for done in range(1, count + 1):
            progress.update(done, loss=-done)
    (curve,) = notebook.data[-1]["series"]
    assert curve["points"][0] == [1, -1]
    assert curve["points"][-1] == [count, -count]
    least = count if count < MOST_POINTS else MOST_POINTS // 2
    assert least <= len(curve["points"]) <= MOST_POINTS
    assert curve["points"] == sorted(curve["points"])


def test_what_is_not_finite_is_said_and_not_drawn(clock: Clock, notebook: Notebook) -> None:
    with Progress(3) as progress:
        progress.update(1, loss=1.0)
        progress.update(2, loss=math.nan)
        progress.update(3, loss=math.inf)
    assert notebook.data[-1]["series"] == [{"name": "loss", "points": [[1, 1.0]]}]
    assert notebook.data[-1]["values"] == {"loss": None}
    assert "loss inf" in notebook.texts[-1]


def test_only_values_that_were_never_finite_make_an_empty_curve(clock: Clock, notebook: Notebook) -> None:
    with Progress(1) as progress:
        progress.update(1, loss=math.nan)
    assert notebook.data[-1]["series"] == [{"name": "loss", "points": []}]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_or_an_interrupt_ends_it_as_stopped_and_goes_on(
    clock: Clock, notebook: Notebook, error: type[BaseException]
) -> None:
    progress = Progress(10, unit="epoch")

    def train() -> None:
        with progress:
            progress.update(4, loss=2)
            clock.now += 12
            raise error

    with pytest.raises(error):
        train()
    assert notebook.data[-1]["state"] == "stopped"
    assert notebook.texts[-1] == "epoch 4/10 · loss 2 · 12 s, stopped"


def test_without_a_total_no_time_left_is_told(clock: Clock, notebook: Notebook) -> None:
    with Progress(unit="batch") as progress:
        clock.now += 75
        progress.update(7)
    assert notebook.data[1]["total"] is None
    assert notebook.data[1]["left"] is None
    assert notebook.texts[1] == "batch 7 · 1 min 15 s"


@pytest.mark.parametrize(("total", "said"), [(2.5, "weights.bin: 1.3/2.5 MB"), (None, "weights.bin: 1.3 MB")])
def test_bytes_have_their_unit_behind_the_number(total: float | None, said: str) -> None:
    live = Progress(total, unit="MB", title="weights.bin")
    live.update(1.3)
    assert str(live).partition(" · ")[0] == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.5, "0.5"), (1, "1"), (0.000012345, "1.23e-05"), (999.4, "999"), (12345.6, "12346"), (3e9, "3e+09")],
)
def test_numbers_are_short(clock: Clock, notebook: Notebook, value: float, said: str) -> None:
    with Progress() as progress:
        progress.update(1, value=value)
    assert f"value {said} ·" in notebook.texts[-1]


@pytest.mark.parametrize(
    ("seconds", "said"), [(9.94, "9.9 s"), (59.2, "59 s"), (3599, "59 min 59 s"), (7260, "2 h 1 min")]
)
def test_time_is_told_as_people_tell_it(clock: Clock, notebook: Notebook, seconds: float, said: str) -> None:
    with Progress():
        clock.now += seconds
    assert notebook.texts[-1] == f"step 0 · {said}"


def test_tensors_of_one_element_are_taken_as_numbers(clock: Clock, notebook: Notebook) -> None:
    import torch

    with Progress(1) as progress:
        progress.update(1, loss=torch.ones(1, requires_grad=True).sum() * 2)
    assert notebook.data[-1]["values"] == {"loss": 2.0}


def fake_torch(*, initialized: bool = True, allocated: tuple[int, ...] = (0, 300)) -> SimpleNamespace:
    """A torch that has CUDA devices of 1000 bytes."""
    return SimpleNamespace(
        cuda=SimpleNamespace(
            is_initialized=lambda: initialized,
            device_count=lambda: len(allocated),
            current_device=lambda: 0,
            memory_allocated=lambda index: allocated[index],
            get_device_properties=lambda index: SimpleNamespace(total_memory=1000),
        )
    )


@pytest.mark.parametrize(
    ("device", "torch", "told", "memory"),
    [
        ("", fake_torch(), "cuda:1", (300, 1000)),
        ("", fake_torch(allocated=(0,)), "", (None, None)),
        ("", fake_torch(initialized=False), "", (None, None)),
        ("cpu", fake_torch(), "cpu", (None, None)),
        ("cuda", fake_torch(), "cuda", (0, 1000)),
        ("cuda:1", fake_torch(), "cuda:1", (300, 1000)),
        ("mps", SimpleNamespace(), "mps", (None, None)),
    ],
)
def test_the_device_and_its_memory(
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    notebook: Notebook,
    device: str,
    torch: SimpleNamespace,
    told: str,
    memory: tuple[int | None, int | None],
) -> None:
    monkeypatch.setitem(sys.modules, "torch", torch)
    with Progress(1, device=device):
        pass
    assert notebook.data[-1]["device"] == told
    seen = notebook.data[-1]["memory"]
    assert (seen["device"], seen["device_total"]) == memory


def test_without_a_notebook_a_line_a_second_and_the_end(
    no_notebook: None, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(20, unit="epoch") as progress:
        for done in range(1, 21):
            clock.now += 0.125
            progress.update(done, loss=1)
    assert capsys.readouterr().out.splitlines() == [
        "epoch 8/20 · loss 1 · 1.0 s, about 2 s left",
        "epoch 16/20 · loss 1 · 2.0 s, about 1 s left",
        "epoch 20/20 · loss 1 · 2.5 s",
    ]


def test_memory_is_known_where_there_is_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", missing)
    found = live._process_memory()
    assert found is not None
    assert found > 1_000_000


@pytest.mark.parametrize("version", ["3.10", "3.11"])
def test_a_python_with_nothing_installed_can_use_it_and_imports_nothing_big(version: str) -> None:
    python = find(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    code = """
import sys
from tutor.kit.live import Progress
with Progress(2, unit="epoch") as live:
    live.update(2, loss=0.5)
print({"IPython", "torch", "tutor.errors", "asyncio", "pathlib"} & set(sys.modules))
"""
    whole = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"
    done = subprocess.run([python, "-I", "-S", "-c", whole], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["epoch 2/2 · loss 0.5 · 0.0 s", "set()"]
