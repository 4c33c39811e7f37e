"""Data to learn with, in torchvision's own classes, on every computer.

    from tutor.kit.data import fashion_mnist

    data = fashion_mnist()
    print(data)
    image, label = data.train[0]

The real set where it is: kept from an earlier time, in the folder that `TUTOR_DATA` names, or downloaded once the learner has said yes.
Elsewhere a made set of the same shape, which says that it is one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutor.kit.data.choosing import Data, cifar10, fashion_mnist
    from tutor.kit.data.errors import DataError

__all__ = ["Data", "DataError", "cifar10", "fashion_mnist"]

_HOMES = {"choosing": ("Data", "cifar10", "fashion_mnist"), "errors": ("DataError",)}


def __getattr__(name: str) -> Any:
    """Loads what is asked for, and torchvision not before a set is."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found
