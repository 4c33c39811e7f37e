"""What a training was like, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.kit.words import speak

_LINE = {
    "en": "epoch {number}: loss {loss:.4f}{tested}, {seconds:.1f} s",
    "zh": "第 {number} 轮：损失 {loss:.4f}{tested}，用时 {seconds:.1f} 秒",
}
_TESTED = {
    "en": ", on the test images loss {loss:.4f} and accuracy {accuracy:.1%}",
    "zh": "，测试集上损失 {loss:.4f}、准确率 {accuracy:.1%}",
}


@dataclass(frozen=True)
class Epoch:
    """One pass over the training data."""

    loss: float
    """Mean over the batches, each measured before the step that it led to."""
    seconds: float
    """For training alone, without the test."""
    test_loss: float | None = None
    """Mean over the batches of the test data, after the epoch; None without test data."""
    accuracy: float | None = None
    """Share of the test data that was right, 0 to 1."""


@dataclass
class History:
    """All epochs so far."""

    device: str
    """Where it was trained, for example `cpu` or `cuda:0`."""
    batch_size: int
    piece: int
    """Examples that were computed at once: the batch size, or less where memory ran out."""
    epochs: list[Epoch] = field(default_factory=list)

    @property
    def loss(self) -> list[float]:
        """Of each epoch, on the training data."""
        return [epoch.loss for epoch in self.epochs]

    @property
    def test_loss(self) -> list[float]:
        """Of each epoch that was tested."""
        return [epoch.test_loss for epoch in self.epochs if epoch.test_loss is not None]

    @property
    def accuracy(self) -> list[float]:
        """Of each epoch that was tested, 0 to 1."""
        return [epoch.accuracy for epoch in self.epochs if epoch.accuracy is not None]

    @property
    def seconds(self) -> float:
        """All epochs together, without the tests."""
        return sum(epoch.seconds for epoch in self.epochs)

    def __str__(self) -> str:
        return "\n".join(_told(number, epoch) for number, epoch in enumerate(self.epochs, 1))


def _told(number: int, epoch: Epoch) -> str:
    tested = ""
    if epoch.test_loss is not None and epoch.accuracy is not None:
        tested = speak(_TESTED, loss=epoch.test_loss, accuracy=epoch.accuracy)
    return speak(_LINE, number=number, loss=epoch.loss, tested=tested, seconds=epoch.seconds)
