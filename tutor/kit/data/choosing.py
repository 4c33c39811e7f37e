"""Which set is used: kept from an earlier time, else what `TUTOR_DATA` gives, else downloaded after a yes, else made."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tutor.kit.data.errors import DataError
from tutor.kit.data.known import CIFAR10, FASHION_MNIST, Known
from tutor.kit.words import speak

if TYPE_CHECKING:
    from torchvision.datasets import VisionDataset

Transform = Callable[[Any], Any]

_REAL = {
    "en": "{title}: {train:,} images to train with, {test:,} to test with,\n{size} × {size} pixels, in {folder}",
    "zh": "{title}：{train:,} 张训练图片，{test:,} 张测试图片，\n{size} × {size} 像素，位于 {folder}",
}
_MADE = {
    "en": "Drawn shapes, a made set, NOT {title}:\n{train:,} images to train with, {test:,} to test with, {size} × {size} pixels",
    "zh": "画出来的图形，是生成的数据集，不是 {title}：\n{train:,} 张训练图片，{test:,} 张测试图片，{size} × {size} 像素",
}
_NOT_HERE = {
    "en": "{title} is not on this computer.\n",
    "zh": "这台电脑上没有 {title}。\n",
}
_QUESTION = {
    "en": "{title} is not on this computer.\nDownload it, about {megabytes} MB? y downloads it, n goes on with drawn shapes: ",
    "zh": "这台电脑上没有 {title}。\n下载吗？约 {megabytes} MB。y 下载，n 用画出来的图形继续：",
}
_AGAIN = {
    "en": "To try again, restart the runtime.",
    "zh": "想再试一次，就重启运行环境。",
}
_MADE_NAME = {
    "en": "drawn shapes (a made set, not {title})",
    "zh": "画出来的图形（生成的数据集，不是 {title}）",
}
YES = ("y", "yes", "ｙ", "是", "好", "下载")


@dataclass(frozen=True)
class Data:
    """A set of images with their labels."""

    name: str
    """What it really is."""
    is_made: bool
    """Whether it was drawn by tutor, in place of the set that was asked for."""
    train: VisionDataset = field(repr=False)
    """torchvision's data set of the images to train with."""
    test: VisionDataset = field(repr=False)
    """And of those to test with."""
    classes: tuple[str, ...]
    """Names of the labels 0, 1, 2 and on."""
    about: str = field(repr=False)
    """One sentence: what it is, how large, and where it came from."""

    def __str__(self) -> str:
        return self.about


def fashion_mnist(
    *, transform: Transform | None = None, target_transform: Transform | None = None, download: bool | None = None
) -> Data:
    """FashionMNIST, 28 × 28 grey images of clothes in ten classes; a made set of the same shape where it cannot be had.

    Args:
        transform: what becomes of each image; without one, `ToTensor()`: 1 × 28 × 28 numbers from 0 to 1.
        target_transform: what becomes of each label.
        download: True downloads it without a question, False never; None asks in a conversation with tutor, and nowhere else.

    Raises:
        DataError: `TUTOR_DATA` leads to something damaged, or the download that was asked for failed.
    """
    return _choose(FASHION_MNIST, transform, target_transform, download)


def cifar10(
    *, transform: Transform | None = None, target_transform: Transform | None = None, download: bool | None = None
) -> Data:
    """CIFAR-10, 32 × 32 colour images in ten classes; a made set of the same shape where it cannot be had.

    Args and Raises: as `fashion_mnist`; `ToTensor()` gives 3 × 32 × 32 numbers.
    """
    return _choose(CIFAR10, transform, target_transform, download)


_declined: set[str] = set()
"""Titles whose download the learner did not want, or that could not be had; not asked again in this kernel."""
_told: set[str] = set()
"""Titles of which was said that a made set stands in for them. Its name and its sentence say so every time."""


def _choose(
    known: Known, transform: Transform | None, target_transform: Transform | None, download: bool | None
) -> Data:
    from torchvision.transforms import ToTensor

    from tutor.kit.data.real import download_real, find_real

    options = {"transform": ToTensor() if transform is None else transform, "target_transform": target_transform}
    found = find_real(known, **options)
    if found is None and (download or (download is None and _wants(known))):
        try:
            found = download_real(known, **options)
        except DataError as error:
            if download:
                raise
            _declined.add(known.title)
            print(error, speak(_AGAIN), sep="\n")
    if found is not None:
        train, test = found
        about = speak(_REAL, title=known.title, train=len(train), test=len(test), size=known.size, folder=train.root)
        return Data(known.title, False, train, test, tuple(train.classes), about)
    from tutor.kit.data.made import made

    train, test = made(known, **options)
    about = speak(_MADE, title=known.title, train=len(train), test=len(test), size=known.size)
    if known.title not in _told:
        _told.add(known.title)
        print(speak(_NOT_HERE, title=known.title) + about)
    return Data(speak(_MADE_NAME, title=known.title), True, train, test, tuple(train.classes), about)


def _wants(known: Known) -> bool:
    """Ask, once, where somebody is there to answer: tutor says so in `TUTOR_ASKS`."""
    if not os.environ.get("TUTOR_ASKS") or known.title in _declined:
        return False
    try:
        answer = input(speak(_QUESTION, title=known.title, megabytes=known.megabytes))
    except EOFError:
        answer = ""
    if answer.strip().lower() in YES:
        return True
    _declined.add(known.title)
    return False
