"""Trains a model with the loop of PyTorch's quickstart tutorial, and shows how it goes.

    from tutor.kit.train import fit

    history = fit(model, data.train, data.test, epochs=5)
    print(history)

The arithmetic is the tutorial's, batch for batch. When memory runs out, the error says what was asked for, what is free and what to
change; with `shrink=True` it goes on with pieces of a batch.
"""

from __future__ import annotations

from tutor.kit.train.history import Epoch, History
from tutor.kit.train.loop import evaluate, fit
from tutor.kit.train.memory import OutOfMemory

__all__ = ["Epoch", "History", "OutOfMemory", "evaluate", "fit"]
