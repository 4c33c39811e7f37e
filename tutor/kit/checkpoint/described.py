"""What a training is made of, in a few words each, so that a checkpoint of another one is told apart before anything of it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

Words = dict[str, str]
"""What, and how it is."""

SETTING = "setting "
"""Begins the names of what another version of PyTorch may have more or fewer of."""
MOST = 4
"""Differences that are told."""


def part(name: str, thing: Any) -> Words:
    """One part of the training. Args: `thing`: has a `state_dict()`."""
    words = {name: type(thing).__name__}
    if isinstance(thing, nn.Module):
        words[f"{name}, its layers"] = " ".join(type(layer).__name__ for layer in thing.modules())
        for key, value in thing.state_dict().items():
            words[f"{name} {key}"] = _shape(value)
    elif isinstance(thing, torch.optim.Optimizer):
        words[f"{name}, its weights"] = str([len(group["params"]) for group in thing.param_groups])
        for key, value in thing.defaults.items():
            plain = value.item() if isinstance(value, Tensor) else value
            if plain is None or isinstance(plain, bool | int | float | str | tuple):
                words[f"{SETTING}{name} {key}"] = str(plain)
    return words


def data(loader: DataLoader[Any]) -> Words:
    """What it trains on."""
    words = {"data": type(loader.dataset).__name__, "batch_size": str(loader.batch_size)}
    words |= _length("examples", loader.dataset)
    words |= _length("batches", loader)
    return words


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What is not as it was, each with then and now; the first few."""
    names = [name for name in {**then, **now} if then.get(name) != now.get(name)]
    names = [name for name in names if not name.startswith(SETTING) or (name in then and name in now)]
    told = [f"{name.removeprefix(SETTING)}: {_short(then.get(name))} → {_short(now.get(name))}" for name in names]
    return told[:MOST] + ["…"] * (len(told) > MOST)


def _shape(value: Any) -> str:
    if not isinstance(value, Tensor):
        return type(value).__name__
    return " ".join(["×".join(map(str, value.shape)), str(value.dtype).removeprefix("torch.")]).strip()


def _length(name: str, thing: Any) -> Words:
    """Nothing, for data that come without end."""
    try:
        return {name: str(len(thing))}
    except TypeError:
        return {}


def _short(words: str | None) -> str:
    if words is None:
        return "–"
    return words if len(words) <= 60 else f"{words[:59]}…"
