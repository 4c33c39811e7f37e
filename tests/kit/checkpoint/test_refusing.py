"""A checkpoint of something else: named, with what differs, and nothing of it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from tutor.kit.checkpoint import CheckpointError, Checkpoints, Training
from tutor.kit.train import fit


def data(count: int = 12, begin: float = 0.0) -> TensorDataset:
    return TensorDataset(torch.arange(begin, begin + count)[:, None], torch.zeros(count, dtype=torch.long))


def model(width: int = 4, between: type[nn.Module] = nn.ReLU) -> nn.Module:
    return nn.Sequential(nn.Linear(1, width), between(), nn.Linear(width, 2))


def train(folder: Path, **changed: Any) -> None:
    network = changed.pop("model", None) or model()
    kind = changed.pop("optimizer", torch.optim.SGD)
    optimizer = kind(network.parameters(), lr=changed.pop("lr", 0.1))
    examples = changed.pop("data", data())
    fit(
        network,
        examples,
        epochs=2,
        batch_size=4,
        optimizer=optimizer,
        device="cpu",
        checkpoints=Checkpoints(folder),
        **changed,
    )


DIFFERENT: dict[str, tuple[dict[str, Any], str]] = {
    "weights": ({"model": model(width=5)}, r"model 0\.weight: 4×1 float32 → 5×1 float32"),
    "layers": (
        {"model": model(between=nn.Tanh)},
        r"its layers: Sequential Linear ReLU Linear → Sequential Linear Tanh Linear",
    ),
    "fewer": ({"model": nn.Sequential(nn.Linear(1, 2))}, r"model 2\.weight: 2×4 float32 → –"),
    "optimizer": ({"optimizer": torch.optim.Adam}, r"optimizer: SGD → Adam"),
    "learning rate": ({"lr": 0.2}, r"optimizer lr: 0\.1 → 0\.2"),
    "loss": ({"loss": nn.functional.cross_entropy}, r"loss: CrossEntropyLoss\(\) → cross_entropy"),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_another_training_is_refused_with_what_differs(name: str, tmp_path: Path) -> None:
    changed, told = DIFFERENT[name]
    train(tmp_path)
    before = {key: value.clone() for key, value in changed.get("model", model()).state_dict().items()}
    with pytest.raises(CheckpointError, match=f"{told}.*take another folder"):
        train(tmp_path, **changed)
    if "model" in changed:
        assert all(torch.equal(before[key], value) for key, value in changed["model"].state_dict().items())


def by_hand(
    folder: Path, examples: TensorDataset, *, batch_size: int = 4, stop: bool = False, every: float = 0
) -> Training:
    training = Checkpoints(folder, every=every).resume(model=nn.Linear(1, 1))
    for _ in training.epochs(1):
        for _ in training.batches(DataLoader(examples, batch_size=batch_size)):
            if stop and training.batch == 2:
                return training
    return training


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"examples": data(16)}, "examples: 12 → 16; batches: 3 → 4"),
        ({"examples": data(), "batch_size": 3}, "batch_size: 4 → 3; batches: 3 → 4"),
        ({"examples": torch.utils.data.Subset(data(), list(range(12)))}, "data: TensorDataset → Subset"),
    ],
)
def test_other_data_are_refused(changed: dict[str, Any], told: str, tmp_path: Path) -> None:
    by_hand(tmp_path, data(), stop=True)
    with pytest.raises(CheckpointError, match=told):
        by_hand(tmp_path, **changed)


def test_the_same_examples_in_another_order_are_refused(tmp_path: Path) -> None:
    def run(order: list[int], stop: int) -> None:
        training = Checkpoints(tmp_path, every=0).resume(model=nn.Linear(1, 1))
        for _ in training.epochs(1):
            for _ in training.batches(DataLoader(data(), batch_size=4, sampler=order)):
                if training.batch == stop:
                    return

    run(list(range(12)), 2)
    with pytest.raises(CheckpointError, match="the order in which the examples come"):
        run(list(range(11, -1, -1)), -1)


def test_in_chinese_it_says_so_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_LANG", "zh")
    train(tmp_path)
    with pytest.raises(CheckpointError, match=r"不同之处（当时 → 现在）：optimizer lr: 0\.1 → 0\.2"):
        train(tmp_path, lr=0.2)


def test_two_programs_in_one_folder_do_not_mix(tmp_path: Path) -> None:
    one = Checkpoints(tmp_path).resume(model=nn.Linear(1, 1))
    epochs = one.epochs(2)
    next(epochs)
    by_hand(tmp_path, data())
    with pytest.raises(CheckpointError, match="Another program has written"):
        next(epochs)


def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    torch.save({"weights": torch.ones(1)}, tmp_path / "last.pt")
    with pytest.raises(CheckpointError, match="delete it"):
        by_hand(tmp_path, data())


def test_what_could_not_be_read_back_is_not_kept(tmp_path: Path) -> None:
    class Odd:
        def state_dict(self) -> dict[str, Any]:
            return {"path": tmp_path}

        def load_state_dict(self, state: dict[str, Any]) -> None: ...

    training = Checkpoints(tmp_path / "run").resume(odd=Odd())
    with pytest.raises(CheckpointError, match="cannot be read back without running code from the file"):
        list(training.epochs(1))
    assert list((tmp_path / "run").iterdir()) == []


@pytest.mark.parametrize(
    ("parts", "told"),
    [({"thing": 3}, "thing has no state_dict"), ({"tutor": nn.Linear(1, 1)}, "cannot be called tutor")],
)
def test_a_part_that_cannot_be_is_named(parts: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=told):
        Checkpoints(tmp_path).resume(**parts)


def test_only_the_training_data_go_through_it(tmp_path: Path) -> None:
    training = Checkpoints(tmp_path).resume(model=nn.Linear(1, 1))
    loader = DataLoader(data())
    with pytest.raises(RuntimeError, match="belongs inside"):
        next(training.batches(loader))
    for _ in training.epochs(1):
        list(training.batches(loader))
        with pytest.raises(RuntimeError, match="a second time in one epoch"):
            next(training.batches(loader))


def test_a_training_that_was_left_in_the_middle_does_not_go_on_as_if_nothing_was(tmp_path: Path) -> None:
    training = by_hand(tmp_path, data(), stop=True)
    with pytest.raises(RuntimeError, match=r"call resume\(\) again"):
        next(training.epochs(2))
