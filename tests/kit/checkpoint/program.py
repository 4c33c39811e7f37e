"""Two small trainings as a learner writes them, with all that makes going on hard: shuffled data, dropout, random changes to the examples,
momentum, a learning rate that changes, batch norm."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from tutor.kit.checkpoint import Checkpoints
from tutor.kit.train import fit

EXAMPLES, BATCH, EPOCHS = 48, 8, 2
BATCHES = EPOCHS * EXAMPLES // BATCH

AfterBatch = Callable[[int], None]


class Noisy(Dataset[tuple[Tensor, int]]):
    """Changes an example at random each time it is read, with all three generators, and counts."""

    def __init__(self, length: int = EXAMPLES) -> None:
        self.length = length
        self.read: list[int] = []

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        self.read.append(index)
        noise = random.random() + np.random.rand() + torch.rand(4)
        return math.sin(index) + 0.1 * noise, index % 3


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.2), nn.ReLU(), nn.Linear(8, 3))


def seed(number: int = 0) -> None:
    torch.manual_seed(number)
    random.seed(number)
    np.random.seed(number)


def by_hand(
    folder: Path | str, *, every: float = 0, own_generator: bool = False, after: AfterBatch = lambda done: None
) -> list[float]:
    """A loop of one's own. Args: `after`: is called when a batch is done, with their number so far."""
    seed()
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [1], gamma=0.5)
    generator = torch.Generator().manual_seed(7) if own_generator else None
    loader = DataLoader(Noisy(), batch_size=BATCH, shuffle=True, generator=generator)
    training = Checkpoints(folder, every=every).resume(model=model, optimizer=optimizer, scheduler=scheduler)
    losses = training.list("losses")
    for _ in training.epochs(EPOCHS):
        for inputs, labels in training.batches(loader):
            loss = nn.functional.cross_entropy(model(inputs), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            after(len(losses))
        scheduler.step()
        training.judge(losses[-1])
    return [*losses, torch.rand(1).item(), random.random()]


def by_fit(folder: Path | str | None, *, every: float = 0, wrap: Any = None) -> list[float]:
    """By `fit`. Args: `folder`: None for no checkpoints; `wrap`: gets the loss and gives another."""
    seed()
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    checkpoints = None if folder is None else Checkpoints(folder, every=every)
    history = fit(
        model,
        DataLoader(Noisy(), batch_size=BATCH, shuffle=True),
        Noisy(10),
        epochs=EPOCHS,
        optimizer=optimizer,
        loss=wrap,
        device="cpu",
        checkpoints=checkpoints,
    )
    return [*history.loss, *history.test_loss, *history.accuracy, torch.rand(1).item(), random.random()]
