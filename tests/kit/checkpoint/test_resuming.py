"""Going on where it stopped: the same numbers, and no batch that was done is read again."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset, Sampler, TensorDataset, WeightedRandomSampler

from tests.kit.checkpoint.program import BATCH, BATCHES, EPOCHS, EXAMPLES, Noisy, by_fit, by_hand, seed
from tutor.kit.checkpoint import Checkpoints, Training
from tutor.kit.train import fit


class Stopped(Exception):
    """The training ends here, as if killed."""


def stop_at(number: int) -> Callable[[int], None]:
    def after(done: int) -> None:
        if done == number:
            raise Stopped

    return after


def stopping_loss(number: int) -> Callable[[Tensor, Tensor], Tensor]:
    """Ends the training in its batch of that number, tests counted."""
    calls = iter(range(1, number + 1))

    def loss(answers: Tensor, labels: Tensor) -> Tensor:
        if next(calls) == number:
            raise Stopped
        return nn.functional.cross_entropy(answers, labels)

    loss.__qualname__ = "stopping_loss"
    return loss


@pytest.mark.parametrize("own_generator", [False, True])
def test_wherever_a_loop_stops_it_ends_with_the_same_numbers(own_generator: bool, tmp_path: Path) -> None:
    expected = by_hand(tmp_path / "whole", every=math.inf, own_generator=own_generator)
    for number in range(1, BATCHES + 1):
        with pytest.raises(Stopped):
            by_hand(tmp_path / f"{number}", own_generator=own_generator, after=stop_at(number))
        assert by_hand(tmp_path / f"{number}", own_generator=own_generator) == expected, number


def test_wherever_fit_stops_it_ends_with_the_numbers_of_a_fit_without_checkpoints(tmp_path: Path) -> None:
    whole = stopping_loss(1000)
    expected = by_fit(None, wrap=whole)
    for number in range(1, BATCHES + 2 * EPOCHS + 1, 2):
        with pytest.raises(Stopped):
            by_fit(tmp_path / f"{number}", wrap=stopping_loss(number))
        assert by_fit(tmp_path / f"{number}", wrap=stopping_loss(1000)) == expected, number


def test_a_training_that_stops_again_and_again_gets_there(tmp_path: Path) -> None:
    expected = by_hand(tmp_path / "whole", every=math.inf)
    for number in range(2, BATCHES + 1, 2):
        with pytest.raises(Stopped):
            by_hand(tmp_path / "run", after=stop_at(number))
    assert by_hand(tmp_path / "run") == expected


def test_one_that_is_done_gives_what_it_gave(tmp_path: Path) -> None:
    assert by_fit(tmp_path / "run") == by_fit(tmp_path / "run")


def test_more_epochs_go_on_from_the_end(tmp_path: Path) -> None:
    longer, twice = nn.Linear(4, 3), nn.Linear(4, 3)
    twice.load_state_dict(longer.state_dict())
    data = Noisy()
    seed()
    whole = fit(longer, data, epochs=4, device="cpu")
    seed()
    fit(twice, data, epochs=1, device="cpu", checkpoints=Checkpoints(tmp_path))
    seed(5)
    assert fit(twice, data, epochs=4, device="cpu", checkpoints=Checkpoints(tmp_path)).loss == whole.loss


def test_batches_that_were_done_are_not_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def train(data: Noisy, stop: int) -> None:
        seed()
        model = nn.Linear(4, 3)
        loader = DataLoader(data, batch_size=BATCH, shuffle=True)
        training = Checkpoints(tmp_path, every=0).resume(model=model)
        for _ in training.epochs(1):
            for number, _ in enumerate(training.batches(loader), 1):
                if number == stop:
                    raise Stopped

    first, second = Noisy(), Noisy()
    with pytest.raises(Stopped):
        train(first, stop=4)
    train(second, stop=-1)
    assert sorted(first.read[: 3 * BATCH] + second.read) == list(range(EXAMPLES))
    assert "(epochs done: 0, batches after that: 3)" in capsys.readouterr().out


class Stream(IterableDataset[Tensor]):
    def __iter__(self) -> Iterator[Tensor]:
        return (torch.rand(1) + number for number in range(EXAMPLES))


class Drawing(Sampler[int]):
    """Draws as soon as it is asked, as many samplers people write do."""

    def __init__(self) -> None:
        self.generator = torch.Generator().manual_seed(3)

    def __len__(self) -> int:
        return EXAMPLES

    def __iter__(self) -> Iterator[int]:
        return iter(torch.randperm(EXAMPLES, generator=self.generator).tolist())


NUMBERS = TensorDataset(torch.arange(float(EXAMPLES)))
LOADERS: dict[str, Callable[[], DataLoader[Any]]] = {
    "in order": lambda: DataLoader(NUMBERS, batch_size=BATCH),
    "one by one": lambda: DataLoader(NUMBERS, batch_size=None, shuffle=True),
    "without the rest": lambda: DataLoader(NUMBERS, batch_size=BATCH + 1, shuffle=True, drop_last=True),
    "weighted": lambda: DataLoader(
        NUMBERS, batch_size=BATCH, sampler=WeightedRandomSampler([1.0] * EXAMPLES, EXAMPLES)
    ),
    "a sampler of one's own": lambda: DataLoader(NUMBERS, batch_size=BATCH, sampler=Drawing()),
    "a stream": lambda: DataLoader(Stream(), batch_size=BATCH),
    "workers": lambda: DataLoader(NUMBERS, batch_size=BATCH, shuffle=True, num_workers=1, persistent_workers=True),
}


@pytest.mark.parametrize("name", LOADERS)
def test_every_loader_goes_on_in_its_order(name: str, tmp_path: Path) -> None:
    def train(folder: str, stop: int) -> list[float]:
        seed()
        loader, model = LOADERS[name](), nn.Linear(1, 1)
        training = Checkpoints(tmp_path / folder, every=0).resume(model=model)
        seen = training.list("seen")
        for _ in training.epochs(2):
            for batch in training.batches(loader):
                numbers = batch[0] if isinstance(batch, list | tuple) else batch
                seen.append(numbers.sum().item() + torch.rand(1).item())
                if len(seen) == stop:
                    raise Stopped
        return seen

    expected = train("whole", -1)
    for stop in (2, len(expected) // 2 + 3):
        with pytest.raises(Stopped):
            train(f"{stop}", stop)
        assert train(f"{stop}", -1) == expected


def test_a_new_process_that_seeds_otherwise_goes_on_in_the_old_order(tmp_path: Path) -> None:
    def train(folder: str, number: int, stop: int) -> list[float]:
        seed(number)
        loader = DataLoader(NUMBERS, batch_size=BATCH, shuffle=True)
        training = Checkpoints(tmp_path / folder, every=0).resume(model=nn.BatchNorm1d(1, affine=False))
        seen = training.list("seen")
        for _ in training.epochs(2):
            for (numbers,) in training.batches(loader):
                seen.append(numbers.sum().item())
                if len(seen) == stop:
                    raise Stopped
        return seen

    expected = train("whole", 1, -1)
    for stop in (2, 6, 9):
        with pytest.raises(Stopped):
            train(f"{stop}", 1, stop)
        assert train(f"{stop}", 2, -1) == expected


def test_gradients_that_are_being_added_up_come_back(tmp_path: Path) -> None:
    def train(folder: str, stop: int) -> list[float]:
        seed()
        model = nn.Linear(1, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
        training = Checkpoints(tmp_path / folder, every=0).resume(model=model, optimizer=optimizer)
        losses = training.list("losses")
        for _ in training.epochs(1):
            for (numbers,) in training.batches(DataLoader(NUMBERS, batch_size=BATCH)):
                loss = model(numbers[:, None]).square().mean()
                loss.backward()
                losses.append(loss.item())
                if len(losses) % 4 == 0:
                    optimizer.step()
                    optimizer.zero_grad()
                if len(losses) == stop:
                    raise Stopped
        return [*losses, model.weight.item()]

    expected = train("whole", -1)
    with pytest.raises(Stopped):
        train("stopped", 3)
    assert train("stopped", -1) == expected


class Scaler:
    """Keeps numbers as `torch.amp.GradScaler` does, which does nothing on a CPU."""

    def __init__(self) -> None:
        self.scale = 1.0

    def state_dict(self) -> dict[str, float]:
        return {"scale": self.scale}

    def load_state_dict(self, state: dict[str, float]) -> None:
        self.scale = state["scale"]


def one_epoch(training: Training, loader: DataLoader[Any], score: float | None = None) -> None:
    for _ in training.epochs(training.epoch + 1):
        for _ in training.batches(loader):
            pass
        if score is not None:
            training.judge(score)


def test_whatever_has_a_state_is_kept(tmp_path: Path) -> None:
    scaler = Scaler()
    training = Checkpoints(tmp_path).resume(scaler=scaler)
    scaler.scale = 8.0
    one_epoch(training, DataLoader(NUMBERS))
    again = Scaler()
    Checkpoints(tmp_path).resume(scaler=again)
    assert again.scale == 8.0


def test_the_best_epoch_is_kept_beside_the_last(tmp_path: Path) -> None:
    model = nn.Linear(1, 1, bias=False)
    for score, weight in ((0.5, 1.0), (0.3, 2.0), (0.4, 3.0), (math.nan, 4.0)):
        training = Checkpoints(tmp_path).resume(model=model)
        nn.init.constant_(model.weight, weight)
        one_epoch(training, DataLoader(NUMBERS), score)
    best = nn.Linear(1, 1, bias=False)
    Checkpoints(tmp_path).load_best(best)
    assert best.weight.item() == 2.0
    last = nn.Linear(1, 1, bias=False)
    Checkpoints(tmp_path).resume(model=last)
    assert last.weight.item() == 4.0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.pt", "last.pt", "previous.pt"]


def test_fit_keeps_the_epoch_with_the_lowest_loss_on_the_test(tmp_path: Path) -> None:
    model = nn.Linear(4, 3)
    checkpoints = Checkpoints(tmp_path)
    history = fit(model, Noisy(), Noisy(10), epochs=3, device="cpu", checkpoints=checkpoints)
    kept = torch.load(tmp_path / "best.pt")
    assert kept["tutor"]["best"] == min(history.test_loss)
    assert list(kept["model"]) == list(model.state_dict())


def test_how_far_it_was_is_told_with_the_time_of_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fit(nn.Linear(4, 3), Noisy(), epochs=1, batch_size=BATCH, device="cpu", checkpoints=Checkpoints(tmp_path))
    capsys.readouterr()
    history = fit(nn.Linear(4, 3), Noisy(), epochs=2, batch_size=BATCH, device="cpu", checkpoints=Checkpoints(tmp_path))
    batches = EXAMPLES // BATCH
    assert re.search(rf"batch {2 * batches}/{2 * batches} ", capsys.readouterr().out)
    assert len(history.epochs) == 2
    assert history.epochs[0].seconds > 0
    fewer = fit(nn.Linear(4, 3), Noisy(), epochs=1, batch_size=BATCH, device="cpu", checkpoints=Checkpoints(tmp_path))
    assert re.search(rf"batch {2 * batches}/{2 * batches} ", capsys.readouterr().out)
    assert len(fewer.epochs) == 2
