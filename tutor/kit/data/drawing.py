"""Draws the made sets: ten shapes, each image with a place, size, tilt, brightness and noise of its own.

The same seed gives the same images, whatever the number of processors. NumPy is loaded with this module.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Plane = Any
    """An array of float32."""
    Pixels = NDArray[Any]
    """Of uint8."""

PER_CLASS = 50
"""Images of each class in one piece: ten classes of 32 × 32 numbers stay in a processor's cache."""
NEGATIVES = 0.15
"""Share of dark shapes on a light ground among the grey images. A linear model takes nearly all of them for something else (measured: it
stays at 84 %, as on FashionMNIST), while a network learns them.
"""


def _box(u: Plane, v: Plane, width: float, height: float) -> Plane:
    return np.maximum(np.abs(u) - width, np.abs(v) - height)


def _disc(u: Plane, v: Plane) -> Plane:
    return np.sqrt(u * u + v * v) - 0.78


def _ring(u: Plane, v: Plane) -> Plane:
    return np.abs(np.sqrt(u * u + v * v) - 0.62) - 0.2


def _square(u: Plane, v: Plane) -> Plane:
    return _box(u, v, 0.68, 0.68)


def _frame(u: Plane, v: Plane) -> Plane:
    return np.abs(_box(u, v, 0.6, 0.6)) - 0.16


def _triangle(u: Plane, v: Plane) -> Plane:
    return np.maximum(v - 0.62, np.abs(u) * 0.87 - (v + 0.85) * 0.5)


def _plus(u: Plane, v: Plane) -> Plane:
    return np.minimum(_box(u, v, 0.24, 0.82), _box(u, v, 0.82, 0.24))


def _cross(u: Plane, v: Plane) -> Plane:
    return _plus((u + v) * 0.7071, (u - v) * 0.7071)


def _rows(u: Plane, v: Plane) -> Plane:
    return np.maximum(_box(u, v, 0.75, 0.75), 0.13 - np.abs(np.abs(v) - 0.27))


def _columns(u: Plane, v: Plane) -> Plane:
    return _rows(v, u)


def _moon(u: Plane, v: Plane) -> Plane:
    shadow = u - 0.42
    return np.maximum(_disc(u, v), 0.62 - np.sqrt(shadow * shadow + v * v))


SHAPES: dict[str, Callable[[Plane, Plane], Plane]] = {
    "disc": _disc,
    "ring": _ring,
    "square": _square,
    "frame": _frame,
    "triangle": _triangle,
    "plus": _plus,
    "cross": _cross,
    "rows": _rows,
    "columns": _columns,
    "moon": _moon,
}
"""By class name, in the order of their labels: from places within a shape of radius 1 to distances, negative inside."""


def _shifted(axis: Plane, random: np.random.Generator, count: int, most: float) -> Plane:
    """For each image where its pixels lie from its shape's middle, in pixels: count × size."""
    return axis[None] - random.uniform(-most, most, (count, 1)).astype(np.float32)


def _masks(size: int, random: np.random.Generator) -> Plane:
    """Of one piece, how much of each pixel its shape covers, 0 to 1: images × size × size, in order of their labels."""
    count = PER_CLASS * len(SHAPES)
    axis = np.arange(size, dtype=np.float32) - (size - 1) / 2
    x, y = (_shifted(axis, random, count, size / 20) for _ in range(2))
    radius = random.uniform(size / 2.9, size / 2.2, count).astype(np.float32)
    tilt = random.normal(0.0, 0.12, count).astype(np.float32)
    along, across = ((turn(tilt) / radius)[:, None] for turn in (np.cos, np.sin))
    u = (along * x)[:, None, :] + (across * y)[:, :, None]
    v = (along * y)[:, :, None] - (across * x)[:, None, :]
    masks = np.empty_like(u)
    for index, distance in enumerate(SHAPES.values()):
        part = slice(index * PER_CLASS, (index + 1) * PER_CLASS)
        masks[part] = distance(u[part], v[part])
    masks *= -radius[:, None, None]
    masks += 0.5
    return np.clip(masks, 0, 1, out=masks)


def _noise(shape: tuple[int, ...], random: np.random.Generator) -> Pixels:
    """From 0 to 31."""
    bytes_drawn: Pixels = np.frombuffer(random.bytes(int(np.prod(shape))), dtype=np.uint8)
    return bytes_drawn.reshape(shape) >> 3


def _grey(size: int, random: np.random.Generator) -> Pixels:
    """One piece of grey images, in order of their labels: images × size × size."""
    masks = _masks(size, random)
    count = len(masks)
    ground = random.uniform(0, 20, (count, 1, 1)).astype(np.float32)
    light = random.uniform(160, 203, (count, 1, 1)).astype(np.float32)
    negative = random.random((count, 1, 1)) < NEGATIVES
    masks *= np.where(negative, -light, light)
    masks += np.where(negative, ground + light, ground)
    drawn: Pixels = masks.astype(np.uint8)
    drawn += _noise(masks.shape, random)
    return drawn


def _coloured(size: int, random: np.random.Generator) -> Pixels:
    """One piece of coloured images, in order of their labels: images × 3 × size × size."""
    masks = _masks(size, random)
    count = len(masks)
    ground = random.uniform(0, 223, (count, 3)).astype(np.float32)
    # Another colour in each channel, but near enough for some shapes to be hard to see, as in photographs.
    step = random.uniform(45, 160, (count, 3)).astype(np.float32) * random.choice([-1, 1], (count, 3))
    colour = np.clip(ground + step, 0, 223).astype(np.float32) - ground
    images = np.empty((count, 3, size, size), dtype=np.uint8)
    for channel in range(3):
        drawn = masks * colour[:, channel, None, None]
        drawn += ground[:, channel, None, None]
        images[:, channel] = drawn
    images += _noise(images.shape, random)
    return images


def draw(count: int, size: int, *, coloured: bool, seed: int) -> tuple[Pixels, Pixels]:
    """Draw images of the ten shapes, as many of each, in a mixed order.

    Args:
        count: how many; a multiple of 500.
        size: pixels along each side.
        coloured: three channels, else one without an axis of its own.
        seed: another one gives other images.

    Returns:
        The images, count × size × size or count × 3 × size × size, and their labels, both as bytes.
    """
    paint = _coloured if coloured else _grey
    length = PER_CLASS * len(SHAPES)
    labels = np.repeat(np.arange(len(SHAPES), dtype=np.uint8), PER_CLASS)
    images: Pixels = np.empty((count, 3, size, size) if coloured else (count, size, size), dtype=np.uint8)
    targets = np.empty(count, dtype=np.uint8)

    def one_piece(begin: int, source: np.random.SeedSequence) -> None:
        random = np.random.default_rng(source)
        order = random.permutation(length)
        images[begin : begin + length] = paint(size, random)[order]
        targets[begin : begin + length] = labels[order]

    sources = np.random.SeedSequence(seed).spawn(count // length)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for _ in pool.map(one_piece, range(0, count, length), sources):
            pass
    return images, targets
