"""The two real sets: what they are called where, and how large they are to download."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Archive:
    """One file to download."""

    name: str
    md5: str
    """As torchvision states it."""
    urls: tuple[str, ...]
    """Where torchvision says that it is."""


@dataclass(frozen=True)
class Known:
    """One of them."""

    title: str
    """Its own name."""
    loader: str
    """torchvision's class for it."""
    folder: str
    """Within torchvision's `root`."""
    size: int
    """Pixels along each side."""
    is_coloured: bool
    megabytes: int
    """To download, all its archives together."""

    def real_class(self) -> Any:
        """torchvision's class."""
        from torchvision import datasets

        return getattr(datasets, self.loader)

    def archives(self) -> list[Archive]:
        """What torchvision would download, with the checksums that it states."""
        found = self.real_class()
        if self.is_coloured:
            return [Archive(found.filename, found.tgz_md5, (found.url,))]
        return [
            Archive(name, md5, tuple(f"{mirror}{name}" for mirror in found.mirrors)) for name, md5 in found.resources
        ]

    def archive_folder(self, root: Path) -> Path:
        """Where torchvision looks for the archives below that `root`."""
        return root if self.is_coloured else root / self.folder / "raw"


FASHION_MNIST = Known("FashionMNIST", "FashionMNIST", "FashionMNIST", 28, is_coloured=False, megabytes=31)
CIFAR10 = Known("CIFAR-10", "CIFAR10", "cifar-10-batches-py", 32, is_coloured=True, megabytes=170)
