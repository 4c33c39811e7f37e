"""The loop of PyTorch's quickstart tutorial: train on one batch after the other, then test, once an epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from tutor.kit.checkpoint import Checkpoints, Training
from tutor.kit.live import Progress
from tutor.kit.train import memory
from tutor.kit.train.account import Account, Kept, NotKept
from tutor.kit.train.history import History
from tutor.kit.words import speak

Loss = Callable[[Tensor, Tensor], Tensor]
"""From the model's answers and the labels to a number: its mean over the examples."""
Examples = Dataset[Any] | DataLoader[Any]
"""Pairs of input and label, one by one or in batches."""

Result = TypeVar("Result")

TOLD_EVERY = 25
"""Batches: reading a loss off a GPU waits for it."""

_NO_DATA = {"en": "There is not one example to train with.", "zh": "没有任何训练样本。"}
_TOO_FEW = {
    "en": "{name} is {value!r}: give a whole number from 1 on.",
    "zh": "{name} 是 {value!r}：请给一个不小于 1 的整数。",
}


def fit(  # noqa: PLR0913 - what a training is made of
    model: nn.Module,
    train: Examples,
    test: Examples | None = None,
    *,
    epochs: int = 5,
    batch_size: int = 64,
    loss: Loss | None = None,
    optimizer: torch.optim.Optimizer | None = None,
    device: torch.device | str | None = None,
    shrink: bool = False,
    checkpoints: Checkpoints | None = None,
) -> History:
    """Train the model where it is fastest here, and show how far it is.

    Args:
        model: is moved to the device and trained in place.
        train: the training data; as a data set its batches come in its own order, as a data loader in the loader's.
        test: is measured after each epoch; None measures nothing.
        epochs: passes over the training data.
        batch_size: for data sets; a data loader has its own.
        loss: `nn.CrossEntropyLoss()` if it is None.
        optimizer: of the model's parameters; `SGD(lr=1e-3)`, as in the tutorial, if it is None.
        device: the accelerator that PyTorch finds, else the CPU, if it is None.
        shrink: when memory runs out, compute each batch in smaller pieces and add up their gradients. For a loss that is the plain mean
            of its examples the result is that of the whole batch, apart from layers that look at the batch as a whole (batch norm) or
            draw random numbers (dropout).
        checkpoints: keep the training there as it goes, and go on from what is kept there. The epoch with the lowest loss on the test
            data is kept as the best, or on the training data without a test.

    Returns:
        Losses, accuracy and seconds of every epoch, those before a kill among them.

    Raises:
        CheckpointError: what is kept is of another training, or nothing can be kept.
        OutOfMemory: memory ran out, and `shrink` is off or was not enough.
        ValueError: no data, or a number that is too small.
    """
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if not isinstance(value, int) or value < 1:
            raise ValueError(speak(_TOO_FEW, name=name, value=value))
    batches = _batches(train, batch_size)
    if not len(batches):
        raise ValueError(speak(_NO_DATA))
    place = _device(device)
    _move(model, place)
    optimizer = optimizer or torch.optim.SGD(model.parameters(), lr=1e-3)
    optimizer.zero_grad()  # what an earlier attempt left
    work = _Work(model, loss or nn.CrossEntropyLoss(), optimizer, _Pieces(place, shrink))
    account = Account(History(str(place), 0, 0))
    kept = _kept(checkpoints, work, account)
    past = kept.epoch * len(batches) + kept.batch
    total = max(epochs * len(batches), past)  # more than is asked for may be kept
    with Progress(total, unit="batch", device=place, past=past) as live:
        for epoch in kept.epochs(epochs):
            mean, seconds = work.epoch(kept.batches(batches), account, live, past=epoch * len(batches), of=len(batches))
            tested: tuple[float, float] | tuple[None, None] = (None, None)
            if test is not None:
                size = batches.batch_size or work.pieces.largest
                tested = _tested(model, _batches(test, size), work.loss, work.pieces)
                live.update((epoch + 1) * len(batches), test_loss=tested[0], accuracy=tested[1])
            account.end(mean, seconds, tested)
            kept.judge(mean if tested[0] is None else tested[0])
            account.history.batch_size = work.pieces.largest
            account.history.piece = min(work.pieces.size or work.pieces.largest, work.pieces.largest)
    return account.history


def _kept(checkpoints: Checkpoints | None, work: _Work, account: Account) -> Kept:
    """What leads through the training. Raises: CheckpointError: see `fit`."""
    if checkpoints is None:
        return NotKept()
    loss = work.loss
    about = {"loss": str(loss) if isinstance(loss, nn.Module) else getattr(loss, "__qualname__", type(loss).__name__)}
    parts = {"model": work.model, "optimizer": work.optimizer, "history": account, "pieces": work.pieces}
    return Training(checkpoints, parts, about)


def evaluate(
    model: nn.Module,
    data: Examples,
    *,
    loss: Loss | None = None,
    batch_size: int = 64,
    device: torch.device | str | None = None,
    shrink: bool = False,
) -> tuple[float, float]:
    """Measure the model, as the tutorial does.

    Args: as of `fit`; the model is moved to the device.

    Returns:
        The loss, mean over the batches, and the share of right answers, 0 to 1.

    Raises:
        OutOfMemory: a batch did not fit.
        ValueError: no data.
    """
    batches = _batches(data, batch_size)
    if not len(batches):
        raise ValueError(speak(_NO_DATA))
    place = _device(device)
    _move(model, place)
    return _tested(model, batches, loss or nn.CrossEntropyLoss(), _Pieces(place, shrink))


def _tested(model: nn.Module, batches: DataLoader[Any], measure: Loss, pieces: _Pieces) -> tuple[float, float]:
    """See `evaluate`; the model's mode is afterwards as it was."""
    was_training = model.training
    model.eval()
    total, right = torch.zeros((), device=pieces.device), torch.zeros((), dtype=torch.long, device=pieces.device)
    count = 0
    try:
        with torch.no_grad():
            for inputs, labels in batches:
                answers, there = pieces.fitting(partial(_answers, model, inputs, labels, pieces.device), len(labels))
                total += measure(answers, there)
                right += (answers.argmax(1) == there).sum()
                count += len(labels)
    finally:
        model.train(was_training)
    return total.item() / len(batches), right.item() / count


def _answers(
    model: nn.Module, inputs: Tensor, labels: Tensor, device: torch.device, piece: int
) -> tuple[Tensor, Tensor]:
    return torch.cat([model(some.to(device)) for some in inputs.split(piece)]), labels.to(device)


@dataclass
class _Pieces:
    """How many examples are computed at once: whole batches, until memory runs out."""

    device: torch.device
    shrink: bool
    size: int | None = None
    """None for whole batches."""
    largest: int = 0
    """Examples of the largest batch so far."""

    def state_dict(self) -> dict[str, int | None]:
        """For a checkpoint."""
        return {"size": self.size, "largest": self.largest}

    def load_state_dict(self, state: dict[str, int | None]) -> None:
        """From a checkpoint."""
        self.size, self.largest = state["size"], state["largest"] or 0

    def fitting(self, work: Callable[[int], Result], count: int, tidy: Callable[[], object] | None = None) -> Result:
        """What the work gives with pieces that fit.

        Args:
            work: does a batch in pieces of that size.
            count: examples of the batch.
            tidy: is called before another try.

        Raises:
            OutOfMemory: nothing fits that may be tried.
        """
        self.largest = max(self.largest, count)
        while True:
            at_once = min(self.size or count, count)
            try:
                return work(at_once)
            except (RuntimeError, MemoryError) as error:
                if not memory.is_shortage(error):
                    raise
                short = memory.shortage(error, self.device)
            # Only here is the error gone, and with it its frames and the tensors in them.
            if tidy is not None:
                tidy()
            memory.give_back(self.device)
            if not self.shrink or at_once == 1:
                raise memory.explained(short, self.device, memory.batch(at_once))
            self.size = at_once // 2
            print(memory.smaller(at_once, self.size, count))


@dataclass
class _Work:
    """One training: what stays the same from batch to batch."""

    model: nn.Module
    loss: Loss
    optimizer: torch.optim.Optimizer
    pieces: _Pieces

    def epoch(
        self, batches: Iterable[Any], account: Account, live: Progress, *, past: int, of: int
    ) -> tuple[float, float]:
        """Train on every batch.

        Args:
            account: gets the loss of each.
            past: batches of the epochs before.
            of: batches of a whole epoch.

        Returns:
            The mean of all losses of this epoch, and its seconds.
        """
        self.model.train()
        account.begin()
        for inputs, labels in batches:
            gradients = partial(self._gradients, inputs, labels)
            account.losses.append(self.pieces.fitting(gradients, len(labels), self.optimizer.zero_grad))
            # Not in what is tried again: half a step cannot be taken back.
            _explained(self.optimizer.step, self.pieces.device, memory.OPTIMIZER)
            self.optimizer.zero_grad()
            done = len(account.losses)
            if done % TOLD_EVERY == 0 or done == of:
                live.update(past + done, loss=account.losses[-1])
        return torch.stack(account.losses).mean().item(), account.seconds

    def _gradients(self, inputs: Tensor, labels: Tensor, piece: int) -> Tensor:
        """The loss of the batch, and its gradients, added up from its pieces."""
        device, whole = self.pieces.device, len(labels)
        total = torch.zeros((), device=device)
        for some, answers in zip(inputs.split(piece), labels.split(piece), strict=True):
            loss = self.loss(self.model(some.to(device)), answers.to(device))
            if len(answers) < whole:
                loss = loss * (len(answers) / whole)
            loss.backward()
            total += loss.detach()
        return total


def _batches(data: Examples, batch_size: int) -> DataLoader[Any]:
    return data if isinstance(data, DataLoader) else DataLoader(data, batch_size=batch_size)


def _device(asked: torch.device | str | None) -> torch.device:
    if asked is not None:
        return torch.device(asked)
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return found or torch.device("cpu")


def _move(model: nn.Module, device: torch.device) -> None:
    _explained(partial(model.to, device), device, memory.MODEL)


def _explained(work: Callable[[], object], device: torch.device, what: memory.What) -> None:
    """Do the work; if memory runs out, raise the error that explains it."""
    try:
        work()
        return
    except (RuntimeError, MemoryError) as error:
        if not memory.is_shortage(error):
            raise
        short = memory.shortage(error, device)
    # The error is gone here, as in `_Pieces.fitting`.
    memory.give_back(device)
    raise memory.explained(short, device, what)
