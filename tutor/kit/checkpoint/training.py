"""One training that is kept as it goes: which epoch and batch it is at, and everything that has to come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from torch import nn
from torch.utils.data import DataLoader

from tutor.kit.checkpoint import described, randomness
from tutor.kit.checkpoint.checkpoints import better
from tutor.kit.checkpoint.errors import CheckpointError
from tutor.kit.checkpoint.order import Replayed
from tutor.kit.words import speak

if TYPE_CHECKING:
    from tutor.kit.checkpoint.checkpoints import Checkpoints

OURS = "tutor"
"""In the file, beside the parts: all that is not a part."""
FORMAT = 1

_GOES_ON = {
    "en": "Going on from {path} (epochs done: {epoch}, batches after that: {batch}).",
    "zh": "从 {path} 继续（已完成 {epoch} 轮，之后又完成 {batch} 批）。",
}
_OTHER = {
    "en": "{folder} has the checkpoints of another training. What differs, then → now: {differences}. "
    "Make it as it was to go on; take another folder, or delete this one, to begin anew.",
    "zh": "{folder} 里是另一次训练的检查点。不同之处（当时 → 现在）：{differences}。"
    "想继续，就改回原来的样子；想从头开始，就换一个文件夹，或者删掉这个文件夹。",
}
_OTHER_FORMAT = {
    "en": "{path} was not written by these Checkpoints. Take another folder.",
    "zh": "{path} 不是由这里的 Checkpoints 写的。请换一个文件夹。",
}
_OTHER_ORDER = {
    "en": "the order in which the examples come",
    "zh": "样本的顺序",
}
_NO_STATE = {
    "en": "{name} has no state_dict() and load_state_dict(), so it cannot be kept.",
    "zh": "{name} 没有 state_dict() 和 load_state_dict()，没法保存。",
}
_TAKEN = {
    "en": "A part cannot be called {name}: the checkpoint itself needs that name.",
    "zh": "不能给任何部分取名 {name}：检查点自己要用这个名字。",
}
_TWICE = {
    "en": "batches() was called a second time in one epoch. Only the training data goes through it; use the loader itself for a test.",
    "zh": "一轮里第二次调用了 batches()。只有训练数据要经过它；测试时直接用数据加载器。",
}
_OUTSIDE = {
    "en": "batches() belongs inside `for epoch in training.epochs(…)`.",
    "zh": "batches() 要写在 `for epoch in training.epochs(…)` 的循环里。",
}
_INTERRUPTED = {
    "en": "This training was left in the middle of an epoch. Build model and optimizer anew and call resume() again: it goes on from "
    "the checkpoint.",
    "zh": "这次训练停在了一轮的中途。请重新建好模型和优化器，再调用一次 resume()：它会从检查点继续。",
}


class Training:
    """Begun or gone on with; made by `Checkpoints.resume`."""

    def __init__(
        self, checkpoints: Checkpoints, parts: Mapping[str, Any], about: Mapping[str, str] | None = None
    ) -> None:
        """Look what was kept, and give it to the parts.

        Args: as of `Checkpoints.resume`; `about`: what else must be the same, in words.

        Raises: as `Checkpoints.resume`.
        """
        self._checkpoints = checkpoints
        self._parts = dict(parts)
        for name, part in self._parts.items():
            if name == OURS:
                raise ValueError(speak(_TAKEN, name=name))
            if not (hasattr(part, "state_dict") and hasattr(part, "load_state_dict")):
                raise ValueError(speak(_NO_STATE, name=name))
        self._described = dict(about or {})
        for name, part in self._parts.items():
            self._described |= described.part(name, part)
        self.epoch = 0
        """Epochs that are done."""
        self.batch = 0
        """Batches of the next epoch that are done as well."""
        self._lists: dict[str, list[float]] = {}
        self._best: float | None = None
        self._score: float | None = None
        self._data: dict[str, str] = {}
        self._loader: Replayed | None = None
        self._begin: dict[str, Any] = {}
        """Random states when the epoch's first batch was asked for."""
        self._found: dict[str, Any] | None = None
        """What a checkpoint said, until the training is where that was written."""
        self._in_epoch = self._in_batches = False
        self._bring_back()

    def list(self, name: str) -> list[float]:
        """A list of numbers that comes back with the checkpoint, empty at first: losses, for example."""
        return self._lists.setdefault(name, [])

    def judge(self, score: float) -> None:
        """Say how good this epoch was, a loss: the lowest so far is kept as best.pt."""
        self._score = float(score)

    def epochs(self, number: int) -> Iterator[int]:
        """The numbers, from 0, of the epochs that are not done yet. Each is kept at its end.

        Raises:
            CheckpointError: it could not be written.
            RuntimeError: an epoch was left in the middle, so that nobody knows what the model has seen.
        """
        if self._in_epoch:
            raise RuntimeError(speak(_INTERRUPTED))
        if self._found is not None:
            randomness.restore(self._found["random"])
        while self.epoch < number:
            self._in_epoch, self._in_batches, self._score = True, False, None
            yield self.epoch
            self._in_epoch = False
            self.epoch, self.batch, self._found = self.epoch + 1, 0, None
            best = self._score is not None and better(self._score, self._best)
            if best:
                self._best = self._score
            self._write(best=best)

    def batches(self, loader: DataLoader[Any]) -> Iterator[Any]:
        """The batches of this epoch that are not done yet; one is done when the next is asked for.

        Args: `loader`: made once, before the epochs, or its own generator is given the state that the one before had.

        Raises:
            CheckpointError: the data are not those that the checkpoint was trained on, or it could not be written.
        """
        if not self._in_epoch or self._in_batches:
            raise RuntimeError(speak(_TWICE if self._in_batches else _OUTSIDE))
        self._in_batches = True
        if self._loader is None or self._loader.loader is not loader:
            self._loader = Replayed(loader)
        self._data = described.data(loader)
        found, self._found = self._found, None
        generators = self._loader.generators
        if found is not None:
            self._refuse_others(found["data"], self._data)
            if found["begin"]:
                randomness.restore(found["begin"], generators)
            else:  # between two epochs: all others are restored, and may have been drawn from since
                randomness.restore_generators(found["random"], generators)
        self._begin = randomness.captured(generators)

        def reached(mark: int | None) -> None:
            if found is not None and self.batch:
                if mark != found["mark"]:
                    self._refuse([speak(_OTHER_ORDER)])
                randomness.restore(found["random"], generators)

        for batch in self._loader.batches(self.batch, reached):
            yield batch
            self.batch += 1
            if self._checkpoints.due:
                self._write(best=False)

    def _write(self, *, best: bool) -> None:
        loader = self._loader
        within = self.batch > 0 and loader is not None
        content = {name: part.state_dict() for name, part in self._parts.items()}
        content[OURS] = {
            "format": FORMAT,
            "epoch": self.epoch,
            "batch": self.batch,
            "mark": loader.mark(self.batch) if within and loader is not None else None,
            "random": randomness.captured([] if loader is None else loader.generators),
            "begin": self._begin if within else {},
            "gradients": {name: _gradients(part) for name, part in self._parts.items() if isinstance(part, nn.Module)},
            "lists": {name: [float(number) for number in numbers] for name, numbers in self._lists.items()},
            "best": self._best,
            "described": self._described,
            "data": self._data,
        }
        self._checkpoints.write(content, best=best)

    def _bring_back(self) -> None:
        newest = self._checkpoints.newest()
        if newest is None:
            return
        path, content = newest
        found = content.get(OURS)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise CheckpointError(speak(_OTHER_FORMAT, path=path))
        self._refuse_others(found["described"], self._described)
        for name, part in self._parts.items():
            part.load_state_dict(content[name])
            if isinstance(part, nn.Module):
                _give_gradients(part, found["gradients"][name])
        self.epoch, self.batch = found["epoch"], found["batch"]
        self._lists, self._best, self._data = found["lists"], found["best"], found["data"]
        self._found = found
        print(speak(_GOES_ON, path=path, epoch=self.epoch, batch=self.batch))

    def _refuse_others(self, then: Mapping[str, str], now: Mapping[str, str]) -> None:
        """Raises: CheckpointError: they differ."""
        differences = described.differences(then, now)
        if differences:
            self._refuse(differences)

    def _refuse(self, differences: Sequence[str]) -> NoReturn:
        raise CheckpointError(speak(_OTHER, folder=self._checkpoints.folder, differences="; ".join(differences)))


def _gradients(model: nn.Module) -> dict[str, Any]:
    """Those that are there: whoever adds up the gradients of several batches has them between two."""
    return {name: weights.grad for name, weights in model.named_parameters() if weights.grad is not None}


def _give_gradients(model: nn.Module, gradients: Mapping[str, Any]) -> None:
    for name, weights in model.named_parameters():
        gradient = gradients.get(name)
        weights.grad = None if gradient is None else gradient.to(weights.device)
