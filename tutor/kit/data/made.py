"""Makes the made sets: drawn shapes, written as the files of the set whose place they take."""

from __future__ import annotations

import contextlib
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.kit.data import loaders
from tutor.kit.data.download import md5_of
from tutor.kit.data.drawing import SHAPES, draw
from tutor.kit.data.folders import alone, fresh, kept, room_for
from tutor.kit.data.known import Known
from tutor.kit.words import speak

if TYPE_CHECKING:
    from tutor.kit.data.drawing import Pixels

FOLDER = "made-1"
"""Below the kept sets; another number means other images."""
TRAIN_SEED, TEST_SEED = 1, 2
TEST_IMAGES = 10_000
BATCH = 10_000
"""Images in a file of CIFAR-10."""

UNREADABLE = (
    OSError,
    RuntimeError,
    ValueError,
    AssertionError,
    EOFError,
    ImportError,
    KeyError,
    pickle.UnpicklingError,
)
"""Not there, damaged, or written by a NumPy that this one cannot read."""

_TITLE = {"en": "The drawn images", "zh": "画好的图片"}


def made(known: Known, **options: Any) -> tuple[Any, Any]:
    """The made set that takes the place of that one, drawn unless it is in the folder already.

    Args:
        known: the real set.
        options: for the loader: `transform`, `target_transform`.

    Returns:
        torchvision data sets of the training and of the test images.

    Raises:
        DataError: there is no room for it.
    """
    root = kept() / FOLDER
    loader: Any = loaders.DrawnColourShapes if known.is_coloured else loaders.DrawnShapes

    def load() -> tuple[Any, Any]:
        return loader(root, train=True, **options), loader(root, train=False, **options)

    with contextlib.suppress(*UNREADABLE):
        return load()
    with room_for(speak(_TITLE)), alone(known.loader, wait=True):
        with contextlib.suppress(*UNREADABLE):  # another tutor was faster
            return load()
        _make(known, root, loader)
    return load()


def _make(known: Known, root: Path, loader: Any) -> None:
    """Write it into a folder of its own first, so that nobody ever sees half a set."""
    name = loader.base_folder if known.is_coloured else loader.__name__
    write: Callable[[Path, int], None] = _write_cifar if known.is_coloured else _write_idx
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with fresh(f".making-{name}-", root) as folder:
        new = folder / name
        new.mkdir()
        write(new, known.size)
        if (root / name).exists():  # damaged
            (root / name).rename(folder / "old")
        new.rename(root / name)


def _write_idx(folder: Path, size: int) -> None:
    raw = folder / "raw"
    raw.mkdir()
    for prefix, count, seed in (("train", 60_000, TRAIN_SEED), ("t10k", TEST_IMAGES, TEST_SEED)):
        images, labels = draw(count, size, coloured=False, seed=seed)
        _write_array(raw / f"{prefix}-images-idx3-ubyte", images)
        _write_array(raw / f"{prefix}-labels-idx1-ubyte", labels)


def _write_array(path: Path, array: Pixels) -> None:
    """IDX: two zeros, 8 for bytes, the number of axes, their lengths in four bytes each, highest first, then the numbers."""
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    with path.open("wb") as file:
        file.write(bytes((0, 0, 8, array.ndim)) + lengths)
        array.tofile(file)


def _write_cifar(folder: Path, size: int) -> None:
    images, labels = draw(50_000, size, coloured=True, seed=TRAIN_SEED)
    for index, begin in enumerate(range(0, len(images), BATCH), 1):
        part = slice(begin, begin + BATCH)
        _write_batch(folder / f"data_batch_{index}", f"training batch {index} of 5", images[part], labels[part])
    _write_batch(folder / "test_batch", "testing batch 1 of 1", *draw(TEST_IMAGES, size, coloured=True, seed=TEST_SEED))
    _pickle(folder / loaders.META, {"label_names": list(SHAPES), "num_cases_per_batch": BATCH, "num_vis": 3 * size**2})
    checksums = {path.name: md5_of(path) for path in folder.iterdir()}
    (folder / loaders.CHECKSUMS).write_text(json.dumps(checksums), encoding="utf-8")


def _write_batch(path: Path, label: str, images: Pixels, labels: Pixels) -> None:
    names = [f"{path.name}_{index:05}.png" for index in range(len(images))]
    flat = images.reshape(len(images), -1)
    _pickle(path, {"batch_label": label, "labels": labels.tolist(), "data": flat, "filenames": names})


def _pickle(path: Path, value: object) -> None:
    with path.open("wb") as file:
        pickle.dump(value, file, protocol=4)
