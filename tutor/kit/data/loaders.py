"""torchvision's own loaders, for the made sets: the same files and the same classes, but for names and checksums.

Loads torchvision with this module.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

from torchvision import datasets

from tutor.kit.data.drawing import SHAPES

CHECKSUMS = "md5.json"
"""In the folder of a made set of colour images: file name → MD5."""
META = "batches.meta"


class DrawnShapes(datasets.FashionMNIST):  # type: ignore[misc] # torchvision has no types
    """Grey images of drawn shapes, 28 × 28, in the files of FashionMNIST."""

    classes: ClassVar = list(SHAPES)
    mirrors: ClassVar[list[str]] = []


class DrawnColourShapes(datasets.CIFAR10):  # type: ignore[misc]
    """Colour images of drawn shapes, 32 × 32, in the files of CIFAR-10."""

    base_folder = "drawn-shapes-batches-py"

    def __init__(self, root: str | Path, train: bool = True, **options: Any) -> None:
        found = json.loads((Path(root) / self.base_folder / CHECKSUMS).read_text(encoding="utf-8"))
        self.train_list = [[name, found[name]] for name, _ in datasets.CIFAR10.train_list]
        self.test_list = [[name, found[name]] for name, _ in datasets.CIFAR10.test_list]
        self.meta = {**datasets.CIFAR10.meta, "md5": found[META]}
        super().__init__(root, train=train, **options)
