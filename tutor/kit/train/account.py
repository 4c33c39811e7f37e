"""How far a training is: what its history is made of, and what has to come back when it goes on from a checkpoint."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from tutor.kit.train.history import Epoch, History


class Kept(Protocol):
    """What leads through epochs and batches: `tutor.kit.checkpoint.Training`, or `NotKept`."""

    epoch: int
    batch: int

    def epochs(self, number: int, /) -> Iterator[int]:
        """The epochs that are left."""

    def batches(self, loader: DataLoader[Any], /) -> Iterator[Any]:
        """The batches of this epoch that are left."""

    def judge(self, score: float, /) -> None:
        """How good the epoch was."""


class NotKept:
    """All epochs, all batches, and nothing is written."""

    epoch = batch = 0

    def epochs(self, number: int) -> Iterator[int]:
        """All of them."""
        return iter(range(number))

    def batches(self, loader: DataLoader[Any]) -> Iterator[Any]:
        """All of them."""
        return iter(loader)

    def judge(self, score: float) -> None:
        """Nobody asks."""


class Account:
    """The epochs so far, and the one that is under way."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.losses: list[Tensor] = []
        """Of each batch of this epoch."""
        self._before = 0.0
        """Seconds of this epoch that an earlier program spent."""
        self._began = 0.0

    def begin(self) -> None:
        """The epoch begins, or goes on."""
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """That this epoch has taken."""
        return self._before + time.perf_counter() - self._began

    def end(self, mean: float, seconds: float, tested: tuple[float, float] | tuple[None, None]) -> None:
        """The epoch is done, and told in the history."""
        self.history.epochs.append(Epoch(mean, seconds, *tested))
        self.losses, self._before = [], 0.0

    def state_dict(self) -> dict[str, Any]:
        """For a checkpoint."""
        epochs = [[epoch.loss, epoch.seconds, epoch.test_loss, epoch.accuracy] for epoch in self.history.epochs]
        under_way = {"losses": torch.stack(self.losses), "seconds": self.seconds} if self.losses else {}
        return {"epochs": epochs, "batch_size": self.history.batch_size, "piece": self.history.piece, **under_way}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """From a checkpoint."""
        self.history.epochs = [Epoch(*epoch) for epoch in state["epochs"]]
        self.history.batch_size, self.history.piece = state["batch_size"], state["piece"]
        losses = state.get("losses")
        self.losses = [] if losses is None else list(losses.to(self.history.device).unbind())
        self._before = state.get("seconds", 0.0)
