"""On which device things are, whatever they are: tensors, models, optimizers, batches of any nesting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tutor.kit.devices.facts import Finding


def devices_of(thing: Any) -> tuple[str, ...]:
    """The devices of all tensors in it, each once, in the order in which they are found; none for what has no tensors."""
    return tuple(dict.fromkeys(_devices(thing)))


def together(*things: Any) -> Finding | None:
    """None if all of them are on one device, such as a model and its batch; else where each is."""
    found = [devices_of(thing) for thing in things]
    if len({device for devices in found for device in devices}) <= 1:
        return None
    return Finding("device-mismatch", "; ".join(", ".join(devices) or "-" for devices in found))


def _devices(thing: Any) -> Iterator[str]:
    if hasattr(thing, "device") and hasattr(thing, "dtype"):
        yield str(thing.device)
    elif hasattr(thing, "parameters") and hasattr(thing, "buffers"):
        for tensor in (*thing.parameters(), *thing.buffers()):
            yield str(tensor.device)
    elif hasattr(thing, "param_groups"):
        yield from _devices([group["params"] for group in thing.param_groups])
        yield from _devices([state for state in thing.state.values()])  # noqa: C416 - a view would not be a list
    elif isinstance(thing, Mapping):
        yield from _devices(list(thing.values()))
    elif isinstance(thing, (list, tuple, set)):
        for one in thing:
            yield from _devices(one)
