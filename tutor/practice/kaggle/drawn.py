"""Small pictures of garments, the same ones every time: a dataset that a network can learn within seconds."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator

from PIL import Image, ImageChops, ImageDraw

SIDE = 28
LABELS = ("bag", "boot", "shirt", "trousers")
IN_TRAINING, IN_TEST = 60, 20
"""Of each label."""

Points = list[tuple[float, float]]


def garments() -> Iterator[tuple[str, bytes]]:
    """Names and contents of all files: a folder for each label, as torchvision's `ImageFolder` reads them, and a table of all."""
    rows = ["file,label,split"]
    for label in LABELS:
        for number in range(IN_TRAINING + IN_TEST):
            split = "train" if number < IN_TRAINING else "test"
            name = f"{split}/{label}/{number:03}.png"
            rows.append(f"{name},{label},{split}")
            yield name, _picture(label, random.Random(f"{label} {number}"))  # noqa: S311 - a picture, and no secret
    yield "labels.csv", ("\n".join(rows) + "\n").encode()


def _picture(label: str, chance: random.Random) -> bytes:
    picture = Image.new("L", (SIDE, SIDE))
    shade = chance.randint(130, 240)
    wide, high = chance.uniform(0.8, 1.1), chance.uniform(0.85, 1.1)
    aside, down = chance.uniform(-2, 2), chance.uniform(-1.5, 1.5)
    pen = ImageDraw.Draw(picture)
    for shape in _SHAPES[label]():
        pen.polygon(
            [(14 + aside + (x - 14) * wide, 14 + down + (y - 14) * high) for x, y in shape],
            fill=shade,
            outline=shade - 60,
        )
    grain = Image.frombytes("L", (SIDE, SIDE), chance.randbytes(SIDE * SIDE)).point(
        [level % 25 for level in range(256)]
    )
    picture = ImageChops.add(picture, grain, offset=-12)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def _bag() -> list[Points]:
    return [
        [(4, 12), (24, 12), (25, 24), (3, 24)],
        [(9, 12), (10, 6), (18, 6), (19, 12), (17, 12), (16, 8), (12, 8), (11, 12)],
    ]


def _boot() -> list[Points]:
    return [[(8, 4), (16, 4), (16, 17), (24, 20), (24, 24), (7, 24)]]


def _shirt() -> list[Points]:
    return [[(9, 5), (19, 5), (26, 10), (23, 14), (20, 12), (20, 24), (8, 24), (8, 12), (5, 14), (2, 10)]]


def _trousers() -> list[Points]:
    return [[(8, 3), (20, 3), (21, 25), (16, 25), (14, 10), (12, 25), (7, 25)]]


_SHAPES: dict[str, Callable[[], list[Points]]] = {"bag": _bag, "boot": _boot, "shirt": _shirt, "trousers": _trousers}
