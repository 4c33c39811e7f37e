"""Data to learn with, in torchvision's own classes, on every computer.

    from tutor.kit.data import fashion_mnist

    data = fashion_mnist()
    print(data)
    image, label = data.train[0]

The real set where it is: kept from an earlier time, in the folder that `TUTOR_DATA` names, or downloaded once the learner has said yes.
Elsewhere a made set of the same shape, which says that it is one. torchvision is loaded only when a set is asked for.
"""

from __future__ import annotations

from tutor.kit.data.choosing import Data, cifar10, fashion_mnist
from tutor.kit.data.errors import DataError

__all__ = ["Data", "DataError", "cifar10", "fashion_mnist"]
