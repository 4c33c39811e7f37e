"""Pictures decoded and painted with half blocks, by Pillow. Slow by nature: called in a thread, never while the screen waits."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterator
from itertools import groupby

from PIL import Image, ImageFilter, UnidentifiedImageError
from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tutor.ui.figures.picture import MOST_PIXELS

FORMATS = ("PNG", "JPEG")
SAMPLE = 48
"""Pixels across and down that are looked at to know a drawing."""
PLAIN_SHARE = 0.35
"""Of them that have the colour of the corner in a drawing."""
MOST_BOLD = 4
PAPER = (255, 255, 255)
"""Under what is transparent: figures are made for paper, with dark letters."""


class Undrawable(Exception):
    """The data is no picture that can be shown; nobody reads the text of this error, the learner is told in words."""


def decoded(value: str) -> Image.Image:
    """The picture, opaque. Args: `value`: base64.

    Raises:
        Undrawable: it is broken, of another kind, or would fill the memory.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns of a large picture before it refuses a huge one; the limit here is lower than both.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(base64.b64decode(value)), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Undrawable(f"{picture.width} x {picture.height} pixels")
                return _opaque(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        # All that Pillow raises at data that is damaged, and base64 at what it is not.
        raise Undrawable(str(error)) from error


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    layers = picture.convert("RGBA")
    paper = Image.new("RGB", layers.size, PAPER)
    paper.paste(layers, mask=layers.getchannel("A"))
    return paper


def scaled(picture: Image.Image, width: int, height: int) -> Image.Image:
    """The picture in that many pixels."""
    return picture.resize((max(width, 1), max(height, 1)), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _bold(picture: Image.Image, columns: int) -> Image.Image:
    """A drawing on plain ground with its lines as thick as they must be to survive; a photograph as it is."""
    shrinks = picture.width // (2 * columns)
    sample = picture.resize((SAMPLE, SAMPLE), Image.Resampling.NEAREST).tobytes()
    pixels = [sample[at : at + 3] for at in range(0, len(sample), 3)]
    ground = pixels[0]
    if shrinks < 2 or pixels.count(ground) < PLAIN_SHARE * len(pixels):
        return picture
    thickness = 2 * min(shrinks // 2, MOST_BOLD) + 1
    is_light = sum(ground) > 3 * 127
    return picture.filter(ImageFilter.MinFilter(thickness) if is_light else ImageFilter.MaxFilter(thickness))


def half_blocks(picture: Image.Image, columns: int, lines: int) -> list[Strip]:
    """Lines of cells, each with a pixel above and one below."""
    pixels = scaled(_bold(picture, columns), columns, 2 * lines).tobytes()
    stride = 3 * columns
    rows = [pixels[start : start + stride] for start in range(0, len(pixels), stride)]
    return [Strip(list(_segments(above, below)), columns) for above, below in zip(rows[::2], rows[1::2], strict=True)]


def _segments(above: bytes, below: bytes) -> Iterator[Segment]:
    pairs = ((above[at : at + 3], below[at : at + 3]) for at in range(0, len(above), 3))
    for (upper, lower), same in groupby(pairs):
        style = Style(color=_rgb(upper), bgcolor=_rgb(lower))
        yield Segment("▀" * len(list(same)), style)


def _rgb(pixel: bytes) -> str:
    return f"rgb({pixel[0]},{pixel[1]},{pixel[2]})"


def said(message: str, columns: int) -> list[Strip]:
    """A line of text in place of a picture."""
    return [Strip([Segment(set_cell_size(message, columns))], columns)]
