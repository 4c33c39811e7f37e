"""Training that goes on where it was killed, with the same losses as if nobody had killed it.

    from tutor.kit.checkpoint import Checkpoints
    from tutor.kit.train import fit

    fit(model, data.train, data.test, epochs=5, checkpoints=Checkpoints("run"))

Run it, kill it at any moment, run it again. With a loop of one's own:

    training = Checkpoints("run").resume(model=model, optimizer=optimizer)
    losses = training.list("losses")
    for epoch in training.epochs(5):
        for images, labels in training.batches(loader):
            ...
            losses.append(loss.item())

What is kept: every part that was handed in, the random states of Python, NumPy and PyTorch, and how far the data was read. On a CPU the
rest is equal to the last bit. Two things cannot be: what a GPU adds up in another order each time, and random changes that worker
processes of a data loader make to the examples.
"""

from __future__ import annotations

from tutor.kit.checkpoint.checkpoints import Checkpoints
from tutor.kit.checkpoint.errors import CheckpointError
from tutor.kit.checkpoint.training import Training

__all__ = ["CheckpointError", "Checkpoints", "Training"]
