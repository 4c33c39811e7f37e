"""Every random state that a training may draw from, as plain values that go into a checkpoint."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Sequence
from typing import Any

import torch


def captured(generators: Sequence[torch.Generator] = ()) -> dict[str, Any]:
    """All states as they are now. Args: `generators`: the data loader's own."""
    version, numbers, gauss = random.getstate()
    state: dict[str, Any] = {
        "python": [version, torch.tensor(numbers), gauss],
        "torch": torch.get_rng_state(),
        "generators": [generator.get_state() for generator in generators],
    }
    if "numpy" in sys.modules:  # who has not imported it cannot have drawn from it
        name, words, *rest = importlib.import_module("numpy").random.get_state()
        state["numpy"] = [name, torch.tensor(words.tolist()), *rest]
    device, module = _accelerator()
    if module is not None:
        states = module.get_rng_state_all() if hasattr(module, "get_rng_state_all") else [module.get_rng_state()]
        state["accelerator"] = [device, states]
    return state


def restore(state: dict[str, Any], generators: Sequence[torch.Generator] = ()) -> None:
    """Make them what they were. A device of another kind, or one more than there was, keeps the state that it has."""
    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers.tolist()), gauss))
    torch.set_rng_state(state["torch"])
    restore_generators(state, generators)
    if "numpy" in state:
        name, words, *rest = state["numpy"]
        numpy = importlib.import_module("numpy")
        numpy.random.set_state((name, numpy.array(words.tolist(), dtype=numpy.uint32), *rest))
    was, states = state.get("accelerator", ("", []))
    device, module = _accelerator()
    if module is None or device != was:
        return
    for index, of_device in enumerate(states):
        if not hasattr(module, "get_rng_state_all"):
            module.set_rng_state(of_device)
        elif index < module.device_count():
            module.set_rng_state(of_device, index)


def restore_generators(state: dict[str, Any], generators: Sequence[torch.Generator]) -> None:
    """Only those of the data loader."""
    for generator, of_generator in zip(generators, state["generators"], strict=False):
        generator.set_state(of_generator)


def _accelerator() -> tuple[str, Any]:
    """Its kind and PyTorch's module for it; nothing where there is none."""
    if not torch.accelerator.is_available():
        return "", None
    device = torch.accelerator.current_accelerator()
    return ("", None) if device is None else (device.type, torch.get_device_module(device))
